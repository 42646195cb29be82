using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Server 1 follows server 3: discovery, synchronisation, broadcast.</summary>
public class FollowingTests : FollowerTest
{
    [Fact]
    public void The_promise_to_an_epoch_is_acknowledged_only_when_it_is_durable()
    {
        Elect(currentEpoch: 4, batches: [Batch(4, 1, 2)]);

        Send(new LeaderInfo(link, ++sent, ProtocolVersion.Current, 5));
        Assert.Equal(5, Given<AcceptEpoch>().Epoch);
        Assert.Empty(Told(Leader));
        MakeDurable();

        Assert.Equal(new AckEpoch(link, 2, 4, Zxid.Of(4, 2), true), Assert.Single(Told(Leader)));
    }

    [Fact]
    public void A_leader_of_an_earlier_epoch_is_not_followed()
    {
        Elect(currentEpoch: 4, acceptedEpoch: 6);

        Send(new LeaderInfo(link, ++sent, ProtocolVersion.Current, 5));

        AssertLooking();
        ExpectNothing(Journal);
    }

    [Fact]
    public void An_epoch_that_was_accepted_before_is_no_promise_to_this_leader()
    {
        Elect(currentEpoch: 4, acceptedEpoch: 5);

        Send(new LeaderInfo(link, ++sent, ProtocolVersion.Current, 5));

        ExpectNothing(Journal);
        Assert.False(Next<AckEpoch>(Leader).Counts);
    }

    [Fact]
    public void A_leader_that_speaks_another_version_is_not_followed()
    {
        Elect();

        Send(new LeaderInfo(link, ++sent, ProtocolVersion.Current + 1, 1));

        AssertLooking();
    }

    [Fact]
    public void NEWLEADER_is_acknowledged_only_when_history_and_epoch_are_durable()
    {
        Elect(currentEpoch: 4, batches: [Batch(4, 1, 2)]);
        Promise(5);

        Send(new SyncDiff(link, ++sent, Zxid.Of(4, 2)));
        Send(Sync(Batch(4, 3, 7)));
        ExpectNothing(Journal);
        Send(new NewLeader(link, ++sent, 5, Zxid.Of(4, 7)));

        var command = Given<EstablishEpoch>();
        Assert.Equal((5, Zxid.Of(4, 2), 1), (command.Epoch, command.KeepUpTo, command.Batches.Length));
        Assert.Empty(Told(Leader));
        MakeDurable();
        Assert.Equal(new AckNewLeader(link, 3, Zxid.Of(4, 7)), Assert.Single(Told(Leader)));
    }

    [Fact]
    public void What_the_leader_does_not_have_is_cut_off()
    {
        Elect(currentEpoch: 4, batches: [Batch(4, 1, 2), Batch(4, 3, 9)]);
        Promise(5);

        Send(new SyncTrunc(link, ++sent, Zxid.Of(4, 2)));
        Send(new NewLeader(link, ++sent, 5, Zxid.Of(4, 2)));

        Assert.Equal(Zxid.Of(4, 2), Given<EstablishEpoch>().KeepUpTo);
        Assert.Equal(Zxid.Of(4, 2), Status().LastProposed);
    }

    [Fact]
    public void What_is_committed_is_never_cut_off()
    {
        Elect(currentEpoch: 4, batches: [Batch(4, 1, 2), Batch(4, 3, 9)], committed: Zxid.Of(4, 9));
        Promise(5);
        Watch(Peer);

        Send(new SyncTrunc(link, ++sent, Zxid.Of(4, 2)));

        AssertStopped();
    }

    [Fact]
    public void A_synchronisation_that_breaks_off_leaves_no_trace()
    {
        Elect(currentEpoch: 4, batches: [Batch(4, 1, 2)]);
        Promise(5);

        Send(new SyncDiff(link, ++sent, Zxid.Of(4, 2)));
        Send(Sync(Batch(4, 3, 7)));
        From(Leader, new LinkBroken(link, "test"));

        AssertLooking();
        Assert.Equal(Zxid.Of(4, 2), Status().LastProposed);
        ExpectNothing(Journal);
    }

    [Fact]
    public void A_DIFF_with_a_hole_stops_the_server()
    {
        Elect();
        Promise(1);
        Watch(Peer);

        Send(new SyncDiff(link, ++sent, 0));
        Send(Sync(Batch(1, 1, 2)));
        Send(Sync(Batch(1, 4, 5)));

        AssertStopped();
    }

    [Fact]
    public void A_damaged_batch_is_neither_journalled_nor_acknowledged()
    {
        Serve();
        var damaged = Propose(Batch(5, 1, 3));
        damaged = damaged with { Bytes = [.. damaged.Bytes] };
        damaged.Bytes[^1] ^= 1;

        Send(damaged);

        AssertLooking();
        ExpectNothing(Journal);
    }

    [Fact]
    public void Clients_are_served_when_the_leader_says_UPTODATE()
    {
        Elect(currentEpoch: 4, batches: [Batch(4, 1, 2)]);
        Establish(5);
        ExpectNothing(Sessions);

        Send(new UpToDate(link, ++sent, Zxid.Of(4, 2)));

        Assert.Equal(Zxid.Of(4, 2), Replica.ExpectMsg<CommitBatches>().Batches[^1].LastZxid);
        Assert.Equal(new ServingChanged(ServerRole.Following, Leader, 5, true), Replica.ExpectMsg<ServingChanged>());
        Assert.Equal(new ServingChanged(ServerRole.Following, Leader, 5, true), Sessions.ExpectMsg<ServingChanged>());
    }

