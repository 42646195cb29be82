using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>Snapshots: taken when enough has happened since the last, or installed when a leader sends one.</summary>
internal sealed partial class HistoryActor
{
    private IActorRef SnapshotPlaces =>
        Persistence.Persistence.Instance.Apply(Context.System).SnapshotStoreFor(settings.SnapshotPluginId);

    private readonly List<SnapshotRef> abandoned = [];
    private TimeSpan noSnapshotBefore;

    private TimeSpan Now => settings.Time.GetElapsedTime(0);

    private void SnapshotIfDue()
    {
        if (treeAsked || snapshotter is not null || Now < noSnapshotBefore)
            return;
        var share = 1 - settings.SnapshotEarlier;
        if (state.Txns < settings.SnapshotAfterTxns * share && state.Bytes < settings.SnapshotAfterBytes * share)
            return;
        treeAsked = true;
        replica.Tell(new GetTree());
    }

    /// <summary>
    /// Writes the committed tree in the background. The rows of everything in it were given to the journal before the
    /// replica was told of them, so they are durable before the row that says that the snapshot is.
    /// </summary>
    private void Snapshot(ZnodeTree committed)
    {
        treeAsked = false;
        if (snapshotter is not null || committed.LastZxid <= state.Snapshot.Zxid)
            return;
        Write(committed.LastZxid, SnapshotCodec.Write(committed), gently: true);
    }

    /// <summary>
    /// A leader's snapshot is written first; everything else waits until it and the epoch are durable.
    /// </summary>
    private void Install(EstablishEpoch establish)
    {
        installing = establish;
        if (snapshotter is not null)
        {
            Context.Stop(snapshotter);
            abandoned.Add(writing);
        }

        Write(establish.Snapshot!.Zxid, establish.Snapshot.Chunks, gently: false);
    }

    private void Write(long zxid, IEnumerable<byte[]> chunks, bool gently)
    {
        writing = new SnapshotRef(++lastNumber, zxid, 0);
        snapshotter = Context.ActorOf(SnapshotWriter.Props(
            SnapshotPlaces, PersistenceId, writing, chunks, gently ? settings.Time : null));
    }

    private void OnWritten(SnapshotRef snapshot)
    {
        snapshotter = null;
        DeleteBehind([.. abandoned]);
        abandoned.Clear();
        SnapshotRef[] all = state.Snapshot.Number == 0 ? [] : [state.Snapshot, .. state.Earlier];
        var earlier = all.Length < settings.KeepSnapshots ? all : all[..(settings.KeepSnapshots - 1)];
        if (installing is { } establish)
        {
            installing = null;
            Establish(
                establish, new HistoryReplaced(snapshot, establish.Epoch, state.CurrentEpoch, earlier),
                all[earlier.Length..]);
            while (installing is null && waiting.TryDequeue(out var command))
                OnCommand(command);
            return;
        }

        PersistAsync(new SnapshotTaken(snapshot, state.AcceptedEpoch, state.CurrentEpoch, earlier), row =>
        {
            state.Apply(row, LastSequenceNr, keep: false);
            var newest = new SnapshotMetadata(
                SnapshotNames.Newest(PersistenceId), 1, Context.System.Scheduler.Now.UtcDateTime);
            SnapshotPlaces.Tell(new SaveSnapshot(newest, row));
            if (state.Release() is > 0 and var rows)
                DeleteMessages(rows);
            DeleteBehind(all[earlier.Length..]);
        });
    }

    /// <summary>The journal has everything still, so a snapshot of the own tree can wait for better times.</summary>
    private void OnNotWritten(string reason)
    {
        snapshotter = null;
        DeleteBehind([writing]);
        noSnapshotBefore = Now + settings.SnapshotRetry;
        if (installing is not null)
            Fail($"The leader's snapshot could not be written for '{PersistenceId}': {reason}");
        else
            log.Warning("History {0}: no snapshot was taken: {1}", PersistenceId, reason);
    }

    private void DeleteBehind(SnapshotRef[] dropped)
    {
        foreach (var snapshot in dropped)
            SnapshotPlaces.Tell(new DeleteSnapshots(SnapshotNames.For(PersistenceId, snapshot), SnapshotNames.All));
    }
}
