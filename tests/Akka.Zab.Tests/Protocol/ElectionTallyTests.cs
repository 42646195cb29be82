using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Protocol;

public class ElectionTallyTests
{
    private static readonly MajorityQuorum ThreeServers = new(new ServerSet(1, 2, 3));

    [Theory]
    [InlineData(2, 100, 1, 1, 100, 9, true)] // the later epoch
    [InlineData(1, 101, 1, 1, 100, 9, true)] // the longer history
    [InlineData(1, 100, 9, 1, 100, 1, true)] // the greater id
    [InlineData(1, 100, 1, 1, 100, 1, false)] // a vote is not better than itself
    [InlineData(1, 999, 9, 2, 0, 1, false)] // an epoch outweighs any length
    public void The_better_vote_has_the_later_epoch_then_the_longer_history_then_the_greater_id(
        int epoch, long zxid, int leader, int otherEpoch, long otherZxid, int otherLeader, bool better)
    {
        var vote = new Vote(leader, zxid, epoch);
        var other = new Vote(otherLeader, otherZxid, otherEpoch);

        Assert.Equal(better, vote.IsBetterThan(other));
        if (better)
            Assert.False(other.IsBetterThan(vote));
    }

    [Fact]
    public void An_election_is_decided_at_once_when_every_server_that_can_be_reached_agrees()
    {
        var tally = Begin(3);

        tally.Receive(Looking(1, 1, new Vote(3, 0, 0)));
        Assert.Equal(ElectionStanding.QuorumAgrees, tally.Standing(default));

        tally.Receive(Looking(2, 1, new Vote(3, 0, 0)));
        Assert.Equal(ElectionStanding.Decided, tally.Standing(default));
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_not_waited_for()
    {
        var tally = Begin(2);

        tally.Receive(Looking(1, 1, new Vote(2, 0, 0)));

        Assert.Equal(ElectionStanding.QuorumAgrees, tally.Standing(default));
        Assert.Equal(ElectionStanding.Decided, tally.Standing(new ServerSet(3)));
    }

    [Fact]
    public void No_quorum_no_leader_even_if_nobody_else_can_be_reached()
    {
        var tally = Begin(2);

        Assert.Equal(ElectionStanding.Open, tally.Standing(new ServerSet(1, 3)));
    }

    [Fact]
    public void A_better_vote_is_taken_over_and_told()
    {
        var tally = Begin(1);

        var step = tally.Receive(Looking(2, 1, new Vote(2, 0, 0)));

        Assert.Equal(ElectionStep.Broadcast, step);
        Assert.Equal(2, tally.Vote.Leader);
    }

    [Fact]
    public void A_worse_vote_is_answered_with_the_own()
    {
        var tally = Begin(3);

        Assert.Equal(ElectionStep.Reply, tally.Receive(Looking(1, 1, new Vote(1, 0, 0))));
        Assert.Equal(3, tally.Vote.Leader);
    }

    [Fact]
    public void A_vote_of_an_earlier_round_is_answered_and_not_counted()
    {
        var tally = Begin(1);
        tally.Begin(new Vote(1, 0, 0));

        Assert.Equal(ElectionStep.Reply, tally.Receive(Looking(2, 1, new Vote(1, 0, 0))));
        Assert.Equal(ElectionStanding.Open, tally.Standing(default));
    }

    [Fact]
    public void A_later_round_makes_the_votes_of_this_one_void()
    {
        var tally = Begin(2);
        tally.Receive(Looking(1, 1, new Vote(2, 0, 0)));

        var step = tally.Receive(Looking(3, 7, new Vote(1, 5, 0)));

        Assert.Equal(ElectionStep.Broadcast, step);
        Assert.Equal(7, tally.Round);
        Assert.Equal(new Vote(1, 5, 0), tally.Vote);
        Assert.Equal(new ServerSet(2, 3), tally.Agreeing);
    }

    [Fact]
    public void A_later_round_does_not_bring_back_a_vote_that_was_taken_over_in_this_one()
    {
        var tally = Begin(1);
        tally.Receive(Looking(3, 1, new Vote(3, 50, 0)));

        tally.Receive(Looking(2, 2, new Vote(2, 0, 0)));

        Assert.Equal(new Vote(2, 0, 0), tally.Vote);
    }

    [Fact]
    public void A_running_leader_is_joined_when_a_quorum_follows_it_and_it_says_so_itself()
    {
        var tally = Begin(1);

        tally.Receive(new Notification(2, ServerRole.Following, 9, new Vote(3, 0, 4)));
        Assert.Null(tally.RunningLeader());

        tally.Receive(new Notification(3, ServerRole.Leading, 9, new Vote(3, 7, 5)));
        Assert.Equal(3, tally.RunningLeader()!.Sender);
    }

    [Fact]
    public void A_leader_that_nobody_follows_is_not_joined()
    {
        var tally = Begin(1);

        tally.Receive(new Notification(3, ServerRole.Leading, 9, new Vote(3, 0, 0)));

        Assert.Null(tally.RunningLeader());
    }

    [Fact]
    public void Followers_of_a_leader_that_is_looking_again_are_not_believed()
    {
        var tally = Begin(1);
        tally.Receive(new Notification(3, ServerRole.Leading, 9, new Vote(3, 0, 0)));

        tally.Receive(Looking(3, 10, new Vote(3, 0, 0)));
        tally.Receive(new Notification(2, ServerRole.Following, 9, new Vote(3, 0, 0)));

        Assert.Null(tally.RunningLeader());
    }

    [Fact]
    public void A_server_without_a_vote_is_not_counted()
    {
        var tally = Begin(2);

        tally.Receive(Looking(9, 1, new Vote(2, 0, 0)));

        Assert.Equal(new ServerSet(2), tally.Agreeing);
    }

    [Fact]
    public void A_server_without_a_vote_learns_and_never_answers_so_that_no_two_servers_answer_each_other_for_ever()
    {
        var tally = new ElectionTally(9, ThreeServers);
        tally.Begin(Vote.None);

        Assert.Equal(ElectionStep.None, tally.Receive(Looking(3, 1, new Vote(3, 0, 0))));
        Assert.Equal(ElectionStep.None, tally.Receive(Looking(1, 1, new Vote(1, 0, 0))));
        Assert.Equal(ElectionStep.None, tally.Receive(Looking(8, 1, default)));
        Assert.Equal(3, tally.Vote.Leader);
        Assert.Equal(ElectionStep.Reply, Begin(3).Receive(Looking(9, 1, default)));
    }

    [Fact]
    public void Whatever_the_order_of_arrival_all_servers_elect_the_same_and_best()
    {
        // The server with the longest history is neither the first nor the last by id.
        Vote[] own = [new(1, 10, 1), new(2, 30, 1), new(3, 20, 1)];
        var outcomes = new AllOrders(own).Explore();

        Assert.True(outcomes.Runs > 1000, $"only {outcomes.Runs} orders were tried");
        Assert.Equal([2], outcomes.Leaders);
    }

    [Fact]
    public void Whatever_the_order_of_arrival_a_tie_goes_to_the_greatest_id()
    {
        Vote[] own = [new(1, 10, 1), new(2, 10, 1), new(3, 10, 1)];

        Assert.Equal([3], new AllOrders(own).Explore().Leaders);
    }

    private static ElectionTally Begin(int self)
    {
        var tally = new ElectionTally(self, ThreeServers);
        tally.Begin(new Vote(self, 0, 0));
        return tally;
    }

    private static Notification Looking(int sender, long round, Vote vote) =>
        new(sender, ServerRole.Looking, round, vote);

    /// <summary>
    /// Three servers that begin an election at once, and every order in which their messages can arrive when those
    /// between two servers stay in order. Each run is played anew from its list of choices.
    /// </summary>
    private sealed class AllOrders(Vote[] own)
    {
        private readonly SortedSet<int> leaders = [];
        private int runs;

        public (int Runs, int[] Leaders) Explore()
        {
            var choices = new List<(int Taken, int Of)>();
            do
            {
                Play(choices);
                runs++;
                while (choices.Count > 0 && choices[^1].Taken == choices[^1].Of - 1)
                    choices.RemoveAt(choices.Count - 1);
                if (choices.Count > 0)
                    choices[^1] = choices[^1] with { Taken = choices[^1].Taken + 1 };
            }
            while (choices.Count > 0 && runs < 200_000);
            return (runs, [.. leaders]);
        }

        private void Play(List<(int Taken, int Of)> choices)
        {
            var tallies = new ElectionTally[3];
            var channels = new Queue<Notification>[9];
            for (var i = 0; i < 9; i++)
                channels[i] = new Queue<Notification>();
            for (var i = 0; i < 3; i++)
            {
                tallies[i] = new ElectionTally(i + 1, ThreeServers);
                tallies[i].Begin(own[i]);
            }

            for (var i = 0; i < 3; i++)
                Broadcast(i);

            for (var step = 0; ; step++)
            {
                var ready = Enumerable.Range(0, 9).Where(c => channels[c].Count > 0).ToArray();
                if (ready.Length == 0)
                    break;
                if (step == choices.Count)
                    choices.Add((0, ready.Length));
                var channel = ready[choices[step].Taken];
                var to = channel % 3;
                var notification = channels[channel].Dequeue();
                var next = tallies[to].Receive(notification);
                if (next.HasFlag(ElectionStep.Broadcast))
                    Broadcast(to);
                else if (next.HasFlag(ElectionStep.Reply))
                    channels[(to * 3) + notification.Sender - 1].Enqueue(Say(to));
            }

            foreach (var tally in tallies)
            {
                Assert.Equal(ElectionStanding.Decided, tally.Standing(default));
                leaders.Add(tally.Vote.Leader);
            }

            void Broadcast(int from)
            {
                for (var to = 0; to < 3; to++)
                {
                    if (to != from)
                        channels[(from * 3) + to].Enqueue(Say(from));
                }
            }

            Notification Say(int from) => Looking(from + 1, tallies[from].Round, tallies[from].Vote);
        }
    }
}
