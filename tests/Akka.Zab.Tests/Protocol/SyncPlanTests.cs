using Akka.Zab.History;
using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>DIFF, TRUNC or SNAP: up to where histories agree, and what is less work.</summary>
public class SyncPlanTests
{
    private const long MiB = 1024 * 1024;
    private static readonly TxnLog Leader = Log(Batch(1, 1, 3), Batch(1, 4, 6), Batch(3, 1, 2), Batch(3, 3, 3));
    private static readonly long Learner = Zxid.Of(1, 5);

    [Fact]
    public void The_same_history_needs_nothing() =>
        Assert.Equal(new SyncPlan(SyncKind.Diff, Zxid.Of(3, 3)), Quick(Zxid.Of(3, 3), Leader));

    [Fact]
    public void A_part_of_the_history_needs_the_rest() =>
        Assert.Equal(new SyncPlan(SyncKind.Diff, Zxid.Of(1, 6)), Quick(Zxid.Of(1, 6), Leader));

    [Fact]
    public void An_empty_history_needs_all_of_it() =>
        Assert.Equal(new SyncPlan(SyncKind.Diff, 0), Quick(0, Leader));

    [Fact]
    public void More_of_the_last_epoch_than_the_leader_has_is_cut_off() =>
        Assert.Equal(new SyncPlan(SyncKind.Trunc, Zxid.Of(3, 3)), Quick(Zxid.Of(3, 9), Leader));

    [Fact]
    public void More_of_an_earlier_epoch_than_the_leader_has_is_cut_off() =>
        Assert.Equal(new SyncPlan(SyncKind.Trunc, Zxid.Of(1, 6)), Quick(Zxid.Of(1, 8), Leader));

    [Fact]
    public void An_epoch_that_the_leader_never_had_is_cut_off() =>
        Assert.Equal(new SyncPlan(SyncKind.Trunc, Zxid.Of(1, 6)), Quick(Zxid.Of(2, 4), Leader));

    [Fact]
    public void What_is_not_in_memory_any_more_is_not_decided_quickly()
    {
        var log = new TxnLog(long.MaxValue);
        log.Reset(Zxid.Of(1, 6));
        log.Append(Batch(3, 1, 2));

        Assert.Null(Quick(Zxid.Of(1, 5), log));
        Assert.Null(Quick(0, log));
        Assert.Equal(new SyncPlan(SyncKind.Diff, Zxid.Of(1, 6)), Quick(Zxid.Of(1, 6), log));
        Assert.Equal(new SyncPlan(SyncKind.Trunc, Zxid.Of(1, 6)), Quick(Zxid.Of(1, 7), log));
    }

    [Fact]
    public void Neither_is_much_history_in_memory() =>
        Assert.Null(SyncPlan.Quick(0, new HistoryExtent(0, 1, SyncPlan.SmallDiff + 1)));

    [Theory]
    // The learner lacks little of a large tree: the rest of history, also if something has to be cut off first.
    [InlineData(1000, 1 * MiB, 100 * MiB, SyncKind.Diff)]
    [InlineData(1000, 40 * MiB, 100 * MiB, SyncKind.Diff)]
    // Much was written on few znodes: the tree.
    [InlineData(1000, 40 * MiB, 1 * MiB, SyncKind.Snap)]
    [InlineData(1000, 60 * MiB, 100 * MiB, SyncKind.Snap)]
    // Many small batches cost more than their bytes.
    [InlineData(1_000_000, 40 * MiB, 100 * MiB, SyncKind.Snap)]
    // A small tree is not worth the trouble of replacing everything.
    [InlineData(10, 10_000, 2000, SyncKind.Diff)]
    internal void What_is_less_work_is_sent(long batches, long historyBytes, long treeBytes, SyncKind expected)
    {
        var history = new HistoryExtent(Learner, batches, historyBytes);
        var tree = new SnapshotExtent(Zxid.Of(9, 9), treeBytes);

        Assert.Equal(
            new SyncPlan(expected, expected == SyncKind.Snap ? 0 : Learner), SyncPlan.Choose(Learner, history, tree));
    }

    [Fact]
    public void A_history_that_does_not_go_back_so_far_leaves_only_the_tree() =>
        Assert.Equal(
            new SyncPlan(SyncKind.Snap, 0),
            SyncPlan.Choose(Learner, HistoryExtent.None, new SnapshotExtent(Zxid.Of(9, 9), 1000 * MiB)));

    [Fact]
    public void A_tree_that_lacks_what_the_learner_may_know_to_be_committed_is_never_sent() =>
        Assert.Equal(
            new SyncPlan(SyncKind.Diff, Learner),
            SyncPlan.Choose(Learner, new HistoryExtent(Learner, 1, 1000 * MiB), new SnapshotExtent(Learner, 0)));

    [Fact]
    public void Chunks_that_the_learner_holds_already_cost_nothing()
    {
        var tree = Akka.Zab.Tree.ZnodeTree.Empty;

        Assert.True(SnapshotExtent.Of(tree, 0).Bytes > 0);
        Assert.Equal(0, SnapshotExtent.Of(tree, 3).Bytes);
    }

    private static SyncPlan? Quick(long last, TxnLog log) => SyncPlan.Quick(last, log.After(last));
}
