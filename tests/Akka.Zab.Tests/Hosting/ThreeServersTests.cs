using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Hosting;

/// <summary>
/// Three members in three actor systems of this process, over TCP on loopback, and clients in a fourth.
/// </summary>
public sealed class ThreeServersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;
    private readonly int[] _ports = FreePorts(3);
    private readonly Dictionary<int, ActorSystem> _servers = [];
    private readonly ActorSystem _outside = ActorSystem.Create("outside", ConfigurationFactory.ParseString(
        """
        akka.loglevel = WARNING
        akka.actor.provider = remote
        akka.remote.retry-gate-closed-for = 100ms
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """));

    public void Dispose()
    {
        Task.WhenAll([_outside.Terminate(), .. _servers.Values.Select(s => s.Terminate())]).Wait(Patience);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_client_outside_keeps_its_session_when_its_server_and_when_the_leader_is_lost()
    {
        for (var id = 1; id <= 3; id++) Start(id);
        await AllServe(1, 2, 3);
        await using var client = await ZabClient.ConnectAsync(
            _outside, _ports.Select(port => $"akka.tcp://zab@127.0.0.1:{port}"),
            new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(4) });
        await client.CreateAsync("/a", [1]);
        await client.CreateAsync("/e", [], CreateMode.Ephemeral);

        var leader = (await Zab.Get(_servers[1]).StatusAsync()).Leader;
        await Stop(leader);
        await Written(client, 2);
        var left = _servers.Keys.Order().ToArray();
        await AllServe(left);
        Assert.Equal(client.SessionId, (await client.ExistsAsync("/e"))!.Value.EphemeralOwner);

        Start(leader);
        await AllServe(1, 2, 3);
        foreach (var id in left)
        {
            await Stop(id);
            await Written(client, (byte)(10 + id));
            Start(id);
            await AllServe(1, 2, 3);
        }
        Assert.Equal(client.SessionId, (await client.ExistsAsync("/e"))!.Value.EphemeralOwner);
    }

    [Fact]
    public async Task A_watch_left_with_one_server_tells_what_was_written_through_another()
    {
        for (var id = 1; id <= 3; id++) Start(id);
        await AllServe(1, 2, 3);
        await using var reader = await ZabClient.ConnectAsync(_servers[1], []);
        await using var writer = await ZabClient.ConnectAsync(_servers[2], []);
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

    private async Task AllServe(params int[] ids)
    {
        foreach (var id in ids) await Zab.Get(_servers[id]).WhenServingAsync().WaitAsync(Patience);
        var leaders = 0;
        foreach (var id in ids)
            if ((await Zab.Get(_servers[id]).StatusAsync()).Role == ServerRole.Leading) leaders++;
        Assert.Equal(1, leaders);
    }

    private async Task Stop(int id)
    {
        _servers.Remove(id, out var system);
        await system!.Terminate().WaitAsync(Patience);
    }

    private void Start(int id)
    {
        var members = string.Join(", ", _ports.Select(
            (port, i) => $"{{ id = {i + 1}, address = \"akka.tcp://zab@127.0.0.1:{port}\" }}"));
        _servers[id] = ActorSystem.Create("zab", ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = WARNING
              akka.actor.provider = remote
              akka.remote.retry-gate-closed-for = 100ms
              akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{_ports[id - 1]}}, maximum-frame-size = 4MiB }
              akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
              akka.zab {
                server-id = {{id}}, members = [{{members}}], tick-time = 200ms, data-dir = "{{_folder}}/{{id}}"
              }
              """));
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
