using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>Three real peers: they elect, write, crash and go on, in whatever order messages and disks choose.</summary>
public class EnsembleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>SIMULATION_SEEDS says how many runs of each kind there are.</summary>
    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? "40"))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Three_servers_elect_write_lose_their_leader_and_go_on(int seed)
    {
        using var world = Serving(seed);
        var first = world.Leader!;
        world.OpenSession(first);
        var acknowledged = Enumerable.Range(0, 20).Select(_ => world.Write(first)).ToArray();
        world.Until(() => acknowledged.All(world.WasDelivered), Soon);
        var under_way = world.Write(first);
        world.Run(seed % 7);

        world.Crash(first);
        world.Until(() => world.Leader is not null, Soon);
        var second = world.Leader!;
        Assert.NotEqual(first, second);
        world.Until(() => second.Tree.TryGetSession(World.Session, out _), Soon);
        var later = world.Write(second);
        world.Until(() => world.WasDelivered(later), Soon);

        world.Start(first);
        world.Until(() => AllAreEqual(world), Soon);
        Assert.All(acknowledged, request => Assert.Contains(second.Deliveries.Values, txn => txn.Request == request));
        Assert.True(first.Deliveries.Count <= 23 && under_way > 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_crashes_is_cut_off_and_gets_lost_no_delivered_write_is_ever_undone(int seed)
    {
        var chance = new Random(seed * 7919);
        using var world = new World(seed, settings: new PeerSettings { HistoryInMemory = seed % 2 == 0 ? 400 : 1 << 20 });
        foreach (var server in world.Servers)
            world.Start(server);
        for (var i = 0; i < 400; i++)
        {
            world.Run(chance.Next(12));
            var server = world.Servers[chance.Next(3)];
            switch (chance.Next(14))
            {
                case 0 when server.IsUp:
                    world.Crash(server, noticed: chance.Next(3) > 0);
                    break;
                case 1 when chance.Next(4) == 0:
                    // The leader and one more at once; the leader stays away for a while.
                    CrashWithTheLeader(world, server);
                    break;
                case 1 or 2 when !server.IsUp:
                    world.Start(server);
                    break;
                case 3:
                    world.LoseOne();
                    break;
                case 4:
                    world.Cut(server, world.Servers[chance.Next(3)]);
                    break;
                case 5 or 6:
                    world.Heal();
                    break;
                case 7:
                    world.Time.Advance(TimeSpan.FromMilliseconds(chance.Next(1500)));
                    break;
                default:
                    WriteSomething(world, server);
                    break;
            }
        }

        // The faults stop: the ensemble comes back to serving, and everyone has the same.
        world.Heal();
        foreach (var server in world.Servers.Where(server => !server.IsUp))
            world.Start(server);
        world.Until(() => world.Servers.All(server => server.Serves), TimeSpan.FromMinutes(2));
        world.Until(() => AllAreEqual(world), Soon);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_servers_crash_at_once_and_every_delivered_write_is_there_afterwards(int seed)
    {
        using var world = Serving(seed);
        world.OpenSession(world.Leader!);
        var requests = Enumerable.Range(0, 10).Select(_ => world.Write(world.Leader!)).ToArray();
        world.Run(20 + seed);
        var delivered = requests.Where(world.WasDelivered).ToArray();

        foreach (var server in world.Servers)
            world.Crash(server, noticed: false);
        foreach (var server in world.Servers)
            world.Start(server);
        world.Until(() => world.Servers.All(server => server.Serves), Soon);

        foreach (var server in world.Servers)
            Assert.All(delivered, request => Assert.Contains(server.Deliveries.Values, txn => txn.Request == request));
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        Assert.Equal(Trace(5), Trace(5));
        Assert.NotEqual(Trace(5), Trace(6));

        static string Trace(int seed)
        {
            using var world = Serving(seed);
            world.OpenSession(world.Leader!);
            for (var i = 0; i < 30; i++)
                world.Write(world.Leader!);
            world.Run(200);
            return world.Trace.ToString();
        }
    }

    private static World Serving(int seed)
    {
        var world = new World(seed);
        foreach (var server in world.Servers)
            world.Start(server);
        world.Until(() => world.Leader is not null && world.Servers.All(server => server.Serves), Soon);
        return world;
    }

    private static void WriteSomething(World world, Server server)
    {
        if (!server.Serves)
            return;
        if (server.Tree.TryGetSession(World.Session, out _))
            world.Write(server);
        else
            world.Write(server, new Akka.Zab.Tree.OpenSession(World.Session, new byte[16], 4000));
    }

    private static void CrashWithTheLeader(World world, Server server)
    {
        var leader = world.Leader;
        foreach (var crashed in new[] { leader, server }.Distinct())
        {
            if (crashed is { IsUp: true })
                world.Crash(crashed);
        }

        foreach (var other in world.Servers)
        {
            if (!other.IsUp && other != leader)
                world.Start(other);
        }

        world.Run(150);
    }

    private static bool AllAreEqual(World world) =>
        world.Leader is { } leader
        && world.Servers.All(server => server.Serves && server.Tree.LastZxid == leader.Tree.LastZxid)
        && world.Servers.All(server => server.Tree.Digest() == leader.Tree.Digest());
}
