using Akka.Actor;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Simulation.Checking;
using Akka.Zab.Simulation.Clients;
using Akka.Zab.Simulation.Faults;
using Akka.Zab.Simulation.Machines;
using Akka.Zab.Simulation.Mutations;
using Akka.Zab.Simulation.Worlds;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Runs;

/// <summary>
/// One run: an ensemble with faults and clients for a while, then the faults stop, and everything must be well again.
/// </summary>
internal sealed class Run : IDisposable
{
    /// <summary>Within this time after the faults have stopped, every server serves again.</summary>
    public static readonly TimeSpan ServesAgainWithin = TimeSpan.FromSeconds(20);

    /// <summary>Within this time after the last request, every server has everything.</summary>
    public static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(10);

    private readonly FaultPlan faults;
    private readonly Workload workload;

    /// <param name="seed">Chooses everything.</param>
    /// <param name="mutation">What is wrong with the protocol; null for nothing.</param>
    /// <param name="keepTrace">Whether the whole trace is kept as text.</param>
    public Run(int seed, Mutation? mutation = null, bool keepTrace = false)
    {
        Seed = seed;
        var options = OptionsFor(seed) with { KeepTrace = keepTrace };
        World = new World(mutation is null ? options : mutation.Change(options));
        mutation?.Apply(World);
        faults = new FaultPlan(World, meanGapMs: 100 + World.Chance.Next(900));
        workload = new Workload(World, clients: 4, thinkMs: 100);
    }

    public int Seed { get; }

    public World World { get; }

    /// <summary>What the seed says the ensemble is like.</summary>
    public static WorldOptions OptionsFor(int seed)
    {
        var chance = new Random(seed * 7919);
        var kind = chance.Next(10);
        return new WorldOptions
        {
            Seed = seed,
            Participants = kind == 0 ? 5 : 3,
            Observers = kind is 1 or 2 or 3 ? 1 : 0,
            Strangers = kind is 3 or 4 or 5 ? chance.Next(1, 3) : 0,
            SnapshotAfterTxns = chance.Next(20, 300),
            KeepSnapshots = chance.Next(1, 4),
            Peers = new PeerSettings
            {
                Tick = TimeSpan.FromMilliseconds(chance.Next(100, 400)),
                InitLimit = chance.Next(5, 15),
                SyncLimit = chance.Next(3, 8),
                HistoryInMemory = chance.Next(2) == 0 ? chance.Next(200, 5_000) : 1 << 20,
                RenewHeadAfter = 2_000,
                MaxBatchBytes = chance.Next(3) == 0 ? 200 : 256 * 1024,
                MaxOutstandingBatches = chance.Next(1, 5),
                LastCounter = chance.Next(4) == 0 ? (uint)chance.Next(20, 300) : Zxid.LastCounter,
            },
        };
    }

    /// <summary>The whole of it.</summary>
    /// <exception cref="SimulationFailedException">Something is wrong.</exception>
    public void Complete(TimeSpan faultsFor)
    {
        World.StartAll();
        workload.Start();
        faults.Start();
        World.RunFor(faultsFor);
        faults.StopAll();
        World.RunUntil(
            () => World.Members.All(server => server.Serves), ServesAgainWithin, "that every server serves again");
        // A link that was cut still counts as one until its silence is noticed: who is heard there, the leader does not
        // learn of.
        World.RunFor(World.Options.Peers.Tick * (World.Options.Peers.SyncLimit + 1));
        World.RunUntil(
            () => World.Members.All(server => server.Serves), ServesAgainWithin, "that every server serves again");
        var calmSince = World.Now;
        World.RunFor(TimeSpan.FromSeconds(1));
        workload.Stop();
        World.RunUntil(
            () => World.Clients.All.All(client => client.UnderWay == 0) && IsSettled(), SettlesWithin,
            "that every request is answered and every server has everything");
        World.RunFor(TimeSpan.FromMilliseconds(20));
        CheckTrees();
        CheckClients(calmSince);
    }

    public void Dispose() => World.Dispose();

    private bool IsSettled() =>
        World.Members.All(server => server.Serves && server.Position == World.Safety.Length);

    private void CheckClients(long calmSince)
    {
        var tick = (long)World.Options.Peers.Tick.TotalMicroseconds;
        var bounds = new SessionBounds(tick, (4 * tick) + 100_000, calmSince, World.Now);
        var violations = ClientChecks.Violations(World.ClientEvents, World.Committed, World.Leaders, bounds);
        if (violations.Count > 0)
            throw new SimulationFailedException(string.Join("; ", violations.Take(3)));
    }

    private void CheckTrees()
    {
        // A client that connects meanwhile makes one tree newer than another.
        for (var tries = 0; ; tries++)
        {
            var trees = Trees();
            if (trees.Exists(tree => tree.LastZxid != trees[0].LastZxid) && tries < 20)
            {
                World.RunFor(TimeSpan.FromMilliseconds(30));
                continue;
            }

            if (trees.Exists(tree => tree.LastZxid != trees[0].LastZxid || tree.Digest() != trees[0].Digest()))
                throw new SimulationFailedException("the trees of the servers are not equal");
            return;
        }
    }

    private List<ZnodeTree> Trees()
    {
        var trees = new List<ZnodeTree>();
        var members = World.Members.ToArray();
        foreach (var server in members)
        {
            var answer = new WatchedRef(
                (IInternalActorRef)server.ReplicaRef, message =>
                {
                    trees.Add(((TreeSnapshot)message).Tree);
                    return null;
                });
            server.ReplicaRef.Tell(new GetTree(), answer);
        }

        World.RunUntil(() => trees.Count == members.Length, TimeSpan.FromSeconds(1), "that all tell their trees");
        return trees;
    }
}
