using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>
/// ZOOKEEPER-PROTOCOL.md, section 12, read-only mode, over the ports of an ensemble of three of which one or two run.
/// </summary>
public sealed class ReadOnlyModeTests : IAsyncLifetime
{
    const int NotReadOnly = -119;
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    readonly string _folder = Directory.CreateTempSubdirectory("zab-port-").FullName;
    readonly int[] _remotePorts = FreePorts(3);
    readonly Dictionary<int, ActorSystem> _servers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var id in _servers.Keys.ToArray()) await StopAsync(id);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_server_whose_ensemble_is_gone_is_read_by_those_who_accept_it_until_there_is_a_leader()
    {
        foreach (var id in (int[])[1, 2, 3]) Start(id);
        await ServeAsync(1, 2, 3);
        using (var writer = await RawSession.OpenAsync(Port(1)))
        {
            Assert.Equal(0, await writer.CreateAsync("/a", "1"u8.ToArray()));
            Assert.Equal(0, await writer.CreateAsync("/a/b", "2"u8.ToArray()));
            await StopAsync(2);
            await StopAsync(3);
            await ReadOnlyAsync(1);

            // A session of the ensemble waits for it; so does who does not accept to read only.
            using var known = new RawSession(await RawSession.DialAsync(Port(1)));
            await Assert.ThrowsAsync<EndOfStreamException>(() => known.ConnectAsync(
                session: writer.SessionId, password: writer.Password, readOnly: true));
        }
        using var refused = new RawSession(await RawSession.DialAsync(Port(1)));
        await Assert.ThrowsAsync<EndOfStreamException>(() => refused.ConnectAsync(readOnly: false));

        using var reader = new RawSession(await RawSession.DialAsync(Port(1)));
        await reader.ConnectAsync(readOnly: true);
        Assert.True(reader.ReadOnly);
        Assert.Equal("1", await reader.GetAsync("/a"));
        Assert.Equal("2", await reader.GetAsync("/a/b"));
        Assert.Equal(0, (await reader.CallAsync(8, frame => frame.String("/a").Bool(true))).Error);
        Assert.Equal(NotReadOnly, await reader.CreateAsync("/c"));
        Assert.Equal(NotReadOnly, await reader.CreateAsync("/c", flags: 1));
        Assert.Equal(NotReadOnly, await reader.SetAsync("/a", []));
        Assert.Equal(NotReadOnly, await reader.DeleteAsync("/a"));
        Assert.Equal(NotReadOnly, (await reader.CallAsync(7, frame => frame.String("/a").OpenAcl().Int(-1))).Error);
        Assert.Equal(NotReadOnly, (await reader.CallAsync(9, frame => frame.String("/"))).Error);
        var multi = await reader.CallAsync(14, frame => frame.Op(13).String("/a").Int(-1).Done());
        Assert.Equal((NotReadOnly, 0), (multi.Error, multi.Body.Length));
        Assert.Equal(NotReadOnly, (await reader.CallAsync(16, f => f.String(null).String(null).String(null).Long(-1))).Error);
        Assert.Equal(0, (await reader.CallAsync(11)).Error);

        var srvr = await RawSession.WordAsync(Port(1), "srvr");
        Assert.Contains("\nREAD-ONLY mode; serving only read-only clients\n", srvr);
        Assert.Contains("\nMode: read-only\n", srvr);
        Assert.Contains("READ-ONLY mode", await RawSession.WordAsync(Port(1), "stat"));
        var mntr = await RawSession.WordAsync(Port(1), "mntr");
        Assert.Contains("\nzk_server_state\tread-only\n", mntr);
        Assert.Contains("\nzk_local_sessions\t1\n", mntr);

        Start(2);
        Assert.Null(await reader.NextAsync());
        await ServeAsync(1, 2);
        Assert.Equal("rw", await RawSession.WordAsync(Port(1), "isro"));
        using var again = new RawSession(await RawSession.DialAsync(Port(1)));
        await again.ConnectAsync(session: reader.SessionId, password: reader.Password, readOnly: true);
        Assert.Equal((reader.SessionId, false), (again.SessionId, again.ReadOnly));
        Assert.Equal(0, await again.CreateAsync("/mine", flags: 1));
        Assert.Equal(0, await again.SetAsync("/a", "3"u8.ToArray()));
    }

    [Fact]
    public async Task A_server_that_was_restarted_alone_shows_what_it_knows_and_a_client_goes_on_when_there_is_a_leader()
    {
        Start(1);
        Start(2);
        await ServeAsync(1, 2);
        var options = new ZabClientOptions { AllowReadOnly = true, AttemptTimeout = TimeSpan.FromSeconds(1) };
        await using (var writer = await ZabClient.ConnectAsync($"{Port(1)}", options))
        {
            for (var i = 0; i < 3; i++) await writer.CreateAsync($"/{i}", []);
            await writer.SyncAsync();
        }
        await StopAsync(1);
        await StopAsync(2);
        Start(1);
        await ReadOnlyAsync(1);

        await using var client = await ZabClient.ConnectAsync($"{Port(1)}", options);
        Assert.Equal(ConnectionState.ConnectedReadOnly, client.Hub.State);
        Assert.NotNull(await client.ExistsAsync("/1", watch: true));
        var refusal = await Assert.ThrowsAsync<ZabException>(() => client.CreateAsync("/x", []));
        Assert.Equal(ZabError.NotReadOnly, refusal.Error);
        var (before, connected) = (client.SessionId, new TaskCompletionSource());
        using var told = client.Hub.OnState(state =>
        {
            if (state == ConnectionState.Connected) connected.TrySetResult();
        });
        Start(2);
        await connected.Task.WaitAsync(_patience);
        Assert.NotEqual(before, client.SessionId);
        await client.CreateAsync("/x", [], Client.CreateMode.Ephemeral);
        await client.SetDataAsync("/1", [1]);
        using var patience = new CancellationTokenSource(_patience);
        await foreach (var fired in client.ReadWatchEventsAsync(patience.Token))
        {
            Assert.Equal((WatchEventType.NodeDataChanged, "/1"), (fired.Type, fired.Path));
            break;
        }
    }

    void Start(int id)
    {
        var members = string.Join(", ", _remotePorts.Select(
            (port, i) => $"{{ id = {i + 1}, address = \"akka.tcp://zab@127.0.0.1:{port}\" }}"));
        _servers[id] = ActorSystem.Create("zab", ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = WARNING
              akka.actor.provider = remote
              akka.remote.retry-gate-closed-for = 100ms
              akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{_remotePorts[id - 1]}}, maximum-frame-size = 4MiB }
              akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
              akka.zab {
                server-id = {{id}}, members = [{{members}}], tick-time = 200ms, data-dir = "{{_folder}}/{{id}}"
                client-port { host = "127.0.0.1", port = 0 }
                session-timeout { min = 1s, max = 60s }
                read-only-mode = on
              }
              """));
        _ = ZooKeeperPort.Get(_servers[id]);
    }

    IPEndPoint Port(int id) => ZooKeeperPort.Get(_servers[id]).Endpoint;

    async Task ServeAsync(params int[] ids)
    {
        foreach (var id in ids) await Zab.Get(_servers[id]).WhenServingAsync().WaitAsync(_patience);
    }

    async Task ReadOnlyAsync(int id)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (await RawSession.WordAsync(Port(id), "isro") != "ro") patience.Token.ThrowIfCancellationRequested();
        var status = await Zab.Get(_servers[id]).StatusAsync();
        Assert.Equal((true, false), (status.ReadOnly, status.Serving));
    }

    async Task StopAsync(int id)
    {
        _servers.Remove(id, out var system);
        await system!.Terminate().WaitAsync(_patience);
    }

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
