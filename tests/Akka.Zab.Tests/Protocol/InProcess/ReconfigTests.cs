using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>The ensemble changes while it runs: servers come, go, and take over from each other.</summary>
public class ReconfigTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<int> Seeds => EnsembleTests.Seeds;

    [Fact]
    public void The_first_leader_writes_down_who_the_ensemble_is()
    {
        using var world = Serving(seed: 1);
        world.AwaitSession(world.Leader!);
        world.Until(() => AreEqual(world, 1, 2, 3), Soon);

        Assert.All(world.Servers.Take(3), server => Assert.Equal(
            "server.1=s1:1:2:participant\nserver.2=s2:1:2:participant\nserver.3=s3:1:2:participant\nversion=100000001",
            Text(server)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_server_that_knows_one_member_learns_the_rest_becomes_a_member_and_serves(int seed)
    {
        using var world = Serving(seed);
        world.AwaitSession(world.Leader!);
        world.Write(world.Leader!);
        var joining = world.Servers[3];
        world.Start(joining);
        world.Until(() => joining.Tree.LastZxid == world.Leader?.Tree.LastZxid, Soon);
        Assert.False(joining.Serves);

        Change(world, joining: [4]);

        world.Until(() => joining.Serves && AreEqual(world, 1, 2, 3, 4), Soon);
        Assert.Equal(ServerRole.Following, joining.Serving!.Role);
        // It counts: with two of four gone there is no quorum, with one there is.
        world.Crash(world.Servers.First(server => server.IsUp && server != joining && server != world.Leader));
        var write = world.Write(world.Leader!);
        world.Until(() => world.WasDelivered(write), Soon);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_three_servers_are_replaced_under_load_and_nothing_is_lost(int seed)
    {
        using var world = Serving(seed);
        var writes = new List<long>();
        for (var i = 1; i <= 3; i++)
        {
            world.Known = world.Leader;
            world.Start(world.Servers[i + 2]);
            world.Until(() => world.Servers[i + 2].Tree.LastZxid > 0, Soon);
            Load(world, writes, seed);
            Change(world, joining: [i + 3], leaving: [i]);
            Load(world, writes, seed + i);
            world.Until(() => AreEqual(world, [.. Enumerable.Range(i + 1, 3)]), Soon);
            // The one that was removed says so, and serves nobody.
            world.Until(() => !world.Servers[i - 1].Serves, Soon);
            world.Stop(world.Servers[i - 1]);
        }

        var last = world.Write(AwaitSomeSession(world));
        world.Until(() => world.WasDelivered(last) && AreEqual(world, 4, 5, 6), Soon);
        var delivered = writes.Where(world.WasDelivered).ToArray();
        Assert.True(delivered.Length > writes.Count / 2);
        foreach (var server in world.Servers[3..])
        {
            Assert.All(delivered, write => Assert.True(server.Tree.TryGet($"/{write}", out _)));
            Assert.Contains("server.6=s6:1:2:participant", Text(server), StringComparison.Ordinal);
            Assert.DoesNotContain("server.3=", Text(server), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_whole_new_ensemble_takes_over_in_one_change(int seed)
    {
        using var world = Serving(seed);
        foreach (var server in world.Servers[3..])
            world.Start(server);
        world.AwaitSession(world.Leader!);
        var before = world.Write(world.Leader!);
        world.Until(() => world.Servers.All(server => server.Tree.LastZxid == world.Leader?.Tree.LastZxid)
            && world.WasDelivered(before), Soon);

        Change(world, joining: [4, 5, 6], leaving: [1, 2, 3]);

        world.Until(() => AreEqual(world, 4, 5, 6), Soon);
        world.Until(() => !world.Servers[..3].Any(server => server.Serves), Soon);
        foreach (var server in world.Servers[..3])
            world.Crash(server);
        var after = world.Write(AwaitSomeSession(world));
        world.Until(() => world.WasDelivered(after) && AreEqual(world, 4, 5, 6), Soon);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_leader_hands_over_to_the_server_that_was_named_without_waiting_for_any_time_to_pass(int seed)
    {
        using var world = Serving(seed);
        var first = world.Leader!;
        world.AwaitSession(first);
        var writes = Enumerable.Range(0, seed % 5).Select(_ => world.Write(first)).ToArray();
        var heir = world.Servers[..3].First(server => server != first && server.Id != seed % 3);
        var now = world.Time.Now;

        var request = world.Administer(first, new TransferLeadership(heir.Id));

        world.Until(() => heir.Leads && world.Servers[..3].All(server => server.Serves), Soon);
        Assert.Equal(now, world.Time.Now);
        Assert.IsType<DoneReply>(first.Answers[request]);
        Assert.All(writes, write => Assert.True(world.WasDelivered(write)));
        world.AwaitSession(heir);
    }

    [Fact]
    public void A_role_is_changed_in_both_directions()
    {
        using var world = Serving(seed: 5);
        var leader = world.Leader!;
        var other = world.Servers[..3].First(server => server != leader);
        world.AwaitSession(leader);

        Administer(world, new Reconfigure($"server.{other.Id}=s{other.Id}:1:2:observer", null, null));
        world.Until(() => other.Serving is { Serving: true, Role: ServerRole.Observing }, Soon);
        Administer(world, new Reconfigure($"server.{other.Id}=s{other.Id}:1:2:participant", null, null));
        world.Until(() => other.Serving is { Serving: true, Role: ServerRole.Following }, Soon);
    }

    [Fact]
    public void A_leader_that_becomes_an_observer_hands_over_and_goes_on_serving_as_one()
    {
        using var world = Serving(seed: 6);
        var leader = world.Leader!;
        world.AwaitSession(leader);

        Administer(world, new Reconfigure($"server.{leader.Id}=s{leader.Id}:1:2:observer", null, null));

        world.Until(() => leader.Serving is { Serving: true, Role: ServerRole.Observing }, Soon);
        Assert.NotEqual(leader, world.Leader);
    }

    [Fact]
    public void A_server_that_was_away_while_both_others_were_replaced_finds_the_ensemble_again()
    {
        using var world = Serving(seed: 7);
        world.AwaitSession(world.Leader!);
        var away = world.Servers[..3].First(server => server != world.Leader);
        var others = world.Servers[..3].Where(server => server != away).ToArray();
        world.Crash(away);
        world.Known = world.Leader;
        foreach (var server in world.Servers[3..5])
            world.Start(server);
        world.Until(() => world.Servers[3..5].All(server => server.Tree.LastZxid > 0), Soon);
        Change(world, joining: [4, 5]);
        world.Until(() => AreEqual(world, 4, 5), Soon);
        Change(world, leaving: [.. others.Select(server => server.Id)]);
        world.Until(() => AreEqual(world, 4, 5), Soon);
        foreach (var server in others)
            world.Crash(server);

        world.Start(away);

        world.Until(() => AreEqual(world, away.Id, 4, 5), Soon);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_crashes_and_is_cut_off_while_the_ensemble_changes_no_delivered_write_is_ever_undone(int seed)
    {
        var chance = new Random(seed * 104729);
        var settings = new PeerSettings { HistoryInMemory = seed % 2 == 0 ? 2000 : 1 << 20 };
        using var world = new World(seed, settings: settings, strangers: 3);
        foreach (var server in world.Servers)
            world.Start(server);
        for (var i = 0; i < 400; i++)
        {
            world.Run(chance.Next(16));
            var server = world.Servers[chance.Next(world.Servers.Length)];
            switch (chance.Next(16))
            {
                case 0 when server.IsUp:
                    world.Crash(server, noticed: chance.Next(3) > 0);
                    break;
                case 1 or 2 when !server.IsUp:
                    world.Start(server);
                    break;
                case 3:
                    world.LoseOne();
                    break;
                case 4 when chance.Next(2) == 0:
                    world.Cut(server, world.Servers[chance.Next(world.Servers.Length)]);
                    break;
                case 5 or 6:
                    world.Heal();
                    break;
                case 7:
                    world.Time.Advance(TimeSpan.FromMilliseconds(chance.Next(1500)));
                    break;
                case 8 or 9 when HasSession(server):
                    ChangeSomething(world, server, chance);
                    break;
                default:
                    AskSomething(world, server, chance);
                    break;
            }
        }

        world.Heal();
        foreach (var server in world.Servers.Where(server => !server.IsUp))
            world.Start(server);
        // Whoever is a member serves again, and everyone, member or not, ends up with the same.
        world.Until(() => world.Leader is { } leader && AreEqual(world, [.. Ids(leader)]), TimeSpan.FromMinutes(2));
        world.Until(() => world.Servers.All(server => server.Tree.LastZxid == world.Leader?.Tree.LastZxid), Soon);
        Assert.Single(world.Servers.Select(server => server.Tree.Digest()).Distinct());
    }

    private static World Serving(int seed)
    {
        var world = new World(seed, strangers: 3);
        foreach (var server in world.Servers[..3])
            world.Start(server);
        world.Until(() => world.Leader is not null && world.Servers[..3].All(server => server.Serves), Soon);
        return world;
    }

    /// <summary>Asks for the change, again and again where a leader is lost over it, until it is there.</summary>
    private static void Change(World world, int[]? joining = null, int[]? leaving = null)
    {
        var servers = joining is null ? null : string.Join(',', joining.Select(id => $"server.{id}=s{id}:1:2"));
        Administer(world, new Reconfigure(servers, leaving is null ? null : string.Join(',', leaving), null));
    }

    private static void Administer(World world, Reconfigure change)
    {
        while (true)
        {
            var leader = AwaitSomeSession(world);
            var request = world.Administer(leader, change);
            world.Until(() => world.WasDelivered(request) || leader.Answers.ContainsKey(request) || !leader.Leads, Soon);
            if (world.WasDelivered(request))
                return;
            if (leader.Answers.TryGetValue(request, out var answer))
            {
                Assert.Contains(
                    Assert.IsType<ErrorReply>(answer).Error,
                    new[] { ZabError.NewConfigNoQuorum, ZabError.ReconfigInProgress });
            }

            world.Run(50);
        }
    }

    private static Server AwaitSomeSession(World world)
    {
        world.Until(() => world.Leader is { } leader && HasSessionOrAsks(world, leader), Soon);
        return world.Leader!;
    }

    private static bool HasSessionOrAsks(World world, Server server)
    {
        if (!HasSession(server))
            world.OpenSession(server);
        return HasSession(server);
    }

    private static bool HasSession(Server server) =>
        server.Serves && server.Tree.TryGetSession(server.Session, out _);

    private static void Load(World world, List<long> writes, int seed)
    {
        for (var i = 0; i < 10; i++)
        {
            foreach (var server in world.Servers.Where(HasSession))
                writes.Add(world.Write(server));
            if (world.Leader is { } leader && !HasSession(leader))
                world.OpenSession(leader);
            world.Run(seed % 11);
        }
    }

    private static void ChangeSomething(World world, Server through, Random chance)
    {
        var id = chance.Next(1, world.Servers.Length + 1);
        var role = chance.Next(3) == 0 ? "observer" : "participant";
        world.Administer(through, chance.Next(4) switch
        {
            0 => new TransferLeadership(id),
            1 => new Reconfigure(null, $"{id}", null),
            2 => new Reconfigure($"server.{id}=s{id}:1:2:{role}", $"{chance.Next(1, world.Servers.Length + 1)}", null),
            _ => new Reconfigure($"server.{id}=s{id}:1:2:{role}", null, null),
        });
    }

    private static void AskSomething(World world, Server server, Random chance)
    {
        if (!server.Serves)
            return;
        if (!HasSession(server))
            world.OpenSession(server);
        else if (chance.Next(4) == 0)
            world.Sync(server);
        else
            world.Write(server);
    }

    private static bool AreEqual(World world, params int[] servers) => world.Leader is { } leader
        && servers.All(id => world.Servers[id - 1].Serves && world.Servers[id - 1].Tree.LastZxid == leader.Tree.LastZxid);

    private static int[] Ids(Server server)
    {
        Assert.True(EnsembleText.TryParse(Text(server), out var ensemble));
        return [.. ensemble.Members.Select(member => member.Id)];
    }

    private static string Text(Server server) =>
        server.Tree.TryGet(PathRules.Config, out var znode) ? System.Text.Encoding.UTF8.GetString(znode.Data!) : "";
}
