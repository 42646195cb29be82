using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// Debian's ZooKeeper, one server by itself, with the same settings as <see cref="OurServer"/>.
/// </summary>
internal sealed class ReferenceServer : IDisposable
{
    public const string Java = "/usr/bin/java";
    public const string Jar = "/usr/share/java/zookeeper.jar";

    readonly string _folder = Directory.CreateTempSubdirectory("zookeeper-").FullName;
    readonly Process _process;

    public ReferenceServer()
    {
        Port = FreePort();
        var configuration = Path.Combine(_folder, "zoo.cfg");
        File.WriteAllText(configuration, $"""
            tickTime=2000
            dataDir={_folder}
            clientPortAddress=127.0.0.1
            clientPort={Port}
            maxClientCnxns=0
            minSessionTimeout=60000
            maxSessionTimeout=600000
            4lw.commands.whitelist=*
            admin.enableServer=false
            extendedTypesEnabled=true
            """);
        File.WriteAllText(Path.Combine(_folder, "log4j.properties"), $"""
            log4j.rootLogger=WARN, FILE
            log4j.appender.FILE=org.apache.log4j.FileAppender
            log4j.appender.FILE.File={_folder}/server.log
            log4j.appender.FILE.layout=org.apache.log4j.PatternLayout
            log4j.appender.FILE.layout.ConversionPattern=%-5p %c - %m%n
            """);
        _process = Process.Start(new ProcessStartInfo(Java,
        [
            "-Xmx512m", "-Dzookeeper.extendedTypesEnabled=true", "-Dznode.container.checkIntervalMs=86400000",
            "-Dzookeeper.enforceQuota=true",
            $"-Dzookeeper.DigestAuthenticationProvider.superDigest={OurServer.SuperDigest}",
            "-cp", $"{_folder}:{Jar}", "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>Waits until it serves, and gives its version.</summary>
    public async Task<string> StartedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"ZooKeeper ended with {_process.ExitCode}.");
            var lines = (await SrvrAsync(patience.Token)).Split('\n');
            if (Array.Exists(lines, line => line.StartsWith("Mode:", StringComparison.Ordinal)))
                return lines[0].Split(' ', ',', '-')[2];
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>
    /// Not one that the system gives to outgoing connections: who dials such a port before its server listens may be
    /// connected to himself.
    /// </summary>
    static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(12_000, 20_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }

    async Task<string> SrvrAsync(CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, stop);
            await client.GetStream().WriteAsync("srvr"u8.ToArray(), stop);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            return await reader.ReadToEndAsync(stop);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return "";
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The server of this project, one by itself.</summary>
internal sealed class OurServer : IAsyncDisposable
{
    /// <summary>The superuser is super:secret.</summary>
    public const string SuperDigest = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;
    readonly ZabProcess _zab;

    public OurServer()
    {
        var configuration = Path.Combine(_folder, "zab.conf");
        File.WriteAllText(configuration, $$"""
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.zab {
              client-port { host = "127.0.0.1", port = 0 }
              session-timeout { min = 60s, max = 600s }
              extended-types = on
              enforce-quota = on
              four-letter-words = ["*"]
              container.check-interval = 1d
              acl.super-digest = "{{SuperDigest}}"
            }
            """);
        _zab = ZabProcess.Start("server", "--config", configuration, "--data", _folder);
    }

    /// <summary>Waits until it serves, and gives its port.</summary>
    public async Task<int> StartedAsync()
    {
        var line = await _zab.LineAsync("ZooKeeper clients");
        return int.Parse(line[(line.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _zab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
