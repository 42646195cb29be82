using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Scripts;

namespace Akka.Zab.Simulation.Scenarios;

/// <summary>What went wrong with epochs and votes.</summary>
public class ElectionScenarios : Scenario
{
    /// <summary>
    /// ZOOKEEPER-1277. The counter in the lower half of the zxid was incremented without a look at its end. After 2^32
    /// writes it ran over into the epoch, and no server could make sense of the zxids that followed. Here an epoch has
    /// room for six transactions, and clients write on and on.
    /// </summary>
    [Fact]
    public void ZooKeeper_1277_the_counter_never_runs_over_into_the_epoch()
    {
        Stage = new Stage(settings: new PeerSettings { LastCounter = 6 });
        Serve(1, 2, 3);
        var written = 0;
        for (var round = 0; round < 8; round++)
        {
            Stage.Until(() => Array.TrueForAll(Stage.Servers, server => server.Serves));
            var client = Stage.Client($"client-{round}");
            client.Connect(Stage.Server(1 + (round % 3)));
            Stage.Run(TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < 4 && client.IsConnected; i++)
                Create(client, $"/{written++}");
            Stage.Run(TimeSpan.FromSeconds(1));
        }

        AllIsWell();
        Assert.All(Stage.AllCommitted.Keys, zxid => Assert.InRange(Zxid.Counter(zxid), 1u, 6u));
        Assert.True(Stage.AllCommitted.Keys.Select(Zxid.Epoch).Distinct().Count() >= 3);
    }

    /// <summary>
    /// ZOOKEEPER-1732. A server that looked for a leader compared the votes of those who had one in full. But they had
    /// come to their leader in different rounds, with different histories, so their votes differed for ever, and the
    /// newcomer never saw a quorum of equal ones. Here servers 1 and 3 have come twice, and in another round than the
    /// others.
    /// </summary>
    [Fact]
    public void ZooKeeper_1732_a_newcomer_joins_an_ensemble_whose_votes_differ()
    {
        Stage = new Stage(voters: 5);
        Serve(3, 4, 5);
        var client = Connect("a", 5);
        Create(client, "/x");
        Stage.Settle();
        Serve(1);
        Create(client, "/y");
        Stage.Settle();

        // Servers 3 and 1 lose their leader and come back, a round later than the others.
        foreach (var id in new[] { 3, 1 })
        {
            Stage.Unreachable(id, 5);
            Stage.Until(() => Stage.Server(id).Serves);
        }

        Create(client, "/z");
        Stage.Settle();
        var epoch = Stage.Status(5).Epoch;

        Stage.Start(2);
        int[] others = [1, 3, 4, 5];
        foreach (var other in others)
            Stage.DeliverAll(2, other);
        var votes = others.SelectMany(other => Stage.Waiting(other, 2)).Cast<Notification>().ToArray();
        Assert.Equal(4, votes.Length);
        Assert.True(votes.Select(vote => (vote.Round, vote.Vote)).Distinct().Count() > 1);
        Stage.Settle();

        Assert.True(Stage.Server(2).Serves);
        Assert.True(Stage.Server(5).Leads);
        Assert.Equal(epoch, Stage.Status(5).Epoch);
        AllIsWell();
    }
}
