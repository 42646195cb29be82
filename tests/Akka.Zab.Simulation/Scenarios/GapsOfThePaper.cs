using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Scripts;

namespace Akka.Zab.Simulation.Scenarios;

/// <summary>
/// The paper on ZAB leaves open what happens between NEWLEADER and its acknowledgement, when a follower joins a leader
/// that is at work already. Who implements it to the letter finds three gaps.
/// </summary>
public class GapsOfThePaper : Scenario
{
    /// <summary>
    /// The first: the leader sends proposals to its followers, and a follower is one when it has acknowledged
    /// NEWLEADER. What is proposed after its NEWLEADER was sent and before that acknowledgement has arrived would reach
    /// it neither as history nor as a proposal. Here everyone who was sent NEWLEADER is sent every proposal from then
    /// on.
    /// </summary>
    [Fact]
    public void The_first_gap_what_is_proposed_after_NEWLEADER_was_sent_is_sent_too()
    {
        Serve(2, 3);
        var client = Connect("a", 3);
        Stage.Start(1);
        Stage.RunUntilSent(3, 1, "NEWLEADER");
        Create(client, "/x");

        Assert.Equal(
            [typeof(NewLeader), typeof(Propose)],
            Stage.Waiting(3, 1).Where(message => message is NewLeader or Propose).Select(message => message.GetType()));
        Exchange(3, 2);
        Assert.True(IsAcknowledged("/x"));
        AllIsWell();
    }

    /// <summary>
    /// The second: a proposal that is under way when a follower joins is a part of the history that it is sent, and may
    /// be proposed to it again. A follower that takes it twice has a history with a repetition in it. Here nothing is
    /// sent twice on a link, the acknowledgement of NEWLEADER counts for what was under way, and what the network
    /// repeats ends the link.
    /// </summary>
    [Fact]
    public void The_second_gap_nothing_is_in_a_history_twice()
    {
        Serve(2, 3);
        var client = Connect("a", 3);
        Stage.Start(1);
        Stage.RunUntilSent(1, 3, "ACKEPOCH");
        Create(client, "/x");
        Stage.DeliverAll(1, 3);
        Stage.LoseAll(3, 2);
        Lose(2);

        // The leader and server 1 are the quorum now.
        Assert.Single(Stage.Waiting(3, 1), message => ScriptText.Of(message).Contains("create /x"));
        Exchange(3, 1);
        Assert.True(IsAcknowledged("/x"));

        Create(client, "/y");
        Stage.DeliverBefore<Propose>(3, 1);
        Stage.Duplicate(3, 1);
        Stage.Settle();
        Stage.Until(() => Stage.Server(1).Serves && Stage.Server(3).Serves);

        var history = Stage.Disk(1).State.TakeBatches().Select(batch => batch.LastZxid).ToArray();
        Assert.Equal(history.Distinct().Order(), history);
        AllIsWell();
    }

    /// <summary>
    /// The third: after the acknowledgement of NEWLEADER the leader tells the follower that it is up to date, as far as
    /// that NEWLEADER went. What was committed since, by others, the follower holds and does not know to be committed.
    /// It would serve clients with a state that some of them have seen the successor of. Here UPTODATE speaks of
    /// everything that is committed by then.
    /// </summary>
    [Fact]
    public void The_third_gap_UPTODATE_covers_what_was_committed_since_NEWLEADER()
    {
        Serve(2, 3);
        var client = Connect("a", 3);
        Stage.Start(1);
        Stage.RunUntilSent(3, 1, "NEWLEADER");
        Create(client, "/x");
        Exchange(3, 2);
        Assert.True(IsAcknowledged("/x"));

        Stage.DeliverAll(3, 1);
        FlushAll(1);
        Stage.DeliverAll(1, 3);
        var upToDate = Stage.Deliver<UpToDate>(3, 1);

        Assert.Equal(Stage.Server(3).Tree.LastZxid, upToDate.Committed);
        Assert.True(Has(1, "/x"));
        client.Leave();
        client.Connect(Stage.Server(1));
        Stage.Until(() => client.IsConnected);
        AllIsWell();
    }
}
