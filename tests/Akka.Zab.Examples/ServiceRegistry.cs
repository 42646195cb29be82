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
}
