using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.MembershipTests;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Elections where votes differ in weight, and while the ensemble changes.</summary>
public class ElectionMembershipTests : PeerTest
{
    [Fact]
    public void A_server_whose_vote_weighs_nothing_never_votes_for_itself_and_joins_whom_the_others_elect()
    {
        Weights[3] = 0;
        Start(3);
        Assert.Equal(Akka.Zab.Protocol.Vote.None, Assert.IsType<Notification>(Assert.Single(Told(1))).Vote);

        Vote(1, new Vote(2, 0, 0));
        Vote(2, new Vote(2, 0, 0));

        Assert.Equal((ServerRole.Following, 2), (Status().Role, Status().Leader));
    }

    [Fact]
    public void A_vote_that_weighs_more_than_the_others_together_decides()
    {
        Weights[3] = 3;
        Start(3);

        Tell(new ServerUnreachable(1));
        Tell(new ServerUnreachable(2));

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void While_a_change_is_not_committed_a_leader_needs_the_votes_of_both_ensembles()
    {
        Reconfigurable = true;
        Start(3, currentEpoch: 1, batches: [Change(1, 1, 3, 4, 5)], observers: [4, 5]);
        var vote = new Vote(3, Zxid.Of(1, 1), 1);

        Vote(4, vote);
        Vote(5, vote);
        Time.Advance(Settings.FinalizeWait);
        AssertLooking();
        Vote(1, vote);
        Time.Advance(Settings.FinalizeWait);

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void That_the_change_is_committed_another_server_may_say()
    {
        Reconfigurable = true;
        Start(3, currentEpoch: 1, batches: [Change(1, 1, 3, 4, 5)], observers: [4, 5]);
        var vote = new Vote(3, Zxid.Of(1, 1), 1);

        From(4, new Notification(
            4, ServerRole.Looking, 2, vote, Version: Zxid.Of(1, 1), Settled: Zxid.Of(1, 1)));
        Vote(5, vote, round: 2);

        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_server_that_lacks_the_configuration_is_told_it_once()
    {
        Reconfigurable = true;
        Start(3, currentEpoch: 1, batches: [Change(1, 1, 1, 2, 3)], observers: [4]);
        Told(4);

        From(4, new Notification(4, ServerRole.Looking, 1, Akka.Zab.Protocol.Vote.None));
        var told = Assert.IsType<Notification>(Assert.Single(Told(4)));
        Assert.Contains("server.1=a1:1:2:participant", told.Config, StringComparison.Ordinal);
        Assert.True(told.IsAnswer);

        From(4, new Notification(4, ServerRole.Looking, 1, Akka.Zab.Protocol.Vote.None, IsAnswer: true));
        Assert.Empty(Told(4));
    }
}
