using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Fast leader election, as one server goes through it.</summary>
public class ElectionTests : PeerTest
{
    [Fact]
    public void A_server_that_starts_tells_every_voter_that_it_votes_for_itself()
    {
        Start(1, currentEpoch: 2, batches: [Batch(2, 1, 5)]);

        var expected = new Notification(1, ServerRole.Looking, 1, new Vote(1, Zxid.Of(2, 5), 2));
        Assert.Equal([expected], Told(2));
        Assert.Equal([expected], Told(3));
    }

    public static TheoryData<int[]> Orders => new([2, 3], [3, 2]);

    [Theory]
    [MemberData(nameof(Orders))]
    public void In_whatever_order_the_votes_arrive_the_greatest_id_leads_if_histories_are_equal(int[] order)
    {
        Start(1);

        foreach (var server in order)
            Vote(server, new Vote(3, 0, 0));

        Assert.Equal(
            new FollowerInfo(0, 1, ProtocolVersion.Current, 1, MemberRole.Participant, 0),
            Next<FollowerInfo>(3) with { Link = 0 });
        Assert.Equal((ServerRole.Following, 3), (Status().Role, Status().Leader));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void The_longest_history_wins_against_a_greater_id(int[] order)
    {
        Start(1, currentEpoch: 1, batches: [Batch(1, 1, 9)]);

        foreach (var server in order)
            Vote(server, new Vote(server, 0, 1));
        AssertLooking();
        foreach (var server in order)
            Vote(server, new Vote(1, Zxid.Of(1, 9), 1));

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_server_that_comes_back_with_an_older_history_does_not_lead()
    {
        Start(3, currentEpoch: 1, batches: [Batch(1, 1, 5)]);

        Vote(2, new Vote(2, Zxid.Of(1, 6), 1));
        Vote(1, new Vote(2, Zxid.Of(1, 6), 1));

        Assert.Equal(2, Status().Leader);
    }

    [Fact]
    public void A_server_that_comes_back_with_more_history_of_an_earlier_epoch_does_not_lead()
    {
        Start(3, currentEpoch: 1, batches: [Batch(1, 1, 50)]);

        Vote(2, new Vote(2, Zxid.Of(1, 6), 2));
        Vote(1, new Vote(2, Zxid.Of(1, 6), 2));

        Assert.Equal(2, Status().Leader);
    }

    [Fact]
    public void A_quorum_waits_a_little_for_a_server_that_could_have_a_better_vote()
    {
        Start(2);

        Vote(1, new Vote(2, 0, 0));
        AssertLooking();
        Time.Advance(Settings.FinalizeWait);

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_better_vote_that_comes_late_is_taken_over()
    {
        Start(2);
        Vote(1, new Vote(2, 0, 0));
        Time.Advance(Settings.FinalizeWait - TimeSpan.FromMilliseconds(1));

        Vote(3, new Vote(3, 0, 0));
        Assert.Equal(new Vote(3, 0, 0), Told(1).OfType<Notification>().Last().Vote);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        AssertLooking();

        Vote(1, new Vote(3, 0, 0));
        Assert.Equal(3, Status().Leader);
    }

    [Fact]
    public void A_server_whose_connection_is_gone_is_not_waited_for()
    {
        Start(2);
        Tell(new ServerUnreachable(3));

        Vote(1, new Vote(2, 0, 0));

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void The_news_that_a_server_is_gone_decides_an_election_that_waited_for_it()
    {
        Start(2);
        Vote(1, new Vote(2, 0, 0));
        AssertLooking();

        Tell(new ServerUnreachable(3));

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_server_that_everyone_votes_for_and_that_is_gone_is_not_elected()
    {
        Start(1);
        Vote(3, new Vote(3, 0, 0));

        Tell(new ServerUnreachable(3));

        AssertLooking();
        Assert.Equal(new Vote(1, 0, 0), Told(2).OfType<Notification>().Last().Vote);
        Vote(2, new Vote(2, 0, 0), round: 2);
        Assert.Equal(2, Status().Leader);
    }

    [Fact]
    public void A_vote_is_said_again_in_growing_intervals()
    {
        Start(1);
        Told(2);

        Time.Advance(Settings.NotificationInterval);
        Assert.Single(Told(2));
        Time.Advance(Settings.NotificationInterval);
        Assert.Empty(Told(2));
        Time.Advance(Settings.NotificationInterval);
        Assert.Single(Told(2));
    }

    [Fact]
    public void A_server_that_is_behind_with_its_election_is_told_how_it_stands()
    {
        Start(3);
        Vote(2, new Vote(2, 0, 0), round: 4);
        Told(1);

        Vote(1, new Vote(1, 0, 0), round: 1);

        Assert.Equal(4, Assert.IsType<Notification>(Assert.Single(Told(1))).Round);
    }

    [Fact]
    public void A_running_ensemble_is_joined_when_its_leader_says_so_too()
    {
        Start(1, currentEpoch: 9, batches: [Batch(9, 1, 100)]);

        Vote(3, new Vote(2, 5, 7), round: 30, ServerRole.Following);
        AssertLooking();
        Vote(2, new Vote(2, 5, 7), round: 31, ServerRole.Leading);

        Assert.Equal((ServerRole.Following, 2), (Status().Role, Status().Leader));
    }

    [Fact]
    public void A_server_that_is_looking_is_told_whom_this_one_follows()
    {
        Start(1);
        Vote(3, new Vote(3, 0, 0));
        Vote(2, new Vote(3, 0, 0));
        Told(2);

        Vote(2, new Vote(2, 0, 0), round: 5);

        Assert.Equal(
            new Notification(
                1, ServerRole.Following, 1, new Vote(3, 0, 0)), Assert.Single(Told(2).OfType<Notification>()));
    }

    [Fact]
    public void A_server_alone_leads_at_once()
    {
        Start(1, voters: [1]);

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_server_without_a_vote_joins_whom_the_others_elect()
    {
        Start(9, observers: [9]);
        Assert.Equal(default, Assert.IsType<Notification>(Assert.Single(Told(3))).Vote);

        Vote(3, new Vote(3, 0, 0), round: 8, ServerRole.Leading);
        Vote(1, new Vote(3, 0, 0), round: 8, ServerRole.Following);

        Assert.Equal(MemberRole.Observer, Next<FollowerInfo>(3).Role);
        Assert.Equal(ServerRole.Observing, Status().Role);
    }
}
