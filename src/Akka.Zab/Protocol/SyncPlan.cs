using Akka.Zab.History;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>How a learner's history is made the leader's.</summary>
internal enum SyncKind
{
    /// <summary>It is a part of it: only what it lacks is sent.</summary>
    Diff,

    /// <summary>It has batches that the leader's history lacks: they are cut off, then what it lacks is sent.</summary>
    Trunc,

    /// <summary>The tree is sent, then what came after it.</summary>
    Snap,
}

/// <summary>What sending the tree would take.</summary>
/// <param name="Zxid">The last transaction in it.</param>
/// <param name="Bytes">About how many bytes it has as a snapshot, without those that the learner holds already.</param>
internal readonly record struct SnapshotExtent(long Zxid, long Bytes)
{
    // A znode's head with its name and what the snapshot's framing adds.
    private const int BytesOfZnode = 56;
    private const int BytesOfSession = 32;

    public static SnapshotExtent Of(ZnodeTree tree, int chunksHeld) => new(
        tree.LastZxid,
        Math.Max(0, tree.DataBytes + (tree.Count * BytesOfZnode) + ((long)tree.SessionCount * BytesOfSession)
            - ((long)chunksHeld * SnapshotCodec.MaxChunkBytes)));
}

/// <summary>The choice of DIFF, TRUNC or SNAP.</summary>
/// <param name="Kind">Which.</param>
/// <param name="After">The learner's history is kept up to here; 0 for a snapshot.</param>
internal readonly record struct SyncPlan(SyncKind Kind, long After)
{
    /// <summary>As many bytes of history from memory are sent without looking at anything else.</summary>
    internal const long SmallDiff = 4 * 1024 * 1024;

    // A learner journals and applies each transaction of a DIFF; it stores a tree as it is and puts it together once.
    private const int WeightOfHistory = 2;

    // What a batch costs beside its bytes: a message, a row.
    private const int BytesOfBatch = 512;

    // What a snapshot costs beside its bytes: both stores are cleared of what was there before.
    private const int BytesOfSnapshot = 256 * 1024;

    /// <summary>
    /// The choice without looking at the journal or the tree, if memory has what the learner lacks and that is little.
    /// </summary>
    public static SyncPlan? Quick(long learnerLast, in HistoryExtent memory) =>
        memory.Exists && memory.Bytes <= SmallDiff ? Along(learnerLast, memory) : null;

    /// <summary>
    /// A learner whose last transaction is known holds everything that the leader holds up to the greatest batch not
    /// after it, and whatever it holds beyond that was never committed. If the history goes back so far, what is less
    /// work is sent: the rest of it, or the tree.
    /// </summary>
    /// <param name="learnerLast">The learner's last transaction.</param>
    /// <param name="history">What memory and journal have for it.</param>
    /// <param name="snapshot">What sending the tree would take.</param>
    public static SyncPlan Choose(long learnerLast, in HistoryExtent history, in SnapshotExtent snapshot)
    {
        if (!history.Exists)
            return new SyncPlan(SyncKind.Snap, 0);
        // What the learner knows to be committed is never cut off, and may be more than the tree has.
        return snapshot.Zxid > history.Floor && CostOf(snapshot) < CostOf(history)
            ? new SyncPlan(SyncKind.Snap, 0)
            : Along(learnerLast, history);
    }

    private static SyncPlan Along(long learnerLast, in HistoryExtent history) =>
        new(history.Floor == learnerLast ? SyncKind.Diff : SyncKind.Trunc, history.Floor);

    private static long CostOf(in HistoryExtent history) =>
        (WeightOfHistory * history.Bytes) + (BytesOfBatch * history.Rows);

    private static long CostOf(in SnapshotExtent snapshot) => BytesOfSnapshot + snapshot.Bytes;
}
