using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Server 3 leads and serves, in epoch 1: writes, commits, answers, sessions.</summary>
public class BroadcastTests : LeaderTest
{
    public BroadcastTests() => Elect();

    [Fact]
    public void A_batch_is_proposed_to_everyone_and_journalled()
    {
        Serve(1, 2);
        OpenSession();
        Told(2);

        Submit(Self, Create("/a"), Create("/b"));

        var batch = Given<AppendBatch>().Batch;
        Assert.Equal((Zxid.Of(1, 2), Zxid.Of(1, 3)), (batch.FirstZxid, batch.LastZxid));
        Assert.Equal(batch.Bytes, Next<Propose>(1).Bytes);
        Assert.Equal(batch.Bytes, Next<Propose>(2).Bytes);
        Assert.Equal(
            [typeof(CreateTxn), typeof(CreateTxn)], TxnCodec.Decode(batch).Select(txn => txn.Body.GetType()));
    }

    [Fact]
    public void A_proposal_that_a_minority_acknowledges_is_not_committed()
    {
        Serve(1, 2);
        OpenSession();
        Submit(Self, Create("/a"));
        var zxid = Given<AppendBatch>().Batch.LastZxid;
        Told(1);

        // The leader's journal holds it; two followers have yet to say so.
        MakeDurable();
        ExpectNothing(Replica);
        Assert.Empty(Told(1));

        Acknowledge(2, zxid);
        Assert.Equal(zxid, Assert.Single(Replica.ExpectMsg<CommitBatches>().Batches).LastZxid);
        Assert.Equal(zxid, Next<Commit>(1).Zxid);
    }

    [Fact]
    public void The_leaders_replica_gets_its_transactions_as_they_were_made()
    {
        Serve(1);
        OpenSession();
        Submit(Self, Create("/a"));
        var batch = Given<AppendBatch>().Batch;
        Acknowledge(1, batch.LastZxid);
        MakeDurable();
        var made = Assert.Single(Replica.ExpectMsg<CommitBatches>().Made!)!;
        Assert.Equal("/a", Assert.IsType<CreateTxn>(Assert.Single(made).Body).Path);
        Assert.Equal(TxnCodec.Decode(batch).Select(txn => txn.Header), made.Select(txn => txn.Header));
    }

    [Fact]
    public void The_leader_counts_its_own_vote_only_when_its_journal_holds_the_batch()
    {
        Serve(1);
        OpenSession();
        Submit(Self, Create("/a"));
        var zxid = Given<AppendBatch>().Batch.LastZxid;

        Acknowledge(1, zxid);
        ExpectNothing(Replica);

        MakeDurable();
        Replica.ExpectMsg<CommitBatches>();
    }

    [Fact]
    public void An_acknowledgement_on_an_earlier_link_is_not_counted()
    {
        Serve(1);
        OpenSession();
        Submit(Self, Create("/a"));
        var zxid = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        var (oldLink, oldNumber) = (Link(1), Number(1));
        Join(1, 1);
        Told(1);

        From(1, new Ack(oldLink, oldNumber, zxid));

        ExpectNothing(Replica);
        Assert.Equal(oldLink, Next<LinkBroken>(1).Link);
    }

    [Fact]
    public void A_learner_that_comes_while_writes_go_on_misses_none()
    {
        Serve(1);
        OpenSession();
        Submit(Self, Create("/a"));
        var first = Given<AppendBatch>().Batch;
        Told(2);
        Join(2, 0);
        Promise(2);
        Assert.Equal(
            ["LeaderInfo", "SyncDiff", "SyncBatch", "SyncBatch", "NewLeader"], Told(2).Select(m => m.GetType().Name));

        Submit(Self, Create("/b"));
        var second = Given<AppendBatch>().Batch;
        Assert.Equal(second.LastZxid, Next<Propose>(2).LastZxid);
        MakeDurable();
        Acknowledge(1, second.LastZxid);
        Replica.ExpectMsg<CommitBatches>();
        Assert.Empty(Told(2));

        // Everything that is committed by now, not only what NEWLEADER was sent for.
        From(2, new AckNewLeader(Link(2), Number(2), first.LastZxid));
        Assert.Equal(second.LastZxid, Next<UpToDate>(2).Committed);
    }

