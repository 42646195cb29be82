using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Hosting;

/// <summary>Three members in three actor systems of this process, over TCP on loopback, each with its data.</summary>
internal sealed class LocalEnsemble(string settings = "") : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;

    public int[] Ports { get; } = FreePorts(3);

    /// <summary>Those that are up, by their ids.</summary>
    public Dictionary<int, ActorSystem> Servers { get; } = [];

    public void Start(int id)
    {
        var members = string.Join(", ", Ports.Select(
            (port, i) => $"{{ id = {i + 1}, address = \"akka.tcp://zab@127.0.0.1:{port}\" }}"));
        Servers[id] = ActorSystem.Create("zab", ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = WARNING
              akka.actor.provider = remote
              akka.remote.retry-gate-closed-for = 100ms
              akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{Ports[id - 1]}}, maximum-frame-size = 4MiB }
              akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
              akka.zab {
                server-id = {{id}}, members = [{{members}}], tick-time = 200ms, data-dir = "{{_folder}}/{{id}}"
                {{settings}}
              }
              """));
    }

    public async Task StartAllAsync()
    {
        for (var id = 1; id <= 3; id++) Start(id);
        await AllServeAsync(1, 2, 3);
    }

    public async Task StopAsync(int id)
    {
        Servers.Remove(id, out var system);
        await system!.Terminate().WaitAsync(Patience);
    }

    /// <summary>Waits until these serve; one of them leads.</summary>
    public async Task AllServeAsync(params int[] ids)
    {
        foreach (var id in ids) await Zab.Get(Servers[id]).WhenServingAsync().WaitAsync(Patience);
        var leaders = 0;
        foreach (var id in ids)
            if ((await Zab.Get(Servers[id]).StatusAsync()).Role == ServerRole.Leading) leaders++;
        Assert.Equal(1, leaders);
    }

    public async Task<int> LeaderAsync() => (await Zab.Get(Servers.Values.First()).StatusAsync()).Leader;

    public void Dispose()
    {
        Task.WhenAll(Servers.Values.Select(server => server.Terminate())).Wait(Patience);
        Directory.Delete(_folder, recursive: true);
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
