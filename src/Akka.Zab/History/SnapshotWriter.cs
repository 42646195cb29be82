using Akka.Actor;
using Akka.Persistence;

namespace Akka.Zab.History;

/// <summary>
/// Where the chunks of a snapshot are in the snapshot store: each snapshot has a name, each chunk a sequence number.
/// </summary>
internal static class SnapshotNames
{
    public static SnapshotSelectionCriteria All { get; } = SnapshotSelectionCriteria.Latest;

    public static string For(string persistenceId, SnapshotRef snapshot) =>
        $"{persistenceId}-snapshot-{snapshot.Number}";

    public static SnapshotSelectionCriteria Chunk(int number) =>
        new(number, DateTime.MaxValue, number, DateTime.MinValue);
}

/// <summary>Writes one snapshot, a chunk at a time, and tells its parent when all of it is durable.</summary>
internal sealed class SnapshotWriter : UntypedActor
{
    private readonly IActorRef store;
    private readonly string name;
    private readonly SnapshotRef snapshot;
    private readonly IEnumerator<byte[]> chunks;
    private int written;

    public SnapshotWriter(IActorRef store, string persistenceId, SnapshotRef snapshot, IEnumerable<byte[]> chunks)
    {
        this.store = store;
        this.snapshot = snapshot;
        this.chunks = chunks.GetEnumerator();
        name = SnapshotNames.For(persistenceId, snapshot);
    }

    public static Props Props(
        IActorRef store, string persistenceId, SnapshotRef snapshot, IEnumerable<byte[]> chunks) =>
        Actor.Props.Create(() => new SnapshotWriter(store, persistenceId, snapshot, chunks));

    // What a server left behind that stopped while it wrote a snapshot of this number goes first.
    protected override void PreStart() => store.Tell(new DeleteSnapshots(name, SnapshotNames.All), Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeleteSnapshotsSuccess:
                WriteNext();
                break;
            case SaveSnapshotSuccess:
                written++;
                WriteNext();
                break;
            case SaveSnapshotFailure failure:
                Fail(failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Fail(failure.Cause);
                break;
        }
    }

    protected override void PostStop() => chunks.Dispose();

    private void WriteNext()
    {
        if (chunks.MoveNext())
        {
            var metadata = new SnapshotMetadata(name, written + 1, Context.System.Scheduler.Now.UtcDateTime);
            store.Tell(new SaveSnapshot(metadata, new SnapshotPart(chunks.Current)), Self);
            return;
        }

        Context.Parent.Tell(new Written(snapshot with { Chunks = written }));
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        Context.Parent.Tell(new Failed(snapshot.Number, cause.Message));
        Context.Stop(Self);
    }

    /// <summary>To the parent: every chunk is durable.</summary>
    internal sealed record Written(SnapshotRef Snapshot);

    /// <summary>To the parent: the snapshot could not be written.</summary>
    internal sealed record Failed(int Number, string Reason);
}
