using System.Diagnostics;
using System.Globalization;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>Debian's ZooKeeper, with the same settings as <see cref="OurServer"/>.</summary>
internal sealed class ReferenceServer : IDisposable, IPairServers
{
    public const string Java = "/usr/bin/java";
    public const string Jar = "/usr/share/java/zookeeper.jar";

    /// <summary>What its port with TLS needs besides, and the manifest does not name.</summary>
    public const string Codec = "/usr/share/java/netty-codec.jar", Resolver = "/usr/share/java/netty-resolver.jar";

    readonly string _folder = Directory.CreateTempSubdirectory("zookeeper-").FullName;
    readonly List<Process> _processes = [];
    readonly int[] _ports;
    readonly int[] _secure;
    readonly PairCertificates? _certificates;

    public ReferenceServer(PairSettings? pair = null, PairCertificates? certificates = null)
    {
        pair ??= new PairSettings();
        _certificates = certificates;
        _ports = [.. Enumerable.Range(0, pair.Servers).Select(_ => Ports.Free())];
        _secure = certificates is null ? [] : [.. _ports.Select(_ => Ports.Free())];
        var members = pair.Servers == 1 ? [] : _ports
            .Select((port, i) => $"server.{i + 1}=127.0.0.1:{Ports.Free()}:{Ports.Free()}:participant;127.0.0.1:{port}")
            .ToArray();
        for (var i = 0; i < pair.Servers; i++) Start(i, pair, members);
    }

    public int Port => _ports[0];

    public int Count => _ports.Length;

    public Link Dial(int session, int moves)
    {
        var server = (session + moves) % Count;
        return _certificates?.Of(session) is { } tls ? new Link(_secure[server], tls) : new Link(_ports[server]);
    }

    /// <summary>Waits until it serves, and gives its version.</summary>
    public async Task<string> StartedAsync()
    {
        var version = "";
        for (var i = 0; i < Count; i++)
        {
            var process = _processes[i];
            version = await Ports.ServesAsync(
                _ports[i], () => process.HasExited ? $"ZooKeeper ended with {process.ExitCode}." : null);
        }
        return version;
    }

