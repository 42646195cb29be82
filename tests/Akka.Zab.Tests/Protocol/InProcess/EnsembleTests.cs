using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>
/// Three real peers: they elect, write, crash and go on, in whatever order messages and disks choose.
/// </summary>
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
        world.AwaitSession(first);
        var acknowledged = Enumerable.Range(0, 20).Select(_ => world.Write(first)).ToArray();
        world.Until(() => acknowledged.All(world.WasDelivered), Soon);
        world.Write(first);
        world.Run(seed % 7);

        world.Crash(first);
        world.Until(() => world.Leader is not null, Soon);
        var second = world.Leader!;
        Assert.NotEqual(first, second);
        world.AwaitSession(second);
        var later = world.Write(second);
        world.Until(() => world.WasDelivered(later), Soon);

        world.Start(first);
        world.Until(() => AllAreEqual(world), Soon);
        Assert.All(acknowledged, request => Assert.Contains(second.Deliveries.Values, txn => txn.Request == request));
        Assert.Equal(first.Deliveries, second.Deliveries);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_crashes_is_cut_off_and_gets_lost_no_delivered_write_is_ever_undone(int seed)
    {
        var chance = new Random(seed * 7919);
        // Every other run keeps so little in memory that learners need the journal, and every fourth a journal that has
        // nothing for them, so that they need snapshots; every third has an observer.
        var settings = new PeerSettings { HistoryInMemory = seed % 2 == 0 ? 400 : 1 << 20 };
        using var world = new World(seed, observers: seed % 3 == 0 ? 1 : 0, settings);
        foreach (var server in world.Servers)
        {
            server.Disk.ForgetsHistory = seed % 4 == 0;
            world.Start(server);
        }

        for (var i = 0; i < 400; i++)
        {
            world.Run(chance.Next(12));
            var server = world.Servers[chance.Next(world.Servers.Length)];
            switch (chance.Next(14))
            {
                case 0 when server.IsUp:
                    world.Crash(server, noticed: chance.Next(3) > 0);
                    break;
                case 1 when chance.Next(4) == 0:
                    // The leader and one more at once; the leader stays away for a while.
                    CrashWithTheLeader(world, server);
                    break;
                case 2 when chance.Next(3) == 0:
                    DeposeTheLeader(world, chance);
                    break;
                case 1 or 2 when !server.IsUp:
                    world.Start(server);
                    break;
                case 3:
                    world.LoseOne();
                    break;
                case 4:
                    world.Cut(server, world.Servers[chance.Next(world.Servers.Length)]);
                    break;
                case 5 or 6:
                    world.Heal();
                    break;
                case 7:
                    world.Time.Advance(TimeSpan.FromMilliseconds(chance.Next(1500)));
                    break;
                default:
                    AskSomething(world, server, chance);
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
    public void A_follower_whose_disk_stands_still_is_let_go_the_others_do_not_wait_and_it_catches_up_later(int seed)
    {
        using var world = new World(seed, settings: new PeerSettings { HistoryInMemory = 400 });
        foreach (var server in world.Servers)
            world.Start(server);
        world.Until(() => world.Leader is not null && world.Servers.All(server => server.Serves), Soon);
        var leader = world.Leader!;
        world.AwaitSession(leader);
        var slow = world.Servers.First(server => server != leader);
        slow.Disk.StandsStill = true;

        for (var i = 0; i < 40; i++)
        {
            var write = world.Write(leader);
            world.Until(() => leader.Deliveries.Values.Any(txn => txn.Request == write), Soon);
        }

        Assert.Contains($"{leader.Id} to {slow.Id}: {nameof(LinkBroken)}", world.Trace.ToString());
        Assert.False(slow.Serves);
        slow.Disk.StandsStill = false;
        world.Until(() => AllAreEqual(world), Soon);
        Assert.Equal(leader, world.Leader);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_snapshot_whose_link_breaks_goes_on_where_it_stopped(int seed)
    {
        using var world = new World(seed, settings: new PeerSettings { HistoryInMemory = 400, SnapshotChunksInFlight = 2 });
        foreach (var server in world.Servers)
        {
            server.Disk.ForgetsHistory = true;
            world.Start(server);
        }

        world.Until(() => world.Leader is not null && world.Servers.All(server => server.Serves), Soon);
        var leader = world.Leader!;
        world.AwaitSession(leader);
        var away = world.Servers.First(server => server != leader);
        world.Crash(away);
        var writes = Enumerable.Range(0, 6)
            .Select(i => world.Write(leader, new Create($"/large-{i}", new byte[SnapshotCodec.MaxChunkBytes], Acl.Open)))
            .ToArray();
        world.Until(() => writes.All(world.WasDelivered), Soon);

        world.Start(away);
        world.Until(() => Chunks() > seed, Soon);
        world.Cut(leader, away);
        world.Run(1);
        world.Heal();
        away.Peer!.Tell(new ServerUnreachable(leader.Id), ActorRefs.NoSender);
        world.Until(() => away.Serves, Soon);
        world.Until(() => AllAreEqual(world), Soon);

        // Six large znodes and what they are in; those on their way when the link broke came for nothing.
        Assert.InRange(Chunks(), 7, 7 + world.Settings.SnapshotChunksInFlight);

        int Chunks() => world.Trace.ToString().Split('\n')
            .Count(line => line == $"{leader.Id} to {away.Id}: {nameof(SyncSnapshot)}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_servers_crash_at_once_and_every_delivered_write_is_there_afterwards(int seed)
    {
        using var world = Serving(seed);
        world.AwaitSession(world.Leader!);
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
    public void A_leader_that_stops_in_good_order_is_replaced_before_anyone_would_miss_it()
    {
        using var world = Serving(seed: 3);
        var first = world.Leader!;

        world.Stop(first);

        world.Until(() => world.Leader is not null, world.Settings.Tick);
        Assert.NotEqual(first, world.Leader);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        Assert.Equal(Trace(5), Trace(5));
        Assert.NotEqual(Trace(5), Trace(6));

        static string Trace(int seed)
        {
            using var world = Serving(seed);
            world.AwaitSession(world.Leader!);
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

    private static void AskSomething(World world, Server server, Random chance)
    {
        if (!server.Serves)
            return;
        if (!server.Tree.TryGetSession(server.Session, out _))
            world.OpenSession(server);
        else if (chance.Next(4) == 0)
            world.Sync(server);
        else
            world.Write(server);
    }

    /// <summary>The leader is cut off; the others have noticed and elect another, and it has not and goes on.</summary>
    private static void DeposeTheLeader(World world, Random chance)
    {
        if (world.Leader is not { } deposed)
            return;
        foreach (var other in world.Servers.Where(other => other != deposed))
        {
            world.Cut(deposed, other);
            world.Cut(other, deposed);
            other.Peer?.Tell(new ServerUnreachable(deposed.Id), ActorRefs.NoSender);
        }

        for (var i = 0; i < 12; i++)
        {
            world.Run(chance.Next(40));
            AskSomething(world, deposed, chance);
            AskSomething(world, world.Servers[chance.Next(world.Servers.Length)], chance);
        }

        world.Heal();
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
