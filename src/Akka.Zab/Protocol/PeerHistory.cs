using Akka.Actor;
using Akka.Zab.History;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// A server's history as its peer knows it: what was given to the journal, how much of that is durable, and how much
/// of it is committed and so with the replica. Votes and choices go by what was given; nothing is acknowledged before
/// it is durable.
/// </summary>
internal sealed class PeerHistory(
    IActorRef journal, IActorRef replica, Membership membership, PeerSettings settings)
{
    // The leader's own transactions as they were before they were encoded, until they are committed: its replica need
    // not decode them, and its tree and the leader's head hold the same data once.
    private readonly Queue<(long LastZxid, LoggedTxn[] Txns)> made = [];

    /// <summary>The latest epoch that this server has promised itself to.</summary>
    public int AcceptedEpoch { get; private set; }

    /// <summary>The epoch whose history it holds.</summary>
    public int CurrentEpoch { get; private set; }

    /// <summary>The recent batches.</summary>
    public TxnLog Log { get; } =
        new(settings.HistoryInMemory, 2 * settings.MaxOutstandingBatches, settings.MaxBehind);

    /// <summary>Everything up to here is committed, and the replica has been told.</summary>
    public long Committed { get; private set; }

    /// <summary>The number of the last command.</summary>
    public long Issued { get; private set; }

    /// <summary>The number of the last command that is durable.</summary>
    public long Durable { get; private set; }

    public long LastZxid => Log.Last;

    /// <summary>Begins with what the journal holds.</summary>
    public void Recover(Recovered recovered)
    {
        AcceptedEpoch = recovered.AcceptedEpoch;
        CurrentEpoch = recovered.CurrentEpoch;
        Log.Reset(recovered.Tree.LastZxid);
        membership.Reset(recovered.Tree);
        foreach (var batch in recovered.Batches)
            Add(batch);
        CheckEpochs();
        replica.Tell(new ResetReplica(recovered.Tree), ActorRefs.NoSender);
        Committed = recovered.Tree.LastZxid;
        Commit(recovered.Committed);
        Trim();
    }

    /// <summary>Promises this server to an epoch. Returns the number of the command.</summary>
    public long Accept(int epoch)
    {
        Invariant.Holds(epoch > AcceptedEpoch, "a promise is only for a later epoch", epoch, AcceptedEpoch);
        AcceptedEpoch = epoch;
        return Tell(new AcceptEpoch(++Issued, epoch));
    }

    /// <summary>Adds a batch. Returns the number of the command.</summary>
    public long Append(TxnBatch batch)
    {
        Add(batch);
        CheckEpochs();
        return Tell(new AppendBatch(++Issued, batch, Committed));
    }

    /// <summary>Adds a batch that this server has made. Returns the number of the command.</summary>
    public long Append(TxnBatch batch, LoggedTxn[] txns)
    {
        made.Enqueue((batch.LastZxid, txns));
        return Append(batch);
    }

    /// <summary>
    /// The leader's own: its history is the one with which the epoch begins. Returns the number of the command.
    /// </summary>
    public long Establish(int epoch)
    {
        Enter(epoch);
        return Tell(new EstablishEpoch(++Issued, epoch, null, LastZxid, []));
    }

    /// <summary>A learner's: the leader's history becomes its own. Returns the number of the command.</summary>
    public long Establish(int epoch, IncomingSync sync, long lastZxid)
    {
        var command = sync.Finish(++Issued, epoch, lastZxid);
        if (sync.Tree is { } tree)
        {
            Log.Reset(tree.LastZxid);
            membership.Reset(tree);
            Committed = tree.LastZxid;
            replica.Tell(new ResetReplica(tree), ActorRefs.NoSender);
        }
        else
        {
            Log.TruncateTo(command.KeepUpTo);
            membership.TruncateTo(command.KeepUpTo);
        }

        foreach (var batch in command.Batches)
            Add(batch);
        Enter(epoch);
        return Tell(command);
    }

    /// <summary>The journal has got so far.</summary>
    public void Advance(Durable durable)
    {
        Invariant.Holds(durable.Number <= Issued, "the journal does not run ahead", durable.Number, Issued);
        Durable = Math.Max(Durable, durable.Number);
    }

    /// <summary>
    /// Everything up to <paramref name="zxid"/> is committed; the replica is told what is new in that.
    /// </summary>
    /// <param name="zxid">The end of a batch that is in the history.</param>
    public void Commit(long zxid)
    {
        if (zxid <= Committed)
            return;
        Invariant.Holds(
            zxid <= LastZxid && Log.EndsBatch(zxid), "only what is in the history is committed", zxid, LastZxid);
        var batches = Log.Between(Committed, zxid);
        replica.Tell(new CommitBatches(batches) { Made = TakeMade(batches) }, ActorRefs.NoSender);
        Committed = zxid;
        membership.Commit(zxid);
    }

    private LoggedTxn[]?[]? TakeMade(TxnBatch[] batches)
    {
        if (made.Count == 0)
            return null;
        var taken = new LoggedTxn[]?[batches.Length];
        for (var i = 0; i < batches.Length; i++)
        {
            if (made.TryPeek(out var next) && next.LastZxid == batches[i].LastZxid)
                taken[i] = made.Dequeue().Txns;
        }

        return taken;
    }

    private void Add(TxnBatch batch)
    {
        Log.Append(batch);
        membership.Append(batch);
    }

    /// <summary>Lets go of what is committed and need not be kept in memory.</summary>
    /// <param name="needed">What comes after it is needed by a learner.</param>
    public void Trim(long needed = long.MaxValue) => Log.Trim(Committed, needed);

    private void Enter(int epoch)
    {
        Invariant.Holds(epoch == AcceptedEpoch, "only the epoch that was accepted begins", epoch, AcceptedEpoch);
        CurrentEpoch = epoch;
        made.Clear();
        CheckEpochs();
    }

    private void CheckEpochs()
    {
        Invariant.Holds(
            Zxid.Epoch(LastZxid) <= CurrentEpoch, "history is not ahead of its epoch", LastZxid, CurrentEpoch);
        Invariant.Holds(
            CurrentEpoch <= AcceptedEpoch, "no epoch begins that was not accepted", CurrentEpoch, AcceptedEpoch);
    }

    private long Tell(HistoryCommand command)
    {
        journal.Tell(command, ActorRefs.NoSender);
        return command.Number;
    }
}
