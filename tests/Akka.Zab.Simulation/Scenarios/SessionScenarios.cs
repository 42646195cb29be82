using Akka.Zab.Client;
using Akka.Zab.Protocol;

namespace Akka.Zab.Simulation.Scenarios;

/// <summary>What went wrong with sessions and what hangs on them.</summary>
public class SessionScenarios : Scenario
{
    /// <summary>
    /// ZOOKEEPER-710. A client tried one server, was too slow there, and connected to another. The first one's question
    /// for the session reached the leader late, and bound the session to that server, where no client was any more.
    /// From then on every write was refused because the session had moved, for ever: the client's connection stayed as
    /// it was. Here the late question arrives, and the client's next write ends its connection, so that it connects
    /// anew.
    /// </summary>
    [Fact]
    public void ZooKeeper_710_a_late_question_for_a_session_does_not_take_it_away_for_good()
    {
        Serve(1, 2, 3);
        var client = Connect("a", 1);
        Create(client, "/x");
        Stage.Settle();

        // Server 2's question is on its way to the leader when the client gives up and goes back to server 1.
        client.Connect(Stage.Server(2));
        Assert.Contains(Stage.Waiting(2, 3), message => message is ForwardWrites);
        client.Connect(Stage.Server(1));
        Exchange(3, 1);
        Assert.True(client.IsConnected);
        Stage.Settle();

        Create(client, "/refused");
        Stage.Settle();
        Assert.False(client.IsConnected);
        client.Connect(Stage.Server(1));
        Stage.Until(() => client.IsConnected);
        Create(client, "/accepted");
        Stage.Settle();

        Assert.True(IsAcknowledged("/accepted"));
        AllIsWell();
    }

    /// <summary>
    /// ZOOKEEPER-2355. A follower failed while it read the proposal that closed a session. It had noted the zxid before
    /// it had the rest, so when it joined again, nothing was sent to it that it seemed to have. Its copy of the
    /// session's ephemeral znode was never deleted, and when it became the leader nobody else's view counted. Here the
    /// proposal, or the message after it, gets lost on its way to server 2, which leads afterwards.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ZooKeeper_2355_the_end_of_a_session_reaches_a_follower_that_failed_while_it_was_told(bool theProposal)
    {
        Serve(1, 2, 3);
        var client = Connect("a", 3);
        Create(client, "/here", CreateMode.Ephemeral);
        Stage.Settle();
        Assert.True(Has(2, "/here"));

        client.Send(new CloseSession());
        if (!theProposal)
            Stage.Deliver<Propose>(3, 2);
        else
            Stage.DeliverBefore<Propose>(3, 2);
        if (theProposal)
            Stage.Lose(3, 2);
        Exchange(3, 1);
        if (!theProposal)
            Stage.Lose(3, 2);
        Stage.Settle();
        Stage.Until(() => Stage.Server(2).Serves);
        Lose(3);
        Stage.Until(() => Stage.Server(2).Leads && Stage.Server(1).Serves);

        Assert.False(Has(1, "/here"));
        Assert.False(Has(2, "/here"));
        Stage.Start(3);
        Stage.Until(() => Stage.AllAreEqual);
        Assert.False(Has(3, "/here"));
        Assert.Empty(Stage.Failures);
    }
}
