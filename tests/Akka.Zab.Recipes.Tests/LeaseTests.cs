using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Zab.Client;
using Akka.Zab.Client.Coordination;

namespace Akka.Zab.Recipes.Tests;

/// <summary>Akka.NET's lease, kept by the ensemble.</summary>
[Collection(EnsemblesCollection.Name)]
public sealed class LeaseTests(Ensembles ensembles) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<ActorSystem> _systems = [];

    public static TheoryData<Via> All => Ensembles.OverTheWire;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Theory, MemberData(nameof(All))]
    public async Task One_owner_has_it_until_it_is_released(Via via)
    {
        var path = await ensembles.RootAsync(via);
        var (a, b) = (Lease(via, path, "a"), Lease(via, path, "b"));
        Assert.IsType<ZabLease>(a);
        Assert.False(a.CheckLease());
        Assert.True(await a.Acquire());
        Assert.True(await a.Acquire());
        Assert.True(a.CheckLease());
        Assert.False(await b.Acquire());
        Assert.False(b.CheckLease());
        Assert.True(await a.Release());
        Assert.False(a.CheckLease());
        Assert.True(await a.Release());
        Assert.True(await b.Acquire());
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_owner_that_was_started_again_takes_its_lease_over(Via via)
    {
        var path = await ensembles.RootAsync(via);
        var (earlier, later) = (Lease(via, path, "a"), Lease(via, path, "a"));
        Assert.True(await earlier.Acquire());
        Assert.True(await later.Acquire());
        Assert.True(later.CheckLease());
        Assert.True(await earlier.Release()); // which has lost it, and does not take it from the later one
        await using var zab = await ensembles.ConnectAsync(via, path);
        Assert.NotNull(await zab.ExistsAsync("/leases/shard%2F1"));
        Assert.True(later.CheckLease());
    }

    [Theory, MemberData(nameof(All))]
    public async Task Whoever_holds_it_is_told_that_it_is_lost_and_can_get_it_again(Via via)
    {
        var path = await ensembles.RootAsync(via);
        var lease = Lease(via, path, "a");
        var lost = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(await lease.Acquire(lost.SetResult));
        await using (var zab = await ensembles.ConnectAsync(via, path)) await zab.DeleteAsync("/leases/shard%2F1");
        Assert.Null(await lost.Task.WaitAsync(Patience));
        Assert.False(lease.CheckLease());
        Assert.True(await lease.Acquire());
    }

    [Fact]
    public async Task Without_a_server_it_fails_in_time_and_is_not_held()
    {
        var lease = Lease("127.0.0.1:1", "/leases", "a", "200ms");
        await Assert.ThrowsAsync<LeaseTimeoutException>(lease.Acquire);
        Assert.False(lease.CheckLease());
    }

    private Lease Lease(Via via, string root, string owner) =>
        Lease(ensembles.Address(via) + root, "/leases", owner, "20s");

    private Lease Lease(string servers, string path, string owner, string timeout)
    {
        var system = ActorSystem.Create("owner", ConfigurationFactory.ParseString($$"""
            akka.loglevel = ERROR
            my-lease {
              lease-class = "Akka.Zab.Client.Coordination.ZabLease, Akka.Zab.Client"
              connect-string = "{{servers}}"
              path = "{{path}}"
              lease-operation-timeout = {{timeout}}
            }
            """));
        _systems.Add(system);
        return LeaseProvider.Get(system).GetLease("shard/1", "my-lease", owner);
    }
}
