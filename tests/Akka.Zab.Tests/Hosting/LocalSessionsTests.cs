using Akka.Zab.Client;

namespace Akka.Zab.Tests.Hosting;

/// <summary>
/// ZOOKEEPER-PROTOCOL.md, section 10, local sessions: of Akka clients, in an ensemble of three over TCP on loopback.
/// </summary>
public sealed class LocalSessionsTests() : EnsembleTestKit("sessions { local = on, local-upgrade = on }")
{
    [Fact]
    public async Task On_every_server_a_session_comes_goes_and_writes_without_being_known_to_the_others()
    {
        await Ensemble.StartAllAsync();
        var before = (await Zab.Get(Ensemble.Servers[1]).StatusAsync()).LastLogged;
        foreach (var server in Ensemble.Servers.Values)
        {
            await using var client = await ZabClient.ConnectAsync(server, []);
            foreach (var other in Ensemble.Servers.Values)
            {
                var status = await Zab.Get(other).StatusAsync();
                Assert.Equal((0L, other == server ? 1 : 0), (status.Sessions, status.LocalSessions));
            }
        }
        foreach (var server in Ensemble.Servers.Values)
        {
            var status = await Zab.Get(server).StatusAsync();
            Assert.Equal((before, 0), (status.LastLogged, status.LocalSessions));
        }
        foreach (var (id, server) in Ensemble.Servers)
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
        await Ensemble.StartAllAsync();
        var leader = await Ensemble.LeaderAsync();
        var follower = Ensemble.Servers.Keys.First(id => id != leader);
        string[] addresses = [Addresses.ElementAt(follower - 1), .. Addresses.Where((_, i) => i != follower - 1)];
        var options = new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(4), Shuffle = false };
        await using var upgraded = await ZabClient.ConnectAsync(Outside, addresses, options);
        await using var local = await ZabClient.ConnectAsync(Outside, addresses, options);
        var session = upgraded.SessionId;
        await upgraded.CreateAsync("/e", [], CreateMode.Ephemeral);
        await local.CreateAsync("/a", []);
        Assert.Equal(session, (await local.ExistsAsync("/e"))!.Value.EphemeralOwner);
        Assert.Equal(follower, session >> 56);

        await Ensemble.StopAsync(follower);
        Assert.Equal(session, (await upgraded.ExistsAsync("/e"))!.Value.EphemeralOwner);
        Assert.Equal(session, upgraded.SessionId);
        var over = await Assert.ThrowsAsync<SessionExpiredException>(async () =>
        {
            while (true) await local.GetDataAsync("/a");
        });
        Assert.Equal(ZabError.SessionExpired, over.Error);
        Assert.NotNull(await upgraded.ExistsAsync("/a"));

        var left = Ensemble.Servers.Keys.Order().ToArray();
        foreach (var id in left) Assert.Equal(1, (await Zab.Get(Ensemble.Servers[id]).StatusAsync()).Sessions);
    }
}
