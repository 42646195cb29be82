namespace Akka.Zab.Protocol;

/// <summary>How a learner's history is made the leader's.</summary>
internal enum SyncKind
{
    /// <summary>It is a part of it: only what it lacks is sent.</summary>
    Diff,

    /// <summary>It has batches that the leader's history lacks: they are cut off, then what it lacks is sent.</summary>
    Trunc,

    /// <summary>What it lacks is not in memory any more: the tree is sent, then what came after it.</summary>
    Snap,
}

/// <summary>The choice of DIFF, TRUNC or SNAP.</summary>
/// <param name="Kind">Which.</param>
/// <param name="After">The learner's history is kept up to here; 0 for a snapshot.</param>
internal readonly record struct SyncPlan(SyncKind Kind, long After)
{
    /// <summary>
    /// A learner whose last transaction is known holds everything that the leader holds up to the greatest batch not
    /// after it, and whatever it holds beyond that was never committed.
    /// </summary>
    /// <param name="learnerLast">The learner's last transaction.</param>
    /// <param name="log">The leader's history.</param>
    public static SyncPlan For(long learnerLast, TxnLog log)
    {
        var common = log.FloorOf(learnerLast);
        if (common < 0)
            return new SyncPlan(SyncKind.Snap, 0);
        return new SyncPlan(common == learnerLast ? SyncKind.Diff : SyncKind.Trunc, common);
    }
}
