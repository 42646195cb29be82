using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Akka.Zab.Server.Tests;

/// <summary>An ensemble of three processes on free ports, with its data in a folder of its own.</summary>
internal sealed class DevFixture : IAsyncDisposable
{
    const int Servers = 3;
    static int _nextPort = 20000 + (Environment.ProcessId % 500 * 20);

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;
    readonly int _clientPort = FreePorts();
    readonly int _remotePort = FreePorts();
    ZabProcess? _dev;

    public ZabProcess Dev => _dev!;

    public IReadOnlyList<int> Ports => [.. Enumerable.Range(_clientPort, Servers)];

    /// <summary>The Akka addresses of the servers.</summary>
    public IReadOnlyList<string> Addresses
        => [.. Enumerable.Range(_remotePort, Servers).Select(port => $"akka.tcp://zab@127.0.0.1:{port}")];

    public string Hosts => string.Join(',', Ports.Select(port => $"127.0.0.1:{port}"));

    public static async Task<DevFixture> StartAsync(params string[] more)
    {
        var fixture = new DevFixture();
        await fixture.RestartAsync(more);
        return fixture;
    }

    /// <summary>Starts an ensemble on the same data; the one before must have ended.</summary>
    public async Task RestartAsync(params string[] more)
    {
        _dev = ZabProcess.Start([
            "dev", "--data", _folder, "--client-port", $"{_clientPort}", "--remote-port", $"{_remotePort}", .. more]);
        await _dev.LineAsync($"ready: {Hosts}");
    }

    /// <summary>Stops it cleanly.</summary>
    public async Task<int> StopAsync()
    {
        Dev.Terminate();
        return await Dev.ExitAsync();
    }

    /// <summary>The id of the process of a server, 1 being the first.</summary>
    public int ProcessOf(int server)
        => int.Parse(File.ReadAllText(Path.Combine(_folder, $"{server}", "pid")), CultureInfo.InvariantCulture);

    /// <summary>Kill -9.</summary>
    public void Kill(params int[] servers)
    {
        foreach (var process in servers.Select(ProcessOf).ToArray()) ZabProcess.Signal(process, "KILL");
    }

    /// <summary>The server that has this client port.</summary>
    public int ServerAt(int port) => port - _clientPort + 1;

    /// <summary>Waits until all of these servers, which were killed, serve again.</summary>
    public async Task ServeAgainAsync(params int[] servers)
    {
        var missing = servers.ToHashSet();
        while (missing.Count > 0)
        {
            var line = await Dev.LineAsync("serves again");
            missing.RemoveWhere(server => line.Contains($"server {server} serves again"));
        }
    }

    /// <summary>The server that leads.</summary>
    public async Task<int> LeaderAsync()
    {
        for (var i = 0; i < Servers; i++)
        {
            var report = await ServerReport.AskAsync(
                $"127.0.0.1:{Ports[i]}", TimeSpan.FromSeconds(5), CancellationToken.None);
            if (report.Leads) return i + 1;
        }
        throw new InvalidOperationException("No server leads.");
    }

    public string Log(int server) => File.ReadAllText(Path.Combine(_folder, $"{server}", "server.log"));

    public async ValueTask DisposeAsync()
    {
        if (_dev is not null) await _dev.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The first of three ports in a row that nobody uses.</summary>
    static int FreePorts()
    {
        while (true)
        {
            var first = Interlocked.Add(ref _nextPort, Servers) - Servers;
            if (Enumerable.Range(first, Servers).All(IsFree)) return first;
        }
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