    [Fact]
    public void What_arrives_together_is_one_batch()
    {
        Serve(1);
        OpenSession(origin: 1);
        var encoder = new RequestEncoder();
        for (var i = 0; i < 50; i++)
            encoder.Add(Session, i + 1, Create($"/{i}"));
        From(1, new ForwardWrites(Link(1), Number(1), encoder.Finish()));

        Assert.Equal(50, Given<AppendBatch>().Batch.Count);
        ExpectNothing(Journal);
    }

    [Fact]
    public void No_more_batches_are_under_way_than_is_allowed_and_the_rest_is_one_batch()
    {
        Serve(1);
        OpenSession();
        for (var i = 0; i < Settings.MaxOutstandingBatches + 5; i++)
            Submit(Self, Create($"/{i}"));
        long first = 0;
        for (var i = 0; i < Settings.MaxOutstandingBatches; i++)
        {
            var zxid = Given<AppendBatch>().Batch.LastZxid;
            first = first == 0 ? zxid : first;
        }

        ExpectNothing(Journal);
        MakeDurable();
        Told(1);
        Acknowledge(1, first);

        Assert.Equal(5, Given<AppendBatch>().Batch.Count);
        var told = Assert.IsType<Propose>(Assert.Single(Told(1)));
        Assert.Equal(first, told.Committed);
    }

    [Fact]
    public void A_refused_write_gets_no_zxid_and_is_answered_after_what_it_was_judged_against()
    {
        Serve(1);
        OpenSession();

        Submit(Self, Create("/a"), Create("/a"));

        var zxid = Given<AppendBatch>().Batch.LastZxid;
        Assert.Equal(
            [new Answer(Session, 2, zxid, new ErrorReply(ZabError.NodeExists))],
            Replica.ExpectMsg<DeliverAnswers>().Answers);
    }

    [Fact]
    public void The_answer_to_a_forwarded_write_goes_back_where_it_came_from()
    {
        Serve(1);
        OpenSession(origin: 1);

        Submit(1, new Delete("/none"));

        var answer = Assert.Single(AnswerCodec.Decode(
            Next<ForwardAnswers>(1).Bytes, (session, request, after, reply) => (session, request, after, reply)));
        Assert.Equal((Session, 1, Zxid.Of(1, 1), new ErrorReply(ZabError.NoNode)), answer);
        ExpectNothing(Journal, Replica);
    }

    [Fact]
    public void A_sync_is_answered_when_a_quorum_has_confirmed_the_leader()
    {
        Serve(1, 2);
        OpenSession();
        Told(1);

        Submit(Self, new Sync("/x"));
        Assert.Equal([Session], Sessions.FishForMessage<SessionsTouched>(_ => true).SessionIds);
        var question = Next<PeerPing>(1).Question;
        ExpectNothing(Replica);
        From(1, new PeerPong(Link(1), Number(1), question - 1, []));
        ExpectNothing(Replica);
        From(1, new PeerPong(Link(1), Number(1), question, []));

        Assert.Equal(
            [new Answer(Session, 1, Zxid.Of(1, 1), new SyncReply("/x"))], Replica.ExpectMsg<DeliverAnswers>().Answers);
    }

    [Fact]
    public void What_a_session_asks_for_behind_a_sync_is_proposed_when_the_sync_is_answered()
    {
        Serve(1, 2);
        OpenSession();
        Told(1);

        Submit(Self, new Sync("/x"), new Sync("/y"), Create("/behind"), Create("/last"));
        ExpectNothing(Journal, Replica);
        Submit(Self, Create("/later"));
        ExpectNothing(Journal, Replica);
        From(1, new PeerPong(Link(1), Number(1), Next<PeerPing>(1).Question, []));

        Assert.Equal(2, Replica.ExpectMsg<DeliverAnswers>().Answers.Length);
        var created = TxnCodec.Decode(Given<AppendBatch>().Batch).Select(txn => ((CreateTxn)txn.Body).Path);
        Assert.Equal(["/behind", "/last", "/later"], created);
    }

    [Fact]
    public void A_sync_is_not_answered_by_a_question_that_was_asked_before_it_came()
    {
        Serve(1, 2);
        OpenSession();
        Told(1);
        Submit(Self, new Sync("/x"));
        var first = Next<PeerPing>(1).Question;

        Submit(Self, new Sync("/y"));
        Assert.Empty(Told(1));
        From(1, new PeerPong(Link(1), Number(1), first, []));

        Assert.Equal("/x", ((SyncReply)Assert.Single(Replica.ExpectMsg<DeliverAnswers>().Answers).Reply).Path);
        From(1, new PeerPong(Link(1), Number(1), Next<PeerPing>(1).Question, []));
        Assert.Equal("/y", ((SyncReply)Assert.Single(Replica.ExpectMsg<DeliverAnswers>().Answers).Reply).Path);
    }

