using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Server.Tests.Tours;

/// <summary>
/// Clients that accept to read only, against three processes of which two are killed. Such a tour says "revive" when one
/// of them is to come back, and "tour done" at its end.
/// </summary>
[Collection("processes")]
public sealed class ReadOnlyToursTests : IAsyncLifetime
{
    const string Java = "/usr/bin/java";
    const string Javac = "/usr/bin/javac";
    const string Jars = "/usr/share/java/";
    const string ZooKeeperJar = Jars + "zookeeper.jar";
    const string NoLogJar = Jars + "slf4j-nop.jar";
    const string Python = "/usr/bin/python3";
    const string Kazoo = "/usr/lib/python3/dist-packages/kazoo/client.py";

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;
    readonly int[] _ports = FreePorts(6);
    readonly ZabProcess?[] _servers = new ZabProcess?[3];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
            if (server is not null) await server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [ToolFact(Python, Kazoo)]
    public Task Kazoo_reads_from_the_last_server_and_goes_on_when_another_is_back()
        => TourAsync(Python, TouredEnsemble.File("readonly.py"), Hosts);

    [ToolFact(Java, Javac, ZooKeeperJar)]
    public async Task ZooKeepers_client_for_Java_reads_from_the_last_server_and_goes_on_when_another_is_back()
    {
        var path = string.Join(':', _folder, NoLogJar, ZooKeeperJar);
        var (exitCode, output) = await TouredEnsemble.ToolAsync(
            Javac, "-d", _folder, "-cp", path, TouredEnsemble.File("Talk.java"), TouredEnsemble.File("ReadOnlyTour.java"));
        Assert.True(exitCode == 0, output);
        await TourAsync(Java, "-Xmx256m", "-cp", path, "ReadOnlyTour", Hosts);
    }

    string Hosts => string.Join(',', _ports[..3].Select(port => $"127.0.0.1:{port}"));

    async Task TourAsync(string program, params string[] arguments)
    {
        for (var id = 1; id <= 3; id++) Start(id);
        using (var writer = new RawClient(_ports[..3]))
        {
            RawReply? created = null;
            while (created is not { Error: 0 or -110 }) created = await writer.CreateAsync("/tour", "here"u8.ToArray());
            await EveryoneHasAsync("/tour");
            await writer.CloseAsync();
        }
        foreach (var id in (int[])[2, 3]) ZabProcess.Signal(_servers[id - 1]!.Id, "KILL");
        using var patience = new CancellationTokenSource(_patience);
        while (await WordAsync("isro") != "ro") patience.Token.ThrowIfCancellationRequested();

        var output = new StringBuilder();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lock (output) output.AppendLine(line);
                if (line != "revive") continue;
                Assert.Contains("Mode: read-only", await WordAsync("srvr"));
                Start(2);
            }
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (output) Assert.Fail($"The tour did not end.\n{output}");
        }
        lock (output)
            Assert.True(process.ExitCode == 0 && output.ToString().Contains("tour done"), output.ToString());
        Assert.Equal("rw", await WordAsync("isro"));
    }

    /// <summary>The server that stays knows of it, too, and knows that it is committed.</summary>
    async Task EveryoneHasAsync(string path)
    {
        foreach (var port in _ports[..3])
        {
            using var reader = new RawClient([port]);
            Assert.Equal(0, (await reader.SyncAsync())!.Error);
            Assert.Equal(0, (await reader.GetAsync(path))!.Error);
        }
    }

    async Task<string> WordAsync(string word)
        => await WordClient.AskAsync("127.0.0.1", _ports[0], word, _patience, CancellationToken.None) ?? "";

    void Start(int id)
    {
        var config = Path.Combine(_folder, $"{id}.conf");
        var members = string.Join(", ", Enumerable.Range(1, 3).Select(
            member => $"{{ id = {member}, address = \"akka.tcp://zab@127.0.0.1:{_ports[2 + member]}\" }}"));
        File.WriteAllText(config, $$"""
            akka.zab {
              server-id = {{id}}
              members = [{{members}}]
              client-port { host = "127.0.0.1", port = {{_ports[id - 1]}} }
              read-only-mode = on
            }
            """);
        _servers[id - 1] = ZabProcess.Start("server", "--config", config, "--data", Path.Combine(_folder, $"{id}"));
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
