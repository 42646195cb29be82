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

    /// <summary>Its only row is the last <see cref="SnapshotTaken"/>: a hint to which snapshot the journal will name.</summary>
    public static string Newest(string persistenceId) => $"{persistenceId}-snapshot-newest";

    public static SnapshotSelectionCriteria Chunk(int number) =>
        new(number, DateTime.MaxValue, number, DateTime.MinValue);
}

/// <summary>
/// Writes one snapshot, a chunk at a time, and tells its parent when all of it is durable. In the background it rests
/// after each chunk for as long as that took, so that half of the disk and of a core is always left to the journal.
/// </summary>
internal sealed class SnapshotWriter : UntypedActor, IWithTimers
{
    private readonly IActorRef store;
    private readonly string name;
    private readonly SnapshotRef snapshot;
    private readonly IEnumerator<byte[]> chunks;
    private readonly TimeProvider? restsBy;
    private long began;
    private int written;

    public SnapshotWriter(
        IActorRef store, string persistenceId, SnapshotRef snapshot, IEnumerable<byte[]> chunks,
        TimeProvider? restsBy)
    {
        this.restsBy = restsBy;
        this.store = store;
        this.snapshot = snapshot;
        this.chunks = chunks.GetEnumerator();
        name = SnapshotNames.For(persistenceId, snapshot);
    }

    /// <param name="store">The snapshot store.</param>
    /// <param name="persistenceId">The journal's name.</param>
    /// <param name="snapshot">Its number and zxid.</param>
    /// <param name="chunks">Made one at a time, here.</param>
    /// <param name="restsBy">Measures how long to rest; null if someone waits for the snapshot.</param>
    public static Props Props(
        IActorRef store, string persistenceId, SnapshotRef snapshot, IEnumerable<byte[]> chunks,
        TimeProvider? restsBy) =>
        Actor.Props.Create(() => new SnapshotWriter(store, persistenceId, snapshot, chunks, restsBy));

    public ITimerScheduler Timers { get; set; } = null!;

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
                Rest();
                break;
            case Rested:
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

    private void Rest()
    {
        if (restsBy?.GetElapsedTime(began) is { } time && time > TimeSpan.Zero)
            Timers.StartSingleTimer(Rested.Instance, Rested.Instance, time);
        else
            WriteNext();
    }

    private void WriteNext()
    {
        began = restsBy?.GetTimestamp() ?? 0;
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

    /// <summary>To itself: the next chunk.</summary>
    private sealed record Rested
    {
        public static Rested Instance { get; } = new();
    }

    /// <summary>To the parent: every chunk is durable.</summary>
    internal sealed record Written(SnapshotRef Snapshot);

    /// <summary>To the parent: the snapshot could not be written.</summary>
    internal sealed record Failed(int Number, string Reason);
}
