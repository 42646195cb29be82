using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>What waits at the leader is bounded.</summary>
public class GatheredWritesTests
{
    private readonly GatheredWrites gathered = new(1000);
    private long request;

    [Fact]
    public void Writes_come_out_in_the_order_in_which_they_came()
    {
        Add(new Delete("/a"), new Create("/b", new byte[10], Acl.Open), new SetData("/c", null));

        Assert.Equal([1L, 2L, 3L], Take(3).Select(write => write.RequestId));
        Assert.Equal((0, 0L), (gathered.Count, gathered.Bytes));
        Assert.False(gathered.TryTake(out _));
    }

    [Fact]
    public void What_comes_when_too_much_waits_keeps_its_place_and_loses_its_data()
    {
        Add(new SetData("/a", new byte[800]), new SetData("/b", new byte[800]), new SetData("/c", new byte[10]));

        var writes = Take(3);
        Assert.Equal([1L, 2L, 3L], writes.Select(write => write.RequestId));
        Assert.Equal([false, true, false], writes.Select(write => write.Operation is RefusedWrite));
    }

    [Fact]
    public void A_single_write_may_have_more()
    {
        Add(new Multi([new SetData("/a", new byte[5000])]));

        Assert.IsType<Multi>(Assert.Single(Take(1)).Operation);
    }

    [Fact]
    public void There_is_room_again_when_some_of_it_was_taken()
    {
        Add(new SetData("/a", new byte[800]));
        Take(1);

        Add(new SetData("/b", new byte[800]));

        Assert.IsType<SetData>(Take(1)[0].Operation);
    }

    [Fact]
    public void Sessions_are_opened_moved_and_closed_and_what_the_ensemble_asks_for_is_done_in_any_case()
    {
        Add(new SetData("/a", new byte[2000]));
        Add(new OpenSession(1, [], 1), new ReattachSession(1, [], 1), new CloseSession());
        gathered.Add(new OriginWrite(3, 0, 0, new Reap("/a", 1)));

        Assert.DoesNotContain(Take(5), write => write.Operation is RefusedWrite);
    }

    private void Add(params WriteRequest[] operations)
    {
        foreach (var operation in operations)
            gathered.Add(new OriginWrite(3, 1, ++request, operation));
    }

    private List<OriginWrite> Take(int count)
    {
        var writes = new List<OriginWrite>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(gathered.TryTake(out var write));
            writes.Add(write);
        }

        return writes;
    }
}

public class RefusedWriteTests : LeaderTest
{
    [Fact]
    public void A_write_for_which_there_is_no_room_is_answered_in_its_turn_and_not_done()
    {
        Settings = Settings with { MaxOutstandingBatches = 1, MaxGatheredBytes = 1000 };
        Elect();
        Serve(1);
        OpenSession();
        Submit(Self, Create("/under-way"));
        var underWay = Given<AppendBatch>().Batch.LastZxid;

        Submit(Self, Create("/waits", 900), Create("/too-much", 900));
        MakeDurable();
        Acknowledge(1, underWay);

        var waited = Given<AppendBatch>().Batch;
        Assert.Equal((underWay + 1, underWay + 1), (waited.FirstZxid, waited.LastZxid));
        Replica.ExpectMsg<CommitBatches>();
        var answer = Assert.Single(Replica.ExpectMsg<DeliverAnswers>().Answers);
        Assert.Equal((2, waited.LastZxid), (answer.RequestId, answer.After));
        Assert.Equal(new ErrorReply(ZabError.ThrottledOp), answer.Reply);
    }
}
