using Akka.Zab.Protocol;
using static Akka.Zab.Tests.Protocol.Batches;
using Promises = Akka.Zab.Protocol.Discovery; // Akka.Discovery is a namespace

namespace Akka.Zab.Tests.Protocol;

public class ProposalWindowTests
{
    private static readonly MajorityQuorum FiveServers = new(new ServerSet(1, 2, 3, 4, 5));

    [Fact]
    public void A_minority_commits_nothing()
    {
        var window = Established(1, 2, 3);
        window.Propose(Batch(1, 1, 4));

        window.Acknowledge(1, Zxid.Of(1, 4));
        window.Acknowledge(2, Zxid.Of(1, 4));

        Assert.False(window.Advance());
        Assert.Equal(0, window.Committed);
        Assert.Equal(1, window.OutstandingBatches);
    }

    [Fact]
    public void A_quorum_commits_everything_before_too()
    {
        var window = Established(1, 2, 3);
        window.Propose(Batch(1, 1, 4));
        window.Propose(Batch(1, 5, 5));
        window.Propose(Batch(1, 6, 6));

        window.Acknowledge(1, Zxid.Of(1, 6));
        window.Acknowledge(2, Zxid.Of(1, 5));
        window.Acknowledge(3, Zxid.Of(1, 4));
        Assert.True(window.Advance());
        Assert.Equal(Zxid.Of(1, 4), window.Committed);

        window.Acknowledge(3, Zxid.Of(1, 6));
        Assert.True(window.Advance());
        Assert.Equal(Zxid.Of(1, 5), window.Committed);
        Assert.Equal(1, window.OutstandingBatches);
        Assert.Equal(BatchBytes, window.OutstandingBytes);
    }

    [Fact]
    public void The_leader_is_not_needed_for_a_quorum()
    {
        var window = Established(1, 2, 3, 4);
        window.Propose(Batch(1, 1, 1));

        foreach (var server in new[] { 2, 3, 4 })
            window.Acknowledge(server, Zxid.Of(1, 1));

        Assert.True(window.Advance());
    }

    [Fact]
    public void Who_has_not_acknowledged_NEWLEADER_is_not_counted()
    {
        var window = Established(1, 2, 3);
        window.Propose(Batch(1, 1, 1));
        window.Acknowledge(1, Zxid.Of(1, 1));
        window.Acknowledge(2, Zxid.Of(1, 1));

        window.Acknowledge(4, Zxid.Of(1, 1));

        Assert.False(window.Advance());
    }

    [Fact]
    public void What_was_said_on_a_link_that_is_gone_is_not_counted()
    {
        var window = Established(1, 2, 3);
        window.Propose(Batch(1, 1, 1));
        window.Acknowledge(2, Zxid.Of(1, 1));
        window.Acknowledge(3, Zxid.Of(1, 1));

        window.Leave(3);
        window.Acknowledge(1, Zxid.Of(1, 1));

        Assert.False(window.Advance());
        Assert.False(window.IsEstablished);
    }

    [Fact]
    public void An_older_acknowledgement_takes_nothing_back()
    {
        var window = Established(1, 2, 3);
        window.Propose(Batch(1, 1, 1));
        window.Propose(Batch(1, 2, 2));
        window.Acknowledge(1, Zxid.Of(1, 2));
        window.Acknowledge(2, Zxid.Of(1, 2));
        window.Acknowledge(3, Zxid.Of(1, 2));
        window.Acknowledge(3, Zxid.Of(1, 1));

        window.Advance();

        Assert.Equal(Zxid.Of(1, 2), window.Committed);
    }

    private static ProposalWindow Established(params int[] servers)
    {
        var window = new ProposalWindow(FiveServers, committed: 0);
        foreach (var server in servers)
            window.Join(server, 0);
        Assert.Equal(servers.Length >= 3, window.IsEstablished);
        return window;
    }
}

public class DiscoveryTests
{
    private static readonly MajorityQuorum ThreeServers = new(new ServerSet(1, 2, 3));