    [Fact]
    public void A_proposal_is_acknowledged_only_when_it_is_durable()
    {
        Serve();

        Send(Propose(Batch(5, 1, 3)));
        Send(Propose(Batch(5, 4, 4)));
        var first = Given<AppendBatch>().Number;
        Given<AppendBatch>();
        Assert.Empty(Told(Leader));

        MakeDurable(first);
        Assert.Equal(Zxid.Of(5, 3), Assert.IsType<Ack>(Assert.Single(Told(Leader))).Zxid);
        MakeDurable();
        Assert.Equal(Zxid.Of(5, 4), Assert.IsType<Ack>(Assert.Single(Told(Leader))).Zxid);
    }

    [Fact]
    public void Acknowledgements_are_cumulative()
    {
        Serve();
        Send(Propose(Batch(5, 1, 3)));
        Send(Propose(Batch(5, 4, 4)));
        Given<AppendBatch>();
        Given<AppendBatch>();

        MakeDurable();

        Assert.Equal(Zxid.Of(5, 4), Assert.IsType<Ack>(Assert.Single(Told(Leader))).Zxid);
    }

    [Fact]
    public void Proposals_between_NEWLEADER_and_UPTODATE_wait_for_their_commit()
    {
        Elect();
        Promise(5);
        Send(new SyncDiff(link, ++sent, 0));
        Send(new NewLeader(link, ++sent, 5, 0));
        Send(Propose(Batch(5, 1, 3)));
        Send(Propose(Batch(5, 4, 4)));
        Given<EstablishEpoch>();
        Given<AppendBatch>();
        Given<AppendBatch>();
        MakeDurable();
        Assert.Equal(["AckNewLeader", "Ack"], Told(Leader).Select(m => m.GetType().Name));

        Send(new UpToDate(link, ++sent, Zxid.Of(5, 3)));

        Assert.Equal([Zxid.Of(5, 3)], Replica.ExpectMsg<CommitBatches>().Batches.Select(b => b.LastZxid));
        Replica.ExpectMsg<ServingChanged>();
        Send(new Commit(link, ++sent, Zxid.Of(5, 4)));
        Assert.Equal([Zxid.Of(5, 4)], Replica.ExpectMsg<CommitBatches>().Batches.Select(b => b.LastZxid));
    }

    [Fact]
    public void A_commit_comes_alone_or_with_the_next_proposal()
    {
        Serve();
        Send(Propose(Batch(5, 1, 3)));
        ExpectNothing(Replica);

        Send(Propose(Batch(5, 4, 4), committed: Zxid.Of(5, 3)));
        Assert.Equal(Zxid.Of(5, 3), Assert.Single(Replica.ExpectMsg<CommitBatches>().Batches).LastZxid);
        Send(new Commit(link, ++sent, Zxid.Of(5, 4)));
        Assert.Equal(Zxid.Of(5, 4), Assert.Single(Replica.ExpectMsg<CommitBatches>().Batches).LastZxid);
    }

    [Fact]
    public void A_pong_returns_the_question_and_brings_the_touched_sessions()
    {
        Serve();
        Tell(new TouchSessions([7, 8]));
        Tell(new TouchSessions([8, 9]));

        Send(new PeerPing(link, ++sent, 41));

        var pong = Next<PeerPong>(Leader);
        Assert.Equal(41, pong.Question);
        Assert.Equal([7, 8, 9], pong.Touched.Order());
        Send(new PeerPing(link, ++sent, 42));
        Assert.Empty(Next<PeerPong>(Leader).Touched);
    }

    [Fact]
    public void Writes_are_forwarded_and_answers_handed_on()
    {
        Serve();
        Tell(new SubmitWrites(7, [new NumberedWrite(1, new Delete("/a")), new NumberedWrite(2, new Sync("/"))]));

        var forwarded = RequestCodec.Decode(
            Next<ForwardWrites>(Leader).Bytes, (session, request, write, _, _) => (session, request, write));
        Assert.Equal([(7L, 1L, new Delete("/a")), (7L, 2L, (WriteRequest)new Sync("/"))], forwarded);

        var answers = new AnswerEncoder();
        answers.Add(7, 1, Zxid.Of(5, 9), new ErrorReply(ZabError.NoNode));
        Send(new ForwardAnswers(link, ++sent, answers.Finish()));
        Assert.Equal(
            [new Answer(
                7, 1, Zxid.Of(5, 9), new ErrorReply(ZabError.NoNode))], Replica.ExpectMsg<DeliverAnswers>().Answers);
    }

    [Fact]
    public void Who_takes_this_server_for_the_leader_is_told_that_it_is_not()
    {
        Serve();

        From(2, new FollowerInfo(99, 1, ProtocolVersion.Current, 2, MemberRole.Participant, 0));

        Assert.Equal(99, Next<LinkBroken>(2).Link);
    }
}
