using Akka.Actor;
using Akka.Persistence;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// Reads one snapshot, a chunk at a time, and tells its parent the tree. While a chunk is taken in, the next is read.
/// </summary>
internal sealed class SnapshotLoader : UntypedActor
{
    private readonly IActorRef store;
    private readonly string name;
    private readonly SnapshotRef snapshot;
    private readonly SnapshotReader reader = new();
    private int added;

    public SnapshotLoader(IActorRef store, string persistenceId, SnapshotRef snapshot)
    {
        this.store = store;
        this.snapshot = snapshot;
        name = SnapshotNames.For(persistenceId, snapshot);
    }

    public static Props Props(IActorRef store, string persistenceId, SnapshotRef snapshot) =>
        Actor.Props.Create(() => new SnapshotLoader(store, persistenceId, snapshot));

    protected override void PreStart() => Ask(1);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult { Snapshot.Snapshot: SnapshotPart part }:
                Add(part);
                break;
            case LoadSnapshotResult:
                Fail("the row is missing");
                break;
            case LoadSnapshotFailed failed:
                Fail(failed.Cause.Message);
                break;
        }
    }

    private void Ask(int chunk) => store.Tell(new LoadSnapshot(name, SnapshotNames.Chunk(chunk), chunk), Self);

    private void Add(SnapshotPart part)
    {
        try
        {
            var last = added + 1 == snapshot.Chunks;
            if (!last)
                Ask(added + 2);
            reader.Add(part.Bytes.Span);
            added++;
            if (!last)
                return;

            var tree = reader.Finish();
            if (tree.LastZxid != snapshot.Zxid)
                throw new InvalidDataException($"it holds the tree of 0x{tree.LastZxid:x}, not of 0x{snapshot.Zxid:x}");
            Context.Parent.Tell(new Loaded(snapshot, tree));
            Context.Stop(Self);
        }
        catch (InvalidDataException damaged)
        {
            Fail(damaged.Message);
        }
    }

    private void Fail(string reason)
    {
        Context.Parent.Tell(new Failed(snapshot, $"Row {added + 1} of snapshot '{name}' cannot be read: {reason}"));
        Context.Stop(Self);
    }

    /// <summary>To the parent: the tree.</summary>
    internal sealed record Loaded(SnapshotRef Snapshot, ZnodeTree Tree);

    /// <summary>To the parent: it cannot be read.</summary>
    internal sealed record Failed(SnapshotRef Snapshot, string Reason);
}
