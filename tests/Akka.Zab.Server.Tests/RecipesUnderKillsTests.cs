using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Server.Tests;

/// <summary>The recipes on three real servers of which one after the other is killed, over both protocols.</summary>
[Collection("processes")]
public class RecipesUnderKillsTests
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    /// <summary>What the lock protects: it refuses a token that is not higher than the last.</summary>
    sealed class FencedResource
    {
        readonly Lock _lock = new();
        readonly List<(int Uses, TaskCompletionSource Done)> _waiting = [];
        long _token;
        int _uses;

        public int Refused { get; private set; }

        public void Use(long token)
        {
            lock (_lock)
            {
                if (token <= _token)
                {
                    Refused++;
                    return;
                }
                _token = token;
                _uses++;
                foreach (var (uses, done) in _waiting)
                    if (_uses >= uses) done.TrySetResult();
            }
        }

        public Task UsedAgainAsync(int times)
        {
            lock (_lock)
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((_uses + times, done));
                return done.Task.WaitAsync(_patience);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mutex_goes_on_from_holder_to_holder_while_servers_are_killed(bool overTheWire)
    {
        await using var servers = await DevFixture.StartAsync();
        var system = ActorSystem.Create("application", ConfigurationFactory.ParseString(
            """
            akka.loglevel = ERROR
            akka.actor.provider = remote
            akka.remote.retry-gate-closed-for = 200ms
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            """));
        var resource = new FencedResource();
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 4).Select(_ => WorkAsync()).ToArray();
        await resource.UsedAgainAsync(40);
        for (var round = 0; round < 3; round++)
        {
            var victim = round == 1 ? (await servers.LeaderAsync() % 3) + 1 : await servers.LeaderAsync();
            servers.Kill(victim);
            await resource.UsedAgainAsync(20);
            await servers.ServeAgainAsync(victim);
        }
        await resource.UsedAgainAsync(40);
        await stop.CancelAsync();
        foreach (var worker in workers) await worker.WaitAsync(_patience);
        Assert.Equal(0, resource.Refused);
        await system.Terminate();

        async Task WorkAsync()
        {
            var options = new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(20) };
            await using var zab = overTheWire
                ? await ZabClient.ConnectAsync(servers.Hosts, options)
                : await ZabClient.ConnectAsync(system, servers.Addresses, options);
            var mutex = new ZabMutex(zab, "/locks/resource");
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    await using var hold = await mutex.AcquireAsync(stop.Token);
                    resource.Use(hold.FencingToken);
                }
            }
            catch (OperationCanceledException)
            {
                // Done.
            }
        }
    }
}
