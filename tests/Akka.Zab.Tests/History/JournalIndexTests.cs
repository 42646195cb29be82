using Akka.Zab.History;
using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.History;

/// <summary>What the journal has for learners, and what of it stays when a snapshot has it too.</summary>
public class JournalIndexTests
{
    private readonly JournalIndex index = new();
    private long row;

    [Fact]
    public void A_journal_from_the_beginning_has_everything_for_everyone()
    {
        index.Check(0);
        Append(1, 1, 3);
        Append(1, 4, 4);
        Append(2, 1, 1);

        Assert.Equal(new HistoryExtent(0, 3, Bytes(0, 3)), index.After(0));
        Assert.Equal(new HistoryExtent(Zxid.Of(1, 4), 1, Bytes(2, 3)), index.After(Zxid.Of(1, 4)));
        Assert.Equal(new HistoryExtent(Zxid.Of(2, 1), 0, 0), index.After(Zxid.Of(2, 1)));
    }

    [Fact]
    public void A_learner_that_has_what_the_journal_lacks_agrees_with_it_up_to_the_batch_before()
    {
        index.Check(0);
        Append(1, 1, 3);
        Append(1, 4, 6);
        Append(3, 1, 1);

        Assert.Equal(Zxid.Of(1, 6), index.After(Zxid.Of(2, 9)).Floor);
        Assert.Equal(Zxid.Of(1, 3), index.After(Zxid.Of(1, 5)).Floor);
        Assert.Equal(0, index.After(Zxid.Of(1, 1)).Floor);
        Assert.Equal(Zxid.Of(3, 1), index.After(Zxid.Of(3, 4)).Floor);
    }

    [Fact]
    public void What_a_snapshot_has_stays_as_far_as_there_is_room_for_it()
    {
        index.Check(0);
        for (var i = 1u; i <= 6; i++)
            Append(1, i, i);
        index.Cover(Zxid.Of(1, 5));

        Assert.Equal(3, index.Release(2 * (BatchBytes + JournalIndex.RowBytes)));

        Assert.Equal((1, BatchBytes), (index.Txns, index.Bytes));
        Assert.False(index.After(Zxid.Of(1, 2)).Exists);
        Assert.Equal(new HistoryExtent(Zxid.Of(1, 3), 3, 3 * BatchBytes), index.After(Zxid.Of(1, 3)));
        Assert.Equal(Zxid.Of(1, 6), Assert.Single(index.TakeBatches()).LastZxid);
    }

    [Fact]
    public void Rows_that_a_snapshot_has_and_that_are_read_again_are_known_but_not_handed_on()
    {
        row = 7;
        Append(4, 5, 5);
        Append(4, 6, 6);
        Append(4, 7, 7);
        index.Cover(Zxid.Of(4, 6));
        index.Check(Zxid.Of(4, 6));

        Assert.Equal(Zxid.Of(4, 7), Assert.Single(index.TakeBatches()).LastZxid);
        Assert.Equal(new HistoryExtent(Zxid.Of(4, 4), 3, 3 * BatchBytes), index.After(Zxid.Of(4, 4)));
        Assert.False(index.After(Zxid.Of(4, 3)).Exists);
    }

    [Fact]
    public void What_the_first_batch_of_an_epoch_follows_is_not_guessed()
    {
        Append(4, 1, 1);
        Append(4, 2, 2);
        index.Cover(Zxid.Of(4, 2));
        index.Check(Zxid.Of(4, 2));

        Assert.False(index.After(Zxid.Of(3, 9)).Exists);
        Assert.Null(index.Slice(Zxid.Of(3, 9), 1000));
        Assert.Equal(1, index.After(Zxid.Of(4, 1)).Rows);
    }

    [Fact]
    public void A_slice_is_as_many_batches_as_fit_and_at_least_one()
    {
        index.Check(0);
        for (var i = 1u; i <= 5; i++)
            Append(1, i, i);

        Assert.Equal([1L, 2L], index.Slice(0, (2 * BatchBytes) + 1)!.Select(r => r.Row));
        Assert.Equal(new JournalRow(3, Zxid.Of(1, 3), Zxid.Of(1, 3)), Assert.Single(index.Slice(Zxid.Of(1, 2), 1)!));
        Assert.Empty(index.Slice(Zxid.Of(1, 5), 1)!);
        Assert.Null(index.Slice(Zxid.Of(1, 9), 1));
    }

    [Fact]
    public void A_cut_takes_nothing_that_a_snapshot_has()
    {
        index.Check(0);
        for (var i = 1u; i <= 5; i++)
            Append(1, i, i);
        index.Cover(Zxid.Of(1, 2));

        index.TruncateTo(Zxid.Of(1, 3));

        Assert.Equal((3, 1), (index.Count, index.Txns));
        Assert.Equal(Zxid.Of(1, 3), index.Last);
    }

    [Fact]
    public void A_journal_that_ends_before_its_snapshot_is_found()
    {
        Append(1, 1, 1);
        Append(1, 2, 2);
        index.Cover(Zxid.Of(1, 3));

        Assert.Throws<InvariantViolatedException>(() => index.Check(Zxid.Of(1, 3)));
    }

    private readonly List<int> lengths = [];

    private void Append(int epoch, uint first, uint last)
    {
        var batch = Batch(epoch, first, last);
        lengths.Add(batch.Bytes.Length);
        index.Append(++row, batch, keep: true);
    }

    private long Bytes(int from, int to) => lengths.Take(to).Skip(from).Sum();
}
