using Akka.Zab.History;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// What a learner receives between ACKEPOCH and NEWLEADER. It is put together in memory and takes effect as a whole,
/// so a link that breaks in the middle leaves no trace of it in the learner's history.
/// </summary>
/// <param name="log">The learner's own history.</param>
/// <param name="committed">What the learner knows to be committed.</param>
/// <param name="partial">What is left of a tree that an earlier link brought.</param>
internal sealed class IncomingSync(TxnLog log, long committed, PartialSnapshot partial)
{
    private readonly List<TxnBatch> batches = [];
    private byte[][] chunks = [];
    private long last;

    /// <summary>Whether it is known on what the batches follow.</summary>
    public bool HasBase { get; private set; }

    /// <summary>What the learner's own history is kept up to, without a snapshot.</summary>
    public long KeepUpTo { get; private set; }

    /// <summary>The tree that was sent, or null.</summary>
    public ZnodeTree? Tree { get; private set; }

    /// <summary>The batches so far.</summary>
    public TxnBatch[] Batches => [.. batches];

    public void Diff(long after)
    {
        Invariant.Holds(
            !HasBase && after == log.Last, "a DIFF goes on where the learner's history ends", after, log.Last);
        Begin(after);
    }

    public void Trunc(long to)
    {
        Invariant.Holds(!HasBase && log.EndsBatch(to), "history is cut where a batch ends", to, log.Last);
        Invariant.Holds(to >= committed, "what is committed is never cut off", to, committed);
        Begin(to);
    }

    public void Chunk(byte[] chunk, bool isLast)
    {
        Invariant.Holds(!HasBase, "a snapshot has one last chunk");
        partial.Add(chunk);
        if (!isLast)
            return;
        (Tree, chunks) = partial.Finish();
        Invariant.Holds(Tree.LastZxid >= committed, "a leader holds what is committed", Tree.LastZxid, committed);
        Begin(Tree.LastZxid);
    }

    public void Batch(TxnBatch batch)
    {
        Invariant.Holds(HasBase && Zxid.Follows(batch.FirstZxid, last), "history has no gap", batch.FirstZxid, last);
        batches.Add(batch);
        last = batch.LastZxid;
    }

    /// <summary>All of it, as what is to be made durable.</summary>
    public EstablishEpoch Finish(long number, int epoch, long lastZxid)
    {
        Invariant.Holds(HasBase && last == lastZxid, "a learner ends up with the leader's history", last, lastZxid);
        var snapshot = Tree is null ? null : new InstalledSnapshot(Tree.LastZxid, chunks);
        return new EstablishEpoch(number, epoch, snapshot, KeepUpTo, Batches);
    }

    private void Begin(long zxid)
    {
        HasBase = true;
        KeepUpTo = zxid;
        last = zxid;
    }
}
