using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.ZooKeeper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Zab.Extensions.Tests;

/// <summary>The server that the tests share; each has a znode of its own for its root.</summary>
public sealed class OneServer : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _root;

    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;
    private ActorSystem _system = null!;

    /// <summary>Where it is, without a chroot.</summary>
    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create("zab", ConfigurationFactory.ParseString($$"""
            akka.loglevel = WARNING
            akka.zab {
              data-dir = "{{_folder}}/zab"
              client-port { host = "127.0.0.1", port = 0 }
              tick-time = 200ms
              session-timeout.min = 400ms
              sasl.users = [{ name = bob, password = "se cret" }]
            }
            """));
        await Zab.Get(_system).WhenServingAsync().WaitAsync(Patience);
        Address = $"127.0.0.1:{ZooKeeperPort.Get(_system).Endpoint.Port}";
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate().WaitAsync(Patience);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A connection string whose root no other test uses; it exists.</summary>
    public async Task<string> RootAsync()
    {
        await using var zab = await ZabClient.ConnectAsync(Address);
        var root = $"/t{Interlocked.Increment(ref _root)}";
        await zab.CreateAsync(root, []);
        return Address + root;
    }

    /// <summary>A host to be, without logs and other sources.</summary>
    public static HostApplicationBuilder Builder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        return builder;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await isSo()) await timer.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Waits until something is so.</summary>
    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));
}

/// <summary>The tests that share the server.</summary>
[CollectionDefinition(Name)]
public sealed class OneServerCollection : ICollectionFixture<OneServer>
{
    public const string Name = "one server";
}
