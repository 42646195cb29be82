using Akka.Zab.History;
using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Protocol;

/// <summary>A leader without a quorum steps down; one with a quorum stays.</summary>
public class EndOfLeadershipTests : LeaderTest
{
    [Fact]
    public void A_leader_that_finds_no_quorum_in_time_looks_again()
    {
        Elect();

        for (var i = 0; i <= Settings.InitLimit * 2; i++)
            Time.Advance(Settings.Tick / 2);

        AssertLooking();
    }

    [Fact]
    public void A_leader_whose_voters_turn_away_before_they_join_looks_again()
    {
        Start(Self);
        Tell(new ServerUnreachable(2));
        Vote(1, new Vote(Self, 0, 0));
        Assert.Equal(ServerRole.Leading, Status().Role);

        Tell(new ServerUnreachable(1));

        AssertLooking();
    }

    [Fact]
    public void A_leader_that_loses_its_quorum_steps_down_before_it_answers_anything()
    {
        Elect();
        Serve(1);
        OpenSession();
        Submit(Self, Create("/a"));
        Given<AppendBatch>();

        Tell(new ServerUnreachable(1));
        MakeDurable();

        AssertLooking();
        Sessions.ExpectMsg<StopExpiry>();
        Assert.Equal(new ServingChanged(ServerRole.Looking, 0, 0, false), Sessions.ExpectMsg<ServingChanged>());
        Assert.Equal(new ServingChanged(ServerRole.Looking, 0, 0, false), Replica.ExpectMsg<ServingChanged>());
        ExpectNothing(Replica);
    }

    [Fact]
    public void The_loss_of_one_follower_of_two_ends_nothing()
    {
        Elect();
        Serve(1, 2);

        Tell(new ServerUnreachable(1));

        Assert.Equal(ServerRole.Leading, Status().Role);
        Assert.True(Status().Serving);
    }

    [Fact]
    public void Followers_that_are_silent_for_too_long_are_no_quorum()
    {
        Elect();
        Serve(1);

        for (var i = 0; i < Settings.SyncLimit * 2; i++)
            Time.Advance(Settings.Tick / 2);
        Assert.Equal(ServerRole.Leading, Status().Role);
        Time.Advance(Settings.Tick / 2);

        AssertLooking();
    }

    [Fact]
    public void Followers_that_answer_pings_keep_the_leader()
    {
        Elect();
        Serve(1);

        for (var i = 0; i < Settings.SyncLimit * 6; i++)
        {
            Time.Advance(Settings.Tick / 2);
            From(1, new PeerPong(Link(1), Number(1), Next<PeerPing>(1).Question, []));
        }

        Assert.Equal(ServerRole.Leading, Status().Role);
    }
}
