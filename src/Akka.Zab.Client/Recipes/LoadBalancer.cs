namespace Akka.Zab.Client.Recipes;

/// <summary>Chooses among the instances of a service that are healthy. Thread-safe.</summary>
public abstract class LoadBalancer
{
    /// <summary>One after the other.</summary>
    public static LoadBalancer RoundRobin() => new RoundRobinBalancer();

    /// <summary>By chance, in proportion to the weights.</summary>
    /// <param name="random">The source of chance; null for the shared one.</param>
    public static LoadBalancer Weighted(Random? random = null) => new WeightedBalancer(random ?? Random.Shared);

    /// <summary>The same for as long as it is there.</summary>
    /// <param name="random">The source of the choice; null for the shared one.</param>
    public static LoadBalancer Sticky(Random? random = null) => new StickyBalancer(random ?? Random.Shared);

    /// <summary>The next instance to use.</summary>
    /// <param name="instances">All instances of the service.</param>
    /// <returns>An instance that is healthy, or null if there is none.</returns>
    public ServiceInstance? Pick(IReadOnlyList<ServiceInstance> instances)
    {
        ArgumentNullException.ThrowIfNull(instances);
        var healthy = instances.Where(static instance => instance.Healthy).ToArray();
        return healthy.Length == 0 ? null : PickHealthy(healthy);
    }

    private protected abstract ServiceInstance PickHealthy(ServiceInstance[] instances);

    private sealed class RoundRobinBalancer : LoadBalancer
    {
        private int _next = -1;

        private protected override ServiceInstance PickHealthy(ServiceInstance[] instances) =>
            instances[(uint)Interlocked.Increment(ref _next) % (uint)instances.Length];
    }

    private sealed class WeightedBalancer(Random random) : LoadBalancer
    {
        private protected override ServiceInstance PickHealthy(ServiceInstance[] instances)
        {
            var total = instances.Sum(static instance => Math.Max(0, instance.Weight));
            double at;
            lock (random) at = random.NextDouble() * total;
            foreach (var instance in instances)
            {
                at -= Math.Max(0, instance.Weight);
                if (at < 0) return instance;
            }
            // All weigh nothing, or the sum was rounded.
            return instances[^1];
        }
    }

    private sealed class StickyBalancer(Random random) : LoadBalancer
    {
        private string? _id;

        private protected override ServiceInstance PickHealthy(ServiceInstance[] instances)
        {
            lock (random)
            {
                var same = Array.Find(instances, instance => instance.Id == _id);
                same ??= instances[random.Next(instances.Length)];
                _id = same.Id;
                return same;
            }
        }
    }
}
