using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>A leader that is asked to change the ensemble, or to hand over.</summary>
public class LeadingReconfigTests : LeaderTest
{
    private static readonly Identities Root = Identities.None.With(new Identity(Identities.Super, ""));
    private const string Four = "server.4=s4:1:2:participant";
    private const string Five = "server.5=s5:1:2:participant";

    public LeadingReconfigTests() => Reconfigurable = true;

    [Fact]
    public void What_cannot_be_is_refused_with_the_error_that_ZooKeeper_has_for_it()
    {
        Begin(joined: []);

        Assert.Equal(ZabError.NoAuth, Ask(new Reconfigure(null, "2", null), Identities.None));
        Assert.Equal(ZabError.BadVersion, Ask(new Reconfigure(null, "2", null, 99)));
        Assert.Equal(ZabError.BadArguments, Ask(new Reconfigure("nonsense", null, null)));
        Assert.Equal(ZabError.BadArguments, Ask(new Reconfigure(null, "1,2,3", null)));
        Assert.Equal(ZabError.NewConfigNoQuorum, Ask(new Reconfigure($"{Four},{Five}", "1", null)));
        Assert.Equal(ZabError.BadArguments, Ask(new TransferLeadership(9)));
        Assert.Equal(ZabError.NoAuth, Ask(new TransferLeadership(1), Identities.None));
        Assert.Equal(ZabError.NewConfigNoQuorum, Ask(new TransferLeadership(2)));

        Request(new Reconfigure(null, "2", null, Zxid.Of(1, 1)));
        Given<AppendBatch>();
        Assert.Equal(ZabError.ReconfigInProgress, Ask(new Reconfigure(null, "4", null)));
        Assert.Equal(ZabError.ReconfigInProgress, Ask(new TransferLeadership(1)));
    }

    [Fact]
    public void Where_it_is_not_enabled_every_change_is_refused()
    {
        Reconfigurable = false;
        Elect();
        Serve(1);
        OpenSession();

        Assert.Equal(ZabError.ReconfigDisabled, Ask(new Reconfigure(null, "2", null)));
    }

    [Fact]
    public void A_change_is_a_batch_of_its_own()
    {
        Begin(joined: []);

        Tell(new SubmitWrites(
            Session,
            [new NumberedWrite(5, Create("/a")), new NumberedWrite(6, new Reconfigure(null, "2", null)), new NumberedWrite(7, Create("/b"))],
            Root));

        Assert.False(TxnCodec.IsReconfig(Given<AppendBatch>().Batch));
        Assert.True(TxnCodec.IsReconfig(Given<AppendBatch>().Batch));
        Assert.False(TxnCodec.IsReconfig(Given<AppendBatch>().Batch));
    }

    [Fact]
    public void It_and_what_comes_after_it_is_committed_when_a_quorum_of_the_old_and_of_the_new_ensemble_holds_it()
    {
        Begin(joined: [4, 5]);
        Request(new Reconfigure($"{Four},{Five}", null, null));
        var change = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();

        // An observer until now, it is sent this as a proposal.
        Assert.Equal(change, Next<Propose>(4).LastZxid);
        Acknowledge(1, change);
        ExpectNothing(Replica);

        // With the leader and 1 it makes three of five, and two of the old three are there, too.
        Acknowledge(4, change);
        Assert.Equal(change, Replica.ExpectMsg<CommitBatches>().Batches[^1].LastZxid);
        Assert.Equal(change, Next<Commit>(4).Zxid);
        Request(Create("/a"));
        var write = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Acknowledge(4, write);
        ExpectNothing(Replica);
        Acknowledge(5, write);
        Replica.ExpectMsg<CommitBatches>();
    }

    [Fact]
    public void A_server_that_loses_its_vote_is_told_of_the_commit_and_let_go()
    {
        Begin(joined: [], followers: [1, 2]);
        Request(new Reconfigure(null, "2", null));
        var change = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Acknowledge(1, change);

        Assert.Equal(change, Next<Commit>(2).Zxid);
        Assert.Equal("it has no vote any more", Next<LinkBroken>(2).Reason);
        Assert.Equal(ServerRole.Leading, Status().Role);
        Assert.Equal(change, Status().Ensemble.Version);
    }

    [Fact]
    public void A_leader_that_has_no_place_in_the_new_ensemble_hands_over_when_the_change_is_committed()
    {
        Begin(joined: [], followers: [1, 2]);
        Request(new Reconfigure(null, "3", null));
        var change = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Request(Create("/a"));
        ExpectNothing(Journal);
        Acknowledge(1, change);
        Assert.Equal(ServerRole.Leading, Status().Role);
        Acknowledge(2, change);

        Assert.Equal(2, Next<LinkBroken>(1).Successor);
        Assert.Equal(change, ((Commit)Told(2).First(message => message is Commit)).Zxid);
        AssertLooking();
    }

    [Fact]
    public void A_leader_hands_over_when_its_heir_holds_everything_and_all_of_it_is_committed()
    {
        Begin(joined: []);
        Request(Create("/a"));
        var write = Given<AppendBatch>().Batch.LastZxid;
        Request(new TransferLeadership(1));
        Request(Create("/b"));
        ExpectNothing(Journal);
        MakeDurable();
        Assert.Equal(ServerRole.Leading, Status().Role);

        Acknowledge(1, write);

        Assert.Equal(1, Next<LinkBroken>(1).Successor);
        AssertLooking();
        // It votes for its heir itself.
        Assert.Equal(new Vote(1, write, 1), Next<Notification>(2).Vote);
    }

    [Fact]
    public void An_heir_that_does_not_catch_up_within_a_tick_is_not_waited_for()
    {
        Begin(joined: [], followers: [1, 2]);
        Request(Create("/a"));
        var write = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Acknowledge(1, write);
        Request(new TransferLeadership(2));
        Request(Create("/b"));
        ExpectNothing(Journal);

        for (var i = 0; i < 3; i++)
            Time.Advance(Settings.Tick / 2);

        Assert.Equal(ServerRole.Leading, Status().Role);
        Given<AppendBatch>();
        Assert.Equal(ZabError.NewConfigNoQuorum, Refusal());
    }

    /// <summary>Serves with a session of a superuser, and with these observers up to date.</summary>
    private void Begin(int[] joined, int[]? followers = null)
    {
        followers ??= [1];
        Elect(observers: [4, 5]);
        Serve(followers);
        var recorded = Given<AppendBatch>().Batch;
        Assert.True(TxnCodec.IsReconfig(recorded));
        MakeDurable();
        foreach (var follower in followers)
            Acknowledge(follower, recorded.LastZxid);
        Replica.ExpectMsg<CommitBatches>();
        var opened = OpenSession();
        foreach (var follower in followers.Where(follower => follower != 1))
            Acknowledge(follower, opened);
        foreach (var observer in joined)
        {
            Join(observer, 1, MemberRole.Observer);
            Promise(observer, 1, opened);
            Synchronise(observer);
        }

        foreach (var server in new[] { 1, 2, 4, 5 })
            Told(server);
    }

    private void Request(WriteRequest request, Identities? who = null) =>
        Tell(new SubmitWrites(Session, [new NumberedWrite(9, request)], who ?? Root));

    private ZabError Ask(WriteRequest request, Identities? who = null)
    {
        Request(request, who);
        return Refusal();
    }

    private ZabError Refusal()
    {
        var answers = (DeliverAnswers)Replica.FishForMessage(message => message is DeliverAnswers);
        return Assert.IsType<ErrorReply>(Assert.Single(answers.Answers).Reply).Error;
    }
}
