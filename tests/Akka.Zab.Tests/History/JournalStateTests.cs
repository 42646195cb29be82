using Akka.Zab.History;
using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.History;

public class JournalStateTests
{
    private readonly JournalState state = new();
    private long row;

    [Fact]
    public void Rows_add_up_to_epochs_and_batches()
    {
        Read(new EpochAccepted(1), new EpochEstablished(1), Appended(1, 1, 3), Appended(1, 4, 4, committed: 3));
        state.Check();

        Assert.Equal((1, 1), (state.AcceptedEpoch, state.CurrentEpoch));
        Assert.Equal(Zxid.Of(1, 4), state.LastZxid);
        Assert.Equal(Zxid.Of(1, 3), state.Committed);
        Assert.Equal(4, state.Txns);
        Assert.Equal(2, state.TakeBatches().Length);
    }

    [Fact]
    public void A_truncation_undoes_the_batches_after_it()
    {
        Read(new EpochAccepted(2), new EpochEstablished(1), Appended(1, 1, 3), Appended(1, 4, 5));
        Read(new HistoryTruncated(Zxid.Of(1, 3)), Appended(2, 1, 1), new EpochEstablished(2));
        state.Check();

        Assert.Equal([Zxid.Of(1, 3), Zxid.Of(2, 1)], state.TakeBatches().Select(b => b.LastZxid));
        Assert.Equal(4, state.Txns);
    }

    [Fact]
    public void Rows_before_a_snapshot_may_be_missing_but_for_the_batches_after_it()
    {
        // Rows 1 to 3 were deleted. The batch was appended while the snapshot was being written.
        row = 3;
        Read(Appended(5, 3, 9));
        Read(new SnapshotTaken(new SnapshotRef(2, Zxid.Of(5, 2), 1), 6, 5, [new SnapshotRef(1, 7, 1)]));
        state.Check();

        Assert.Equal((6, 5), (state.AcceptedEpoch, state.CurrentEpoch));
        Assert.Equal([Zxid.Of(5, 9)], state.TakeBatches().Select(b => b.LastZxid));
        Assert.Equal(Zxid.Of(5, 2), state.Committed);
        Assert.Equal(1, state.Earlier[0].Number);
    }

    [Fact]
    public void A_snapshot_takes_the_place_of_the_batches_in_it()
    {
        Read(new EpochAccepted(1), new EpochEstablished(1), Appended(1, 1, 3), Appended(1, 4, 4), Appended(1, 5, 5));

        Assert.Equal(0, state.Release());
        Read(new SnapshotTaken(new SnapshotRef(1, Zxid.Of(1, 4), 1), 1, 1, []));

        Assert.Equal(1, state.Txns);
        Assert.Equal(4, state.Release());
        Assert.Equal(0, state.Release());
        Assert.Equal(Zxid.Of(1, 5), Assert.Single(state.TakeBatches()).LastZxid);
    }

    [Fact]
    public void A_leaders_snapshot_takes_the_place_of_everything()
    {
        Read(new EpochAccepted(1), new EpochEstablished(1), Appended(1, 1, 3));
        Read(new EpochAccepted(4));
        Read(new HistoryReplaced(
            new SnapshotRef(1, Zxid.Of(3, 8), 2), 4, 1, []), Appended(3, 9, 9), new EpochEstablished(4));
        state.Check();

        Assert.Equal([Zxid.Of(3, 9)], state.TakeBatches().Select(b => b.LastZxid));
        Assert.Equal((4, 4), (state.AcceptedEpoch, state.CurrentEpoch));
    }

    [Fact]
    public void A_gap_is_found()
    {
        Read(new EpochAccepted(1), new EpochEstablished(1), Appended(1, 1, 3), Appended(1, 5, 5));

        Assert.Throws<InvariantViolatedException>(state.Check);
    }

    [Fact]
    public void History_ahead_of_its_epoch_is_found()
    {
        Read(new EpochAccepted(2), new EpochEstablished(1), Appended(2, 1, 3));

        Assert.Throws<InvariantViolatedException>(state.Check);
    }

    [Fact]
    public void An_epoch_that_was_never_accepted_is_found()
    {
        Read(new EpochAccepted(1), new EpochEstablished(2));

        Assert.Throws<InvariantViolatedException>(state.Check);
    }

    private void Read(params HistoryEvent[] rows)
    {
        foreach (var next in rows)
            state.Apply(next, ++row, keep: true);
    }

    private static BatchAppended Appended(int epoch, uint first, uint last, uint committed = 0)
    {
        var batch = Batch(epoch, first, last);
        return new BatchAppended(
            batch.FirstZxid, batch.LastZxid, batch.Bytes, committed == 0 ? 0 : Zxid.Of(epoch, committed));
    }
}
