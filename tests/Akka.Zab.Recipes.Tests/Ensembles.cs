using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.ZooKeeper;

namespace Akka.Zab.Recipes.Tests;

/// <summary>How a client of a test reaches a server, and which.</summary>
public enum Via
{
    /// <summary>A member in this process, over Akka's messages.</summary>
    Akka,

    /// <summary>The same member, over ZooKeeper's protocol.</summary>
    Wire,

    /// <summary>An Apache ZooKeeper; only where Debian's package is installed.</summary>
    ZooKeeper,
}

/// <summary>The servers that all tests of this project share; each test has a znode of its own for its root.</summary>
public sealed class Ensembles : IAsyncLifetime
{
    private const string Jar = "/usr/share/java/zookeeper.jar";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _root;

    /// <summary>Whom the servers know by SASL.</summary>
    public static readonly SaslCredentials Login = new("bob", "se cret");

    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;
    private ActorSystem _system = null!;
    private string _wire = "";
    private Process? _zooKeeper;
    private string _zooKeeperAddress = "";

    /// <summary>The ways there are on this machine.</summary>
    public static TheoryData<Via> All => HasZooKeeper ? [Via.Akka, Via.Wire, Via.ZooKeeper] : [Via.Akka, Via.Wire];

    /// <summary>Those over ZooKeeper's protocol.</summary>
    public static TheoryData<Via> OverTheWire => HasZooKeeper ? [Via.Wire, Via.ZooKeeper] : [Via.Wire];

    private static bool HasZooKeeper => File.Exists(Jar) && File.Exists("/usr/bin/java");

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create("zab", ConfigurationFactory.ParseString($$"""
            akka.loglevel = WARNING
            akka.actor.provider = remote
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.zab {
              data-dir = "{{_folder}}/zab"
              client-port { host = "127.0.0.1", port = 0 }
              tick-time = 200ms
              session-timeout.min = 400ms
              extended-types = on
              sasl.users = [{ name = {{Login.User}}, password = "{{Login.Password}}" }]
            }
            """));
        await Zab.Get(_system).WhenServingAsync().WaitAsync(Patience);
        _wire = $"127.0.0.1:{ZooKeeperPort.Get(_system).Endpoint.Port}";
        if (HasZooKeeper) await StartZooKeeperAsync();
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate().WaitAsync(Patience);
        if (_zooKeeper is not null)
        {
            _zooKeeper.Kill();
            await _zooKeeper.WaitForExitAsync();
            _zooKeeper.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A znode that no other test uses, created.</summary>
    public async Task<string> RootAsync(Via via)
    {
        await using var client = await ConnectAsync(via, "");
        var path = $"/t{Interlocked.Increment(ref _root)}";
        await client.CreateAsync(path, []);
        return path;
    }

    /// <summary>A client whose root is <paramref name="root"/>.</summary>
    public Task<ZabClient> ConnectAsync(
        Via via, string root, TimeSpan? sessionTimeout = null, SaslCredentials? login = null)
    {
        var options = new ZabClientOptions { SessionTimeout = sessionTimeout ?? TimeSpan.FromSeconds(10), Sasl = login };
        return via == Via.Akka
            ? ZabClient.ConnectAsync(_system, [], options with { Chroot = root })
            : ZabClient.ConnectAsync(Address(via) + root, options);
    }

    /// <summary>Where a client of ZooKeeper's protocol finds the server.</summary>
    public string Address(Via via) => via == Via.ZooKeeper ? _zooKeeperAddress : _wire;

    /// <summary>Where a client in another process finds the member over Akka's messages.</summary>
    public string RemoteAddress => ((ExtendedActorSystem)_system).Provider.DefaultAddress.ToString();

    private async Task StartZooKeeperAsync()
    {
        var port = FreePort();
        var folder = Path.Combine(_folder, "zookeeper");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "zoo.cfg"), $"""
            tickTime=200
            dataDir={folder}
            clientPortAddress=127.0.0.1
            clientPort={port}
            maxClientCnxns=0
            admin.enableServer=false
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "jaas"), $$"""
            Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_{{Login.User}}="{{Login.Password}}"; };
            """);
        _zooKeeper = Process.Start(new ProcessStartInfo("/usr/bin/java", [
            "-Xmx256m", "-Dzookeeper.extendedTypesEnabled=true",
            $"-Djava.security.auth.login.config={Path.Combine(folder, "jaas")}",
            "-Dzookeeper.authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider", "-cp", Jar,
            "org.apache.zookeeper.server.ZooKeeperServerMain", Path.Combine(folder, "zoo.cfg")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _zooKeeper.OutputDataReceived += static (_, _) => { };
        _zooKeeper.ErrorDataReceived += static (_, _) => { };
        _zooKeeper.BeginOutputReadLine();
        _zooKeeper.BeginErrorReadLine();
        _zooKeeperAddress = $"127.0.0.1:{port}";
        await using var first = await ZabClient.ConnectAsync(
            _zooKeeperAddress, new ZabClientOptions { ConnectTimeout = Patience });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The tests that share the servers.</summary>
[CollectionDefinition(Name)]
public sealed class EnsemblesCollection : ICollectionFixture<Ensembles>
{
    public const string Name = "ensembles";
}
