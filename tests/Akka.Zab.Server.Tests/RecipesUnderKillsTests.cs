using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Server.Tests;

/// <summary>The recipes on three real servers of which one after the other is killed or stopped, over both protocols.</summary>
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
    public Task A_mutex_goes_on_from_holder_to_holder_while_servers_are_killed(bool overTheWire) =>
        ContendAsync(overTheWire, "mutex", TimeSpan.FromSeconds(20), mayExpire: false, async (servers, resource) =>
        {
            for (var round = 0; round < 3; round++)
            {
                var victim = round == 1 ? (await servers.LeaderAsync() % 3) + 1 : await servers.LeaderAsync();
                servers.Kill(victim);
                await resource.UsedAgainAsync(20);
                await servers.ServeAgainAsync(victim);
            }
        });

    /// <summary>Whose server is stopped, its connection open, has to find another before its session is over.</summary>
    [Theory]
    [InlineData(true, "mutex")]
    [InlineData(false, "shared-lock")]
    [InlineData(true, "semaphore")]
    [InlineData(false, "election")]
    public Task What_is_held_goes_on_from_holder_to_holder_while_servers_are_stopped_for_longer_than_a_session(
        bool overTheWire, string recipe)
    {
        var timeout = TimeSpan.FromSeconds(5);
        return ContendAsync(overTheWire, recipe, timeout, mayExpire: true, async (servers, resource) =>
        {
            var leader = await servers.LeaderAsync();
            var victim = servers.ProcessOf(recipe is "mutex" or "election" ? leader : (leader % 3) + 1);
            ZabProcess.Signal(victim, "STOP");
            try
            {
                await Task.Delay(timeout * 1.5);
                await resource.UsedAgainAsync(20);
            }
            finally
            {
                ZabProcess.Signal(victim, "CONT");
            }
        });
    }

    static async Task ContendAsync(
        bool overTheWire, string recipe, TimeSpan sessionTimeout, bool mayExpire,
        Func<DevFixture, FencedResource, Task> trouble)
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
        await trouble(servers, resource);
        await resource.UsedAgainAsync(40);
        await stop.CancelAsync();
        foreach (var worker in workers) await worker.WaitAsync(_patience);
        Assert.Equal(0, resource.Refused);
        await system.Terminate();

        async Task WorkAsync()
        {
            var options = new ZabClientOptions { SessionTimeout = sessionTimeout };
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await using var zab = overTheWire
                        ? await ZabClient.ConnectAsync(servers.Hosts, options, stop.Token)
                        : await ZabClient.ConnectAsync(system, servers.Addresses, options, stop.Token);
                    while (!stop.IsCancellationRequested)
                    {
                        await using var hold = await TakeAsync(zab, recipe, stop.Token);
                        // No more than the clock says: between this and the use there is nothing.
                        if (hold.IsHeld) resource.Use(hold.FencingToken);
                    }
                }
                catch (OperationCanceledException)
                {
                    // Done.
                }
                catch (ZabException) when (mayExpire)
                {
                    // The session is over, or no server has answered: once more, with a new one.
                }
            }
        }
    }

    static Task<Hold> TakeAsync(ZabClient zab, string recipe, CancellationToken cancellation) => recipe switch
    {
        "shared-lock" => new ZabSharedLock(zab, "/locks/resource").AcquireExclusiveAsync(cancellation),
        "semaphore" => new ZabSemaphore(zab, "/locks/resource", 1).AcquireAsync(cancellation),
        "election" => new ZabElection(zab, "/locks/resource", "worker").LeadAsync(cancellation),
        _ => new ZabMutex(zab, "/locks/resource").AcquireAsync(cancellation),
    };
}