    void Start(int index, PairSettings pair, string[] members)
    {
        var folder = Path.Combine(_folder, $"{index + 1}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "myid"), $"{index + 1}\n");
        var configuration = Path.Combine(folder, "zoo.cfg");
        File.WriteAllText(configuration, $"""
            tickTime={pair.TickMs}
            initLimit=20
            syncLimit=10
            dataDir={folder}
            {(members.Length > 0 ? "" : $"clientPortAddress=127.0.0.1\nclientPort={_ports[index]}")}
            {(_certificates is null ? "" : $"secureClientPortAddress=127.0.0.1\nsecureClientPort={_secure[index]}")}
            maxClientCnxns=0
            minSessionTimeout={pair.ShortestTimeoutMs}
            maxSessionTimeout=600000
            4lw.commands.whitelist=*
            admin.enableServer=false
            extendedTypesEnabled=true
            localSessionsEnabled={(pair.LocalSessions ? "true" : "false")}
            localSessionsUpgradingEnabled={(pair.UpgradesSessions ? "true" : "false")}
            reconfigEnabled={(members.Length > 0 ? "true" : "false")}
            {string.Join('\n', members)}

            """);
        File.WriteAllText(Path.Combine(folder, "log4j.properties"), $"""
            log4j.rootLogger=WARN, FILE
            log4j.appender.FILE=org.apache.log4j.FileAppender
            log4j.appender.FILE.File={folder}/server.log
            log4j.appender.FILE.layout=org.apache.log4j.PatternLayout
            log4j.appender.FILE.layout.ConversionPattern=%-5p %c - %m%n
            """);
        string[] tls = _certificates is null ? [] :
        [
            "-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
            $"-Dzookeeper.ssl.keyStore.location={_certificates.Server}", "-Dzookeeper.ssl.keyStore.type=PKCS12",
            $"-Dzookeeper.ssl.keyStore.password={PairCertificates.Password}",
            $"-Dzookeeper.ssl.trustStore.location={_certificates.Authority}", "-Dzookeeper.ssl.trustStore.type=PEM",
            "-Dzookeeper.ssl.hostnameVerification=false",
        ];
        string[] jaas = pair.Jaas.Length == 0 ? [] : [$"-Djava.security.auth.login.config={folder}/jaas.conf"];
        if (jaas.Length > 0) File.WriteAllText($"{folder}/jaas.conf", pair.Jaas);
        var process = Process.Start(new ProcessStartInfo(Java,
        [
            "-Xmx512m", "-Dzookeeper.extendedTypesEnabled=true",
            $"-Dznode.container.checkIntervalMs={(pair.Acts ? 500 : 86_400_000)}", "-Dzookeeper.enforceQuota=true",
            $"-Dzookeeper.DigestAuthenticationProvider.superDigest={OurServer.SuperDigest}",
            "-Dzookeeper.authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            .. tls, .. jaas, .. pair.Properties,
            "-cp", string.Join(':', folder, Jar, Codec, Resolver), "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Servers of this project.</summary>
internal sealed class OurServer : IAsyncDisposable, IPairServers
{
    /// <summary>The superuser is super:secret.</summary>
    public const string SuperDigest = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;
    readonly List<ZabProcess> _processes = [];
    readonly int[] _ports;
    readonly int[] _secure;
    readonly PairCertificates? _certificates;

    public OurServer(PairSettings? pair = null, PairCertificates? certificates = null)
    {
        pair ??= new PairSettings();
        _certificates = certificates;
        _ports = [.. Enumerable.Range(0, pair.Servers).Select(_ => Ports.Free())];
        _secure = certificates is null ? [] : [.. _ports.Select(_ => Ports.Free())];
        int[] remote = [.. _ports.Select(_ => Ports.Free())];
        var members = string.Join('\n', remote.Select((port, i) =>
            $$"""{ id = {{i + 1}}, address = "akka.tcp://zab@127.0.0.1:{{port}}", client = "127.0.0.1:{{_ports[i]}}" }"""));
        for (var i = 0; i < pair.Servers; i++) Start(i, pair, remote[i], members);
    }

    public int Count => _ports.Length;

    public int Port => _ports[0];

    /// <summary>Of the first server.</summary>
    public int ProcessId => _processes[0].Id;

    public Link Dial(int session, int moves)
    {
        var server = (session + moves) % Count;
        return _certificates?.Of(session) is { } tls ? new Link(_secure[server], tls) : new Link(_ports[server]);
    }

    /// <summary>Waits until all of them serve, and gives the port of the first.</summary>
    public async Task<int> StartedAsync()
    {
        foreach (var process in _processes) await process.LineAsync("ZooKeeper clients");
        foreach (var port in _ports) await Ports.ServesAsync(port, () => null);
        return Port;
    }

    void Start(int index, PairSettings pair, int remote, string members)
    {
        var folder = Path.Combine(_folder, $"{index + 1}");
        var configuration = Path.Combine(_folder, $"{index + 1}.conf");
        var tls = _certificates is null ? "" : $$"""
            akka.remote.dot-netty.tcp.ssl.certificate { path = "{{_certificates.Server}}", password = "{{PairCertificates.Password}}" }
            akka.zab.client-port.tls {
              enabled = on, host = "127.0.0.1", port = {{_secure[index]}}, authorities = "{{_certificates.Authority}}"
            }
            """;
        File.WriteAllText(configuration, $$"""
            akka.remote.retry-gate-closed-for = 200ms
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{remote}} }
            akka.zab {
              server-id = {{index + 1}}
              {{(pair.Servers == 1 ? "" : $"members = [\n{members}\n]")}}
              reconfig = {{(pair.Servers > 1 ? "on" : "off")}}
              tick-time = {{pair.TickMs}}ms
              client-port { host = "127.0.0.1", port = {{_ports[index]}} }
              session-timeout { min = {{pair.ShortestTimeoutMs}}ms, max = 600s }
              sessions { local = {{(pair.LocalSessions ? "on" : "off")}}, local-upgrade = {{(pair.UpgradesSessions ? "on" : "off")}} }
              extended-types = on
              enforce-quota = on
              four-letter-words = ["*"]
              container.check-interval = {{(pair.Acts ? "500ms" : "1d")}}
              acl.super-digest = "{{SuperDigest}}"
            }
            {{tls}}
            {{pair.Hocon}}
            """);
        _processes.Add(ZabProcess.Start("server", "--config", configuration, "--data", folder));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
