using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

public class TxnLogTests
{
    [Fact]
    public void Batches_follow_each_other_without_a_gap_within_an_epoch()
    {
        var log = Log(Batch(1, 1, 3), Batch(1, 4, 4), Batch(3, 1, 2));

        Assert.Equal(Zxid.Of(3, 2), log.Last);
        Assert.Throws<InvariantViolatedException>(() => log.Append(Batch(3, 4, 4)));
        Assert.Throws<InvariantViolatedException>(() => log.Append(Batch(3, 2, 3)));
        Assert.Throws<InvariantViolatedException>(() => log.Append(Batch(2, 3, 3)));
        Assert.Throws<InvariantViolatedException>(() => log.Append(Batch(4, 2, 2)));
    }

    [Fact]
    public void History_is_cut_only_where_a_batch_ends()
    {
        var log = Log(Batch(1, 1, 3), Batch(1, 4, 6), Batch(1, 7, 7));

        Assert.Throws<InvariantViolatedException>(() => log.TruncateTo(Zxid.Of(1, 5)));
        log.TruncateTo(Zxid.Of(1, 3));

        Assert.Equal(Zxid.Of(1, 3), log.Last);
        Assert.Equal(1, log.Count);
        log.TruncateTo(0);
        Assert.Equal(0, log.Last);
        Assert.Equal(0, log.Bytes);
    }

    [Fact]
    public void Between_gives_the_batches_after_one_end_up_to_another()
    {
        var log = Log(Batch(1, 1, 3), Batch(1, 4, 6), Batch(2, 1, 1));

        Assert.Equal(3, log.Between(0, log.Last).Length);
        Assert.Equal([Zxid.Of(1, 6)], log.Between(Zxid.Of(1, 3), Zxid.Of(1, 6)).Select(b => b.LastZxid));
        Assert.Empty(log.Between(log.Last, log.Last));
    }

    [Fact]
    public void Old_batches_are_dropped_only_when_committed_and_only_for_room()
    {
        var log = new TxnLog(keepBytes: 2 * BatchBytes);
        for (var i = 1u; i <= 5; i++)
            log.Append(Batch(1, i, i));

        log.Trim(Zxid.Of(1, 1));
        Assert.Equal(Zxid.Of(1, 1), log.Base);

        log.Trim(Zxid.Of(1, 5));
        Assert.Equal(Zxid.Of(1, 3), log.Base);
        Assert.Equal(2, log.Count);
        Assert.Equal(2 * BatchBytes, log.Bytes);
        Assert.Throws<InvariantViolatedException>(() => log.Between(Zxid.Of(1, 2), log.Last));
    }

    [Fact]
    public void What_somebody_needs_is_kept_within_bounds_of_its_own()
    {
        var log = new TxnLog(keepBytes: BatchBytes, keepBatches: 0, neededBytes: 4 * BatchBytes);
        for (var i = 1u; i <= 8; i++)
            log.Append(Batch(1, i, i));

        log.Trim(Zxid.Of(1, 8), needed: Zxid.Of(1, 5));
        Assert.Equal(Zxid.Of(1, 5), log.Base);

        log.Append(Batch(1, 9, 9));
        log.Append(Batch(1, 10, 10));
        log.Trim(Zxid.Of(1, 10), needed: Zxid.Of(1, 5));
        Assert.Equal(Zxid.Of(1, 6), log.Base);

        log.Trim(Zxid.Of(1, 10));
        Assert.Equal(Zxid.Of(1, 9), log.Base);
    }

    [Fact]
    public void A_long_life_leaves_no_more_behind_than_is_kept()
    {
        var log = new TxnLog(keepBytes: 10 * BatchBytes);
        for (var i = 1u; i <= 1000; i++)
        {
            log.Append(Batch(1, i, i));
            log.Trim(Zxid.Of(1, i));
            Assert.True(log.Count <= 11);
            Assert.Equal(Zxid.Of(1, i), log.Last);
            Assert.Equal(log.Last, log.FloorOf(log.Last + 5));
            Assert.Equal(log.Count, log.Between(log.Base, log.Last).Length);
        }
    }
}
