using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;

namespace Akka.Zab.Tests.Hosting;

/// <summary>
/// ZOOKEEPER-PROTOCOL.md, section 10, local sessions: of Akka clients, in an ensemble of three over TCP on loopback.
/// </summary>
public sealed class LocalSessionsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly LocalEnsemble _ensemble = new("sessions { local = on, local-upgrade = on }");
    private readonly ActorSystem _outside = ActorSystem.Create("outside", ConfigurationFactory.ParseString(
        """
        akka.loglevel = WARNING
        akka.actor.provider = remote
        akka.remote.retry-gate-closed-for = 100ms
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));

    public void Dispose()
    {
        _outside.Terminate().Wait(Patience);
        _ensemble.Dispose();
    }

    [Fact]
    public async Task On_every_server_a_session_comes_goes_and_writes_without_being_known_to_the_others()
    {
        await _ensemble.StartAllAsync();
        var before = (await Zab.Get(_ensemble.Servers[1]).StatusAsync()).LastLogged;
        foreach (var server in _ensemble.Servers.Values)
        {
            await using var client = await ZabClient.ConnectAsync(server, []);
            foreach (var other in _ensemble.Servers.Values)
            {
                var status = await Zab.Get(other).StatusAsync();
                Assert.Equal((0L, other == server ? 1 : 0), (status.Sessions, status.LocalSessions));
            }
        }
        foreach (var server in _ensemble.Servers.Values)
        {
            var status = await Zab.Get(server).StatusAsync();
            Assert.Equal((before, 0), (status.LastLogged, status.LocalSessions));
        }
        foreach (var (id, server) in _ensemble.Servers)
        {
            await using var client = await ZabClient.ConnectAsync(server, []);
            await client.CreateAsync($"/{id}", []);
            await client.SyncAsync();
            Assert.Equal(id, (await client.GetChildrenAsync("/")).Names.Count(static name => name.Length == 1));
        }
    }

    [Fact]
    public async Task An_upgraded_session_moves_to_another_server_with_its_ephemerals_and_a_local_one_has_expired_there()
    {
        await _ensemble.StartAllAsync();
        var leader = await _ensemble.LeaderAsync();
        var follower = _ensemble.Servers.Keys.First(id => id != leader);
        string[] addresses = [.. Enumerable.Range(1, 3).OrderBy(id => id != follower).Select(
            id => $"akka.tcp://zab@127.0.0.1:{_ensemble.Ports[id - 1]}")];
        var options = new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(4), Shuffle = false };
        await using var upgraded = await ZabClient.ConnectAsync(_outside, addresses, options);
        await using var local = await ZabClient.ConnectAsync(_outside, addresses, options);
        var session = upgraded.SessionId;
        await upgraded.CreateAsync("/e", [], CreateMode.Ephemeral);
        await local.CreateAsync("/a", []);
        Assert.Equal(session, (await local.ExistsAsync("/e"))!.Value.EphemeralOwner);
        Assert.Equal(follower, session >> 56);

        await _ensemble.StopAsync(follower);
        Assert.Equal(session, (await upgraded.ExistsAsync("/e"))!.Value.EphemeralOwner);
        Assert.Equal(session, upgraded.SessionId);
        var over = await Assert.ThrowsAsync<SessionExpiredException>(async () =>
        {
            while (true) await local.GetDataAsync("/a");
        });
        Assert.Equal(ZabError.SessionExpired, over.Error);
        Assert.NotNull(await upgraded.ExistsAsync("/a"));

        var left = _ensemble.Servers.Keys.Order().ToArray();
        foreach (var id in left) Assert.Equal(1, (await Zab.Get(_ensemble.Servers[id]).StatusAsync()).Sessions);
    }
}