    [Fact]
    public void A_session_is_closed_when_its_time_is_over()
    {
        Serve(1);
        OpenSession(origin: 1);

        Tell(new ExpireSession(Session));

        Sessions.ExpectMsg<UntrackSession>();
        var txn = Assert.Single(TxnCodec.Decode(Given<AppendBatch>().Batch));
        Assert.Equal((Session, 0L), (txn.Header.SessionId, txn.Header.RequestId));
        Assert.IsType<CloseSessionTxn>(txn.Body);
        Submit(1, Create("/a"));
        var answer = Assert.Single(AnswerCodec.Decode(
            Next<ForwardAnswers>(1).Bytes, (_, _, after, reply) => (after, reply)));
        Assert.Equal((Zxid.Of(1, 2), new ErrorReply(ZabError.SessionExpired)), answer);
    }

    [Fact]
    public void A_session_that_moves_is_watched_anew_and_answered_where_it_moved_to()
    {
        Serve(1);
        OpenSession();

        Submit(1, new ReattachSession(Session, Secret, 6000));

        Assert.Equal(new TrackSession(Session, 6000), Sessions.ExpectMsg<TrackSession>());
        var answer = Assert.Single(AnswerCodec.Decode(Next<ForwardAnswers>(1).Bytes, (_, _, _, reply) => reply));
        Assert.Equal(6000, Assert.IsType<SessionReply>(answer).TimeoutMs);
        Submit(Self, Create("/a"));
        Assert.Equal(
            new ErrorReply(ZabError.SessionMoved), Assert.Single(Replica.ExpectMsg<DeliverAnswers>().Answers).Reply);
    }

    [Fact]
    public void Touches_that_followers_report_reach_the_registry()
    {
        Serve(1);
        Time.Advance(Settings.Tick / 2);

        From(1, new PeerPong(Link(1), Number(1), Next<PeerPing>(1).Question, [4, 5]));

        Assert.Equal([4, 5], Sessions.ExpectMsg<SessionsTouched>().SessionIds);
    }

    [Fact]
    public void A_batch_is_closed_when_it_is_long_enough()
    {
        Serve(1);
        OpenSession();
        var bytes = Settings.MaxBatchBytes / 2;

        Submit(Self, Create("/a", bytes), Create("/b", bytes), Create("/c", bytes));

        Assert.Equal(2, Given<AppendBatch>().Batch.Count);
        Assert.Equal(1, Given<AppendBatch>().Batch.Count);
    }
}

public class EndOfEpochTests : LeaderTest
{
    [Fact]
    public void When_the_zxids_of_an_epoch_run_out_everything_proposed_is_committed_and_the_leader_steps_down()
    {
        Settings = Settings with { LastCounter = 3 };
        Elect();
        Serve(1);
        OpenSession();

        Submit(Self, Create("/a"), Create("/b"), Create("/c"));
        var batch = Given<AppendBatch>().Batch;
        Assert.Equal(Zxid.Of(1, 3), batch.LastZxid);
        Assert.Equal(ServerRole.Leading, Status().Role);
        MakeDurable();
        Acknowledge(1, batch.LastZxid);

        Assert.Equal(batch.LastZxid, Replica.ExpectMsg<CommitBatches>().Batches[^1].LastZxid);
        AssertLooking();
    }
}

public class ObserverTests : LeaderTest
{
    [Fact]
    public void An_observer_is_sent_what_is_committed_and_its_word_does_not_count()
    {
        Elect(observers: [9]);
        Serve(1);
        Join(9, role: MemberRole.Observer);
        Promise(9);
        Synchronise(9);
        OpenSession();
        Assert.Equal(Zxid.Of(1, 1), Assert.IsType<Inform>(Told(9)[^1]).LastZxid);

        Submit(Self, Create("/a"));
        var zxid = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Assert.Empty(Told(9));
        Acknowledge(9, zxid);
        ExpectNothing(Replica);

        Acknowledge(1, zxid);
        Assert.Equal(zxid, Assert.IsType<Inform>(Assert.Single(Told(9))).LastZxid);
    }
}
