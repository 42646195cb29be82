using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>The service registry, and how an instance is chosen.</summary>
[Collection(EnsemblesCollection.Name)]
public class RegistryTests(Ensembles ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Uri Somewhere = new("http://10.0.0.1:80");

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task An_instance_is_listed_with_its_health_while_its_session_lives(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        await using var server = await ensembles.ConnectAsync(via, root);
        await using var seen = new ZabServiceRegistry(zab, "/services").WatchAsync("orders", patience.Token)
            .GetAsyncEnumerator();
        Assert.True(await seen.MoveNextAsync());
        Assert.Empty(seen.Current);

        var healthy = true;
        var registration = await new ZabServiceRegistry(server, "/services").RegisterAsync(
            "orders",
            new ServiceInstance("o1", Somewhere)
            {
                Weight = 2,
                Metadata = new Dictionary<string, string> { ["zone"] = "a" },
            },
            _ => Task.FromResult(Volatile.Read(ref healthy)), TimeSpan.FromMilliseconds(10), patience.Token);
        Assert.True(await seen.MoveNextAsync());
        var instance = Assert.Single(seen.Current);
        Assert.Equal(("o1", Somewhere, 2.0, "a", true),
            (instance.Id, instance.Address, instance.Weight, instance.Metadata["zone"], instance.Healthy));
        Volatile.Write(ref healthy, false);
        Assert.True(await seen.MoveNextAsync());
        Assert.False(Assert.Single(seen.Current).Healthy);
        await registration.DisposeAsync();
        Assert.True(await seen.MoveNextAsync());
        Assert.Empty(seen.Current);
    }

    [Fact]
    public void Instances_are_chosen_in_turn_by_weight_or_once_and_for_all()
    {
        ServiceInstance[] instances =
        [
            new("a", Somewhere) { Weight = 3 }, new("b", Somewhere), new("sick", Somewhere) { Healthy = false },
        ];
        var inTurn = LoadBalancer.RoundRobin();
        Assert.Equal("abab", string.Concat(Enumerable.Range(0, 4).Select(_ => inTurn.Pick(instances)!.Id)));
        var weighted = LoadBalancer.Weighted(new Random(1));
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => weighted.Pick(instances)!.Id == "a"), 700, 800);
        var sticky = LoadBalancer.Sticky(new Random(1));
        var chosen = sticky.Pick(instances)!;
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Same(chosen, sticky.Pick(instances)));
        Assert.NotEqual(chosen.Id, sticky.Pick([.. instances.Where(instance => instance != chosen)])!.Id);
        Assert.Null(inTurn.Pick([instances[2]]));
    }
}
