namespace Akka.Zab.Examples;

/// <summary>Services find each other, by health and by weight.</summary>
public class ServiceRegistry(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Register_find_and_balance(Via via)
    {
        await using var server = await ConnectAsync(via);
        await using var client = await ConnectAsync(via);
        var registry = new ZabServiceRegistry(server, "/services");
        var first = new ServiceInstance("orders-1", new Uri("http://10.0.0.1:8080"))
        {
            Weight = 3,
            Metadata = new Dictionary<string, string> { ["zone"] = "a" },
        };
        var second = new ServiceInstance("orders-2", new Uri("http://10.0.0.2:8080"));
        await using var one = await registry.RegisterAsync(
            "orders", first, health: _ => Task.FromResult(true), cancellation: Stop);
        await using var two = await registry.RegisterAsync("orders", second, cancellation: Stop);

        await client.SyncAsync(Stop); // to see what another has just done
        var instances = await new ZabServiceRegistry(client, "/services").GetInstancesAsync("orders", Stop);
        var balancer = LoadBalancer.RoundRobin(); // or Weighted, or Sticky
        Assert.Equal("orders-1", balancer.Pick(instances)?.Id);
        Assert.Equal("orders-2", balancer.Pick(instances)?.Id);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Follow_who_is_there_and_well(Via via)
    {
        await using var server = await ConnectAsync(via);
        await using var client = await ConnectAsync(via);
        await using var seen = new ZabServiceRegistry(client, "/services")
            .WatchAsync("orders", Stop).GetAsyncEnumerator();
        await seen.MoveNextAsync();
        Assert.Empty(seen.Current);

        var well = true; // whatever the service checks of itself, asked again and again
        await using var listed = await new ZabServiceRegistry(server, "/services").RegisterAsync(
            "orders", new ServiceInstance("orders-1", new Uri("http://10.0.0.1:8080")),
            _ => Task.FromResult(Volatile.Read(ref well)), TimeSpan.FromMilliseconds(10), Stop);
        await seen.MoveNextAsync();
        Assert.Equal("orders-1", LoadBalancer.RoundRobin().Pick(seen.Current)?.Id);

        Volatile.Write(ref well, false);
        await seen.MoveNextAsync();
        Assert.Null(LoadBalancer.RoundRobin().Pick(seen.Current)); // it is listed, but not chosen
    }
}
