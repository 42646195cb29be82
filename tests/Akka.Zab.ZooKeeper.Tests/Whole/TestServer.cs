using System.Net;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>A whole server in this process: a member that is alone, and its port, with files in a folder of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    readonly string _folder;

    TestServer(ActorSystem system, string folder) => (System, _folder) = (system, folder);

    public ActorSystem System { get; }

    public ZooKeeperPort Port => ZooKeeperPort.Get(System);

    public IPEndPoint Endpoint => Port.Endpoint;

    /// <summary>Starts it; returns when it serves.</summary>
    /// <param name="settings">HOCON, over the test's own.</param>
    public static async Task<TestServer> StartAsync(string settings = "")
    {
        var folder = Directory.CreateTempSubdirectory("zab-port-").FullName;
        var config = ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = WARNING
              akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
              akka.zab {
                data-dir = "{{folder}}", tick-time = 500ms, client-port { host = "127.0.0.1", port = 0 }
                session-timeout { min = 1s, max = 60s }
              }
              """);
        var system = ActorSystem.Create("zab", ConfigurationFactory.ParseString(settings).WithFallback(config));
        var server = new TestServer(system, folder);
        await Zab.Get(system).WhenServingAsync().WaitAsync(_patience);
        _ = server.Port;
        return server;
    }

    public Task<RawSession> ConnectAsync(int timeoutMs = 30_000) => RawSession.OpenAsync(Endpoint, timeoutMs);

    public Task<string> WordAsync(string word) => RawSession.WordAsync(Endpoint, word);

    public async ValueTask DisposeAsync()
    {
        await Port.StopAsync();
        await System.Terminate().WaitAsync(_patience);
        Directory.Delete(_folder, recursive: true);
    }
}
