using Akka.Zab.Client;

namespace Akka.Zab.Tests.Hosting;

/// <summary>
/// Three members in three actor systems of this process, over TCP on loopback, and clients in a fourth.
/// </summary>
public sealed class ThreeServersTests : EnsembleTestKit
{
    [Fact]
    public async Task A_clientOutside_keeps_its_session_when_its_server_and_when_the_leader_is_lost()
    {
        await Ensemble.StartAllAsync();
        await using var client = await ZabClient.ConnectAsync(
            Outside, Addresses,
            new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(4) });
        await client.CreateAsync("/a", [1]);
        await client.CreateAsync("/e", [], CreateMode.Ephemeral);

        var leader = (await Zab.Get(Ensemble.Servers[1]).StatusAsync()).Leader;
        await Ensemble.StopAsync(leader);
        await Written(client, 2);
        var left = Ensemble.Servers.Keys.Order().ToArray();
        await Ensemble.AllServeAsync(left);
        Assert.Equal(client.SessionId, (await client.ExistsAsync("/e"))!.Value.EphemeralOwner);

        Ensemble.Start(leader);
        await Ensemble.AllServeAsync(1, 2, 3);
        foreach (var id in left)
        {
            await Ensemble.StopAsync(id);
            await Written(client, (byte)(10 + id));
            Ensemble.Start(id);
            await Ensemble.AllServeAsync(1, 2, 3);
        }
        Assert.Equal(client.SessionId, (await client.ExistsAsync("/e"))!.Value.EphemeralOwner);
    }

    [Fact]
    public async Task A_watch_left_with_one_server_tells_what_was_written_through_another()
    {
        await Ensemble.StartAllAsync();
        await using var reader = await ZabClient.ConnectAsync(Ensemble.Servers[1], []);
        await using var writer = await ZabClient.ConnectAsync(Ensemble.Servers[2], []);
        await writer.CreateAsync("/a", []);
        await reader.SyncAsync();
        await reader.GetDataAsync("/a", watch: true);
        await reader.GetChildrenAsync("/", watch: true);
        await writer.MultiAsync([new SetData("/a", [1]), new Delete("/a"), new Create("/b", null, Acl.Open)]);
        var events = new List<(WatchEventType, string)>();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var fired in reader.ReadWatchEventsAsync(patience.Token))
        {
            events.Add((fired.Type, fired.Path));
            if (events.Count == 2) break;
        }
        Assert.Equal([(WatchEventType.NodeDataChanged, "/a"), (WatchEventType.NodeChildrenChanged, "/")], events);
    }

    /// <summary>
    /// A write that is repeated until it is acknowledged: one that was under way when a server was lost may fail.
    /// </summary>
    private static async Task Written(ZabClient client, byte value)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await client.SetDataAsync("/a", [value], cancellation: patience.Token);
                break;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
            }
        }
        Assert.Equal([value], (await client.GetDataAsync("/a")).Data!);
    }
}
