using System.Net;
using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;
using Akka.Zab.Client;
using Akka.Zab.Client.Discovery;
using Akka.Zab.Client.Recipes;
using Target = Akka.Discovery.ServiceDiscovery.ResolvedTarget;

namespace Akka.Zab.Recipes.Tests;

/// <summary>Akka.Discovery's method that finds what the service registry lists.</summary>
[Collection(EnsemblesCollection.Name)]
public sealed class DiscoveryTests(Ensembles ensembles) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<ActorSystem> _systems = [];

    public static TheoryData<Via> All => Ensembles.OverTheWire;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Theory, MemberData(nameof(All))]
    public async Task What_is_registered_is_found_and_later_changes_are_seen(Via via)
    {
        var root = await ensembles.RootAsync(via);
        await using var server = await ensembles.ConnectAsync(via, root);
        var registry = new ZabServiceRegistry(server, "/services");
        await using var first = await registry.RegisterAsync("orders", Instance("o1", "http://10.0.0.1:80"));
        var method = Method(via, root);
        Assert.Equal(
            [new Target("10.0.0.1", 80, new([10, 0, 0, 1]))], (await method.Lookup("orders", Patience)).Addresses);
        var unknown = await method.Lookup("nobody", Patience);
        Assert.Equal("nobody", unknown.ServiceName);
        Assert.Empty(unknown.Addresses);

        var second = await registry.RegisterAsync("orders", Instance("o2", "akka.tcp://orders@h2:4051"));
        await FindsAsync(method, "orders", "10.0.0.1:80", "h2:4051");
        await second.UpdateAsync(Instance("o2", "akka.tcp://orders@h2:4051") with { Healthy = false });
        await FindsAsync(method, "orders", "10.0.0.1:80");
        await second.DisposeAsync();
        await using var other = await registry.RegisterAsync("nobody", Instance("n", "http://h3"));
        await FindsAsync(method, "nobody", "h3:80");
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_node_lists_itself_and_is_taken_off_the_list_when_it_shuts_down(Via via)
    {
        var root = await ensembles.RootAsync(via);
        var node = System(via, root, """
            register { service = orders, address = "akka.tcp://orders@n1:4051", metadata { port.management = 8558 } }
            """);
        _ = Akka.Discovery.Discovery.Get(node).Default;
        var method = Method(via, root);
        await FindsAsync(method, "orders", "n1:4051");
        Assert.Equal([new Target("n1", 8558)], (await method.Lookup(new Lookup("orders", "management"), Patience)).Addresses);
        await node.Terminate().WaitAsync(Patience);
        await FindsAsync(method, "orders");
    }

    [Theory, MemberData(nameof(All))]
    public async Task It_goes_on_with_a_new_session_when_one_is_over(Via via)
    {
        var root = await ensembles.RootAsync(via);
        var node = System(via, root, """register { service = orders, address = "http://n1:80" }""");
        var method = Akka.Discovery.Discovery.Get(node).Default;
        await FindsAsync(method, "orders", "n1:80");
        var client = SharedClients.Get(node).ClientOf(node.Settings.Config.GetConfig("akka.discovery.zab"));
        var before = await client.ConnectedAsync();
        before.Abandon();
        await using var other = await ensembles.ConnectAsync(via, root);
        var registry = new ZabServiceRegistry(other, "/services");
        await using var second = await registry.RegisterAsync("orders", Instance("o2", "http://h2:80"));
        await FindsAsync(method, "orders", "n1:80", "h2:80");
        Assert.NotEqual(before.SessionId, (await client.ConnectedAsync()).SessionId);
        var group = new ZabGroup(other, "/services/orders");
        using var patience = new CancellationTokenSource(Patience);
        // By the new session, when the old one has expired.
        await foreach (var _ in group.WatchAsync(patience.Token))
        {
            if (await other.ExistsAsync("/services/orders/n1:80") is not { } stat) continue;
            if (stat.EphemeralOwner == before.SessionId) continue;
            Assert.Equal((await client.ConnectedAsync()).SessionId, stat.EphemeralOwner);
            return;
        }
    }

    [Fact]
    public async Task Without_a_server_a_look_up_fails_in_its_time()
    {
        var method = Akka.Discovery.Discovery.Get(System("127.0.0.1:1", "")).Default;
        await Assert.ThrowsAsync<TimeoutException>(() => method.Lookup("orders", TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void Ports_and_protocols_are_those_that_instances_name()
    {
        ServiceInstance[] instances =
        [
            Instance("a", "http://h1:80") with
            {
                Metadata = new Dictionary<string, string> { ["port.admin"] = "81", ["protocol"] = "tcp" },
            },
            Instance("b", "akka.tcp://orders@h2"),
            Instance("c", "http://h3:80") with
            {
                Metadata = new Dictionary<string, string> { ["port.admin"] = "no", ["protocol"] = "udp" },
            },
            Instance("d", "http://[::1]:80") with { Healthy = false },
        ];
        Assert.Equal([new("h1", 80), new("h2"), new("h3", 80)], Targets.Of(new Lookup("s"), instances));
        Assert.Equal([new("h1", 81)], Targets.Of(new Lookup("s", "admin"), instances));
        Assert.Equal([new("h1", 80), new("h2")], Targets.Of(new Lookup("s", null, "tcp"), instances));
        Assert.Equal([new Target("::1", 80, IPAddress.IPv6Loopback)],
            Targets.Of(new Lookup("s"), [instances[3] with { Healthy = true }]));
    }

    [Theory]
    [InlineData("path = services", "akka.discovery.zab.path")]
    [InlineData("register.service = \"a/b\"", "akka.discovery.zab.register.service")]
    [InlineData("register.service = orders", "akka.discovery.zab.register.address must be given")]
    [InlineData("register { service = orders, address = here }", "akka.discovery.zab.register.address must be a URI")]
    [InlineData("register { service = o, address = \"http://h\", id = \"a/b\" }", "akka.discovery.zab.register.id")]
    public void What_cannot_be_is_refused_in_one_sentence(string setting, string expected)
    {
        var system = System("127.0.0.1:1", setting);
        var refused = Assert.Throws<TargetInvocationException>(() => Akka.Discovery.Discovery.Get(system).Default);
        Assert.StartsWith(expected, Assert.IsType<ConfigurationException>(refused.InnerException).Message);
    }

    private static ServiceInstance Instance(string id, string address) => new(id, new Uri(address));

    private static async Task FindsAsync(ServiceDiscovery method, string service, params string[] expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var found = (await method.Lookup(service, Patience)).Addresses;
            if (found.Select(target => $"{target.Host}:{target.Port}").SequenceEqual(expected)) return;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private ServiceDiscovery Method(Via via, string root)
    {
        var method = Akka.Discovery.Discovery.Get(System(via, root, "")).Default;
        return Assert.IsType<ZabServiceDiscovery>(method);
    }

    private ActorSystem System(Via via, string root, string more) => System(ensembles.Address(via) + root, more);

    private ActorSystem System(string servers, string more)
    {
        var system = ActorSystem.Create("node", ConfigurationFactory.ParseString($$"""
            akka.loglevel = ERROR
            akka.discovery.method = zab
            akka.discovery.zab {
              class = "Akka.Zab.Client.Discovery.ZabServiceDiscovery, Akka.Zab.Client"
              connect-string = "{{servers}}"
              session-timeout = 2s
            }
            akka.discovery.zab { {{more}} }
            """));
        _systems.Add(system);
        return system;
    }
}
