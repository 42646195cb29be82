using Akka.Zab.History;
using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>What makes a follower leave its leader, and what does not.</summary>
public class EndOfLinkTests : FollowerTest
{
    [Fact]
    public void A_gap_on_the_link_ends_it()
    {
        Serve();

        From(Leader, new Propose(link, sent + 2, Zxid.Of(5, 4), Zxid.Of(5, 4), [], 0));

        AssertLooking();
        Assert.False(Sessions.ExpectMsg<ServingChanged>().Serving);
        Assert.Equal(link, Next<LinkBroken>(Leader).Link);
        ExpectNothing(Journal);
    }

    [Fact]
    public void A_message_that_comes_twice_ends_the_link_too()
    {
        Serve();
        var proposal = Propose(Batch(5, 1, 3));
        Send(proposal);
        Given<AppendBatch>();

        Send(proposal);

        AssertLooking();
        ExpectNothing(Journal);
    }

    [Fact]
    public void What_is_left_of_another_link_is_ignored()
    {
        Serve();

        From(Leader, new Propose(link + 1, 1, Zxid.Of(9, 1), Zxid.Of(9, 1), [], 0));
        From(Leader, new LinkBroken(link + 1, "another"));

        Assert.Equal(ServerRole.Following, Status().Role);
        ExpectNothing(Journal);
    }

    [Fact]
    public void The_end_of_the_connection_to_the_leader_begins_an_election_at_once()
    {
        Serve();

        Tell(new ServerUnreachable(Leader));

        AssertLooking();
        Assert.Equal(new ServingChanged(ServerRole.Looking, 0, 0, false), Sessions.ExpectMsg<ServingChanged>());
        Vote(2, new Vote(2, 0, 5), round: 2);
        Assert.Equal(2, Status().Leader);
    }

    [Fact]
    public void The_end_of_another_connection_does_not()
    {
        Serve();

        Tell(new ServerUnreachable(2));

        Assert.Equal(ServerRole.Following, Status().Role);
    }

    [Fact]
    public void A_leader_that_is_silent_for_too_long_is_left()
    {
        Serve();
        var beats = Settings.SyncLimit * 2;
        for (var i = 0; i < beats; i++)
            Time.Advance(Settings.Tick / 2);
        Assert.Equal(ServerRole.Following, Status().Role);

        Time.Advance(Settings.Tick / 2);

        AssertLooking();
    }

    [Fact]
    public void A_leader_that_is_looking_for_one_itself_is_left()
    {
        Serve();

        Vote(Leader, new Vote(Leader, 0, 5), round: 2);

        AssertLooking();
    }

    [Fact]
    public void Joining_is_tried_again_on_a_new_link()
    {
        Elect();

        Time.Advance(Settings.JoinInterval);

        var again = Assert.IsType<FollowerInfo>(Assert.Single(Told(Leader)));
        Assert.NotEqual(link, again.Link);
        Assert.Equal(1, again.Number);
        Send(new LeaderInfo(link, 1, ProtocolVersion.Current, 5));
        ExpectNothing(Journal);
    }

    [Fact]
    public void Joining_is_given_up_when_there_is_no_progress()
    {
        Elect();

        for (var i = 0; i <= Settings.InitLimit * 2; i++)
            Time.Advance(Settings.Tick / 2);

        AssertLooking();
    }
}
