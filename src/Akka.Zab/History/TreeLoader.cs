using Akka.Actor;
using Akka.Persistence;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// Reads the tree of a server that starts, while its journal is read. Which snapshot it is says the journal when all of it
/// is read (<see cref="Want"/>). Until then it reads the one that the snapshot store says is the newest; that is mostly
/// right, and where it is not, nothing is lost but the work.
/// </summary>
internal sealed class TreeLoader(IActorRef store, string persistenceId) : UntypedActor
{
    private SnapshotRef reading;
    private SnapshotRef? wanted;
    private IActorRef? reader;
    private object? outcome;

    public static Props Props(IActorRef store, string persistenceId) =>
        Actor.Props.Create(() => new TreeLoader(store, persistenceId));

    protected override void PreStart() =>
        store.Tell(new LoadSnapshot(SnapshotNames.Newest(persistenceId), SnapshotNames.Chunk(1), 1), Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult { Snapshot.Snapshot: SnapshotTaken newest } when wanted is null:
                Read(newest.Snapshot);
                break;
            case SnapshotLoader.Loaded loaded when loaded.Snapshot == reading:
                outcome = loaded;
                Tell();
                break;
            case SnapshotLoader.Failed failed when failed.Snapshot == reading:
                outcome = failed;
                Tell();
                break;
            case Want want:
                wanted = want.Snapshot;
                if (reading != wanted)
                    Read(want.Snapshot);
                Tell();
                break;
        }
    }

    private void Read(SnapshotRef snapshot)
    {
        if (reader is not null)
            Context.Stop(reader);
        outcome = null;
        reading = snapshot;
        reader = Context.ActorOf(SnapshotLoader.Props(store, persistenceId, snapshot));
    }

    private void Tell()
    {
        if (outcome is null || reading != wanted)
            return;
        Context.Parent.Tell(outcome);
        Context.Stop(Self);
    }

    /// <summary>From the parent: the snapshot that the journal goes on from. Answered as by <see cref="SnapshotLoader"/>.</summary>
    internal sealed record Want(SnapshotRef Snapshot);
}