    [Fact]
    public void The_new_epoch_is_greater_than_any_that_a_quorum_has_accepted()
    {
        var discovery = new Promises(ThreeServers);

        Assert.False(discovery.Inform(1, 4));
        Assert.Equal(0, discovery.NewEpoch);
        Assert.True(discovery.Inform(3, 6));
        Assert.Equal(7, discovery.NewEpoch);
    }

    [Fact]
    public void The_new_epoch_does_not_change_once_it_was_told()
    {
        var discovery = new Promises(ThreeServers);
        discovery.Inform(1, 4);
        discovery.Inform(2, 4);

        Assert.False(discovery.Inform(3, 9));
        Assert.Equal(5, discovery.NewEpoch);
    }

    [Fact]
    public void A_quorum_has_to_promise_itself()
    {
        var discovery = new Promises(ThreeServers);
        discovery.Inform(1, 0);
        discovery.Inform(2, 0);

        Assert.False(discovery.Promise(1));
        Assert.True(discovery.Promise(2));
        Assert.False(discovery.Promise(3));
    }

    [Fact]
    public void Who_leaves_before_there_is_a_quorum_does_not_count()
    {
        var discovery = new Promises(ThreeServers);
        discovery.Inform(1, 0);
        discovery.Forget(1);

        Assert.False(discovery.Inform(2, 0));
    }
}

public class QuorumConfirmationTests
{
    private static readonly MajorityQuorum ThreeServers = new(new ServerSet(1, 2, 3));

    [Fact]
    public void A_question_is_confirmed_by_a_quorum_that_includes_the_leader()
    {
        var confirmation = new QuorumConfirmation(1, ThreeServers);
        confirmation.Ask();
        var question = confirmation.Ask();

        confirmation.Answer(2, question - 1);
        Assert.Equal(1, confirmation.Confirmed);
        Assert.True(confirmation.IsAsking);

        confirmation.Answer(2, question);
        Assert.Equal(2, confirmation.Confirmed);
        Assert.False(confirmation.IsAsking);
    }

    [Fact]
    public void A_server_alone_needs_no_answer()
    {
        var confirmation = new QuorumConfirmation(1, new MajorityQuorum(new ServerSet(1)));

        Assert.Equal(confirmation.Ask(), confirmation.Confirmed);
    }

    [Fact]
    public void A_server_without_a_vote_confirms_nothing()
    {
        var confirmation = new QuorumConfirmation(1, ThreeServers);

        confirmation.Answer(9, confirmation.Ask());

        Assert.Equal(0, confirmation.Confirmed);
    }
}

public class LinkTests
{
    [Fact]
    public void A_link_takes_consecutive_numbers_only()
    {
        var link = new LinkIn(7);

        Assert.True(link.Accepts(new Ack(7, 1, 0)));
        Assert.False(link.Accepts(new Ack(7, 1, 0)));
        Assert.False(link.Accepts(new Ack(7, 3, 0)));
        Assert.True(link.Accepts(new Ack(7, 2, 0)));
    }

    [Fact]
    public void A_message_of_another_link_is_not_taken() => Assert.False(new LinkIn(7).Accepts(new Ack(8, 1, 0)));
}

public class ServerSetTests
{
    [Fact]
    public void A_set_holds_ids_up_to_255()
    {
        var set = new ServerSet(1, 63, 64, 255);

        Assert.Equal(4, set.Count);
        Assert.True(set.Contains(255));
        Assert.False(set.Contains(2));
        set.Remove(64);
        Assert.Equal(3, set.Count);
        Assert.Equal(new ServerSet(1), set.And(new ServerSet(1, 2)));
        Assert.Equal(new ServerSet(63, 255), set.Except(new ServerSet(1, 2)));
    }

    [Fact]
    public void More_than_half_is_a_majority()
    {
        var four = new MajorityQuorum(new ServerSet(1, 2, 3, 4));

        Assert.False(four.IsReachedBy(new ServerSet(1, 2)));
        Assert.False(four.IsReachedBy(new ServerSet(1, 2, 9)));
        Assert.True(four.IsReachedBy(new ServerSet(1, 2, 3)));
    }
}
