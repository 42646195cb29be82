using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// The one persistent actor of a server: epochs, batches and truncations in one journal, so that the order in which
/// things become durable is one order. It acknowledges what the journal holds and nothing else. Snapshots are written
/// in the background, to a store of their own.
/// </summary>
internal sealed partial class HistoryActor : UntypedPersistentActor
{
    private readonly HistorySettings settings;
    private readonly IActorRef replica;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly JournalState state;
    private readonly Queue<HistoryCommand> waiting = new();
    private IActorRef peer = ActorRefs.Nobody;
    private ZnodeTree? tree;
    private IActorRef loader = ActorRefs.Nobody;
    private IActorRef? snapshotter;
    private EstablishEpoch? installing;
    private SnapshotRef writing;
    private bool treeAsked;
    private int lastNumber;

    // The end of history once everything that was given to the journal is written.
    private long lastIssued;

    public HistoryActor(HistorySettings settings, IActorRef replica)
    {
        this.settings = settings;
        this.replica = replica;
        state = new JournalState(settings.KeepJournalBytes);
        JournalPluginId = settings.JournalPluginId;
        SnapshotPluginId = settings.SnapshotPluginId;
    }

    /// <param name="settings">What can be set.</param>
    /// <param name="replica">Asked for the tree when a snapshot is due.</param>
    public static Props Props(HistorySettings settings, IActorRef replica) =>
        Actor.Props.Create(() => new HistoryActor(settings, replica));

    public override string PersistenceId => settings.PersistenceId;

    // Snapshots are kept in chunks under names of their own; the base class is to look for none.
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void PreStart() =>
        loader = Context.ActorOf(TreeLoader.Props(SnapshotPlaces, PersistenceId));

    protected override void OnRecover(object message)
    {
        if (message is HistoryEvent row)
        {
            state.Apply(row, LastSequenceNr, keep: true);
        }
        else if (message is RecoveryCompleted)
        {
            EndRecovery();
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case AppendBatch or AcceptEpoch or EstablishEpoch when installing is not null:
                waiting.Enqueue((HistoryCommand)message);
                break;
            case AppendBatch append:
                lastIssued = append.Batch.LastZxid;
                PersistAsync(
                    new BatchAppended(
                        append.Batch.FirstZxid, append.Batch.LastZxid, append.Batch.Bytes, append.Committed),
                    row => Done(row, append.Number));
                break;
            case AcceptEpoch accept:
                PersistAsync(new EpochAccepted(accept.Epoch), row => Done(row, accept.Number));
                break;
            case EstablishEpoch { Snapshot: null } establish:
                Establish(establish, establish.KeepUpTo < lastIssued ? new HistoryTruncated(establish.KeepUpTo) : null);
                break;
            case EstablishEpoch establish:
                Install(establish);
                break;
            case TreeSnapshot snapshot:
                Snapshot(snapshot.Tree);
                break;
            case SnapshotWriter.Written written when written.Snapshot.Number == writing.Number:
                OnWritten(written.Snapshot);
                break;
            case SnapshotWriter.Failed failed when failed.Number == writing.Number:
                OnNotWritten(failed.Reason);
                break;
            case SnapshotLoader.Loaded loaded:
                tree = loaded.Tree;
                Open();
                break;
            case SnapshotLoader.Failed failed:
                Fail(failed.Reason);
                break;
            case OpenHistory:
                peer = Sender;
                Open();
                break;
            case FindInJournal find:
                Sender.Tell(new FoundInJournal(find.Link, state.Index.After(find.Zxid)));
                break;
            case ReadJournal read:
                Read(read);
                break;
            case GetHistoryStatus:
                var count = state.Snapshot.Number == 0 ? 0 : 1 + state.Earlier.Length;
                Sender.Tell(new HistoryStatus(LastSequenceNr, state.Snapshot.Zxid, count, state.Txns, state.Bytes));
                break;
            case DeleteMessagesFailure failure:
                log.Warning(
                    "History {0}: rows before the snapshot were not deleted: {1}", PersistenceId, failure.Cause.Message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Report($"The journal of '{PersistenceId}' could not be written at row {sequenceNr}: {cause.Message}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Fail($"The journal of '{PersistenceId}' refused row {sequenceNr}: {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Report(
            $"The journal of '{PersistenceId}' cannot be read after row {LastSequenceNr}: {Innermost(reason).Message}");

    private void EndRecovery()
    {
        try
        {
            state.Check();
        }
        catch (InvariantViolatedException violated)
        {
            Fail($"The journal of '{PersistenceId}' makes no sense. {violated.Message}");
            return;
        }

        lastIssued = state.LastZxid;
        lastNumber = state.Snapshot.Number;
        if (state.Snapshot.Number == 0)
        {
            tree = ZnodeTree.Empty;
            Context.Stop(loader);
        }
        else
        {
            loader.Tell(new TreeLoader.Want(state.Snapshot));
        }
    }

    private void Open()
    {
        if (tree is null || peer.IsNobody())
            return;
        peer.Tell(new Recovered(state.AcceptedEpoch, state.CurrentEpoch, tree, state.TakeBatches(), state.Committed));
        tree = null;
    }

    private void Read(ReadJournal read)
    {
        if (state.Index.Slice(read.After, read.MaxBytes) is not { } rows)
        {
            Sender.Tell(new JournalPart(
                read.Link, [], $"the journal does not go back to {Zxid.Text(read.After)} any more"));
        }
        else if (rows.Length == 0)
        {
            Sender.Tell(new JournalPart(read.Link, []));
        }
        else
        {
            Context.ActorOf(JournalReader.Props(Journal, PersistenceId, rows, read.Link, Sender));
        }
    }

    private void Establish(EstablishEpoch establish, HistoryEvent? before, params SnapshotRef[] dropped)
    {
        var rows = new List<HistoryEvent>(establish.Batches.Length + 2);
        if (before is not null)
            rows.Add(before);
        foreach (var batch in establish.Batches)
            rows.Add(new BatchAppended(batch.FirstZxid, batch.LastZxid, batch.Bytes, 0));
        rows.Add(new EpochEstablished(establish.Epoch));

        // One atomic write: either all of it is in the journal or none.
        var replaced = 0L;
        PersistAllAsync(rows, row =>
        {
            if (row is HistoryReplaced)
                replaced = LastSequenceNr;
            if (row is not EpochEstablished)
            {
                state.Apply(row, LastSequenceNr, keep: false);
                return;
            }

            Done(row, establish.Number);
            if (replaced > 0)
                SnapshotPlaces.Tell(new DeleteSnapshots(SnapshotNames.Newest(PersistenceId), SnapshotNames.All));
            if (replaced > 1)
                DeleteMessages(replaced - 1);
            DeleteBehind(dropped);
        });
        lastIssued = establish.Batches.Length > 0 ? establish.Batches[^1].LastZxid : establish.KeepUpTo;
    }

    private void Done(HistoryEvent row, long number)
    {
        state.Apply(row, LastSequenceNr, keep: false);
        peer.Tell(new Durable(number));
        SnapshotIfDue();
    }

    private void Report(string reason)
    {
        log.Error("{0}", reason);
        Context.Parent.Tell(new HistoryFailed(reason));
    }

    private void Fail(string reason)
    {
        Report(reason);
        Context.Stop(Self);
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
