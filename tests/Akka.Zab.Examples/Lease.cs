using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Zab.Examples;

/// <summary>
/// Akka.NET's lease, for the split-brain resolver, the cluster singleton and sharding: configuration alone.
/// </summary>
public class Lease(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(OverTheWire))]
    public async Task One_owner_has_it(Via via)
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka.loglevel = WARNING
            my-lease {
              lease-class = "Akka.Zab.Client.Coordination.ZabLease, Akka.Zab.Client"
              connect-string = "{{await ConnectStringAsync(via)}}"
              path = "/leases"
              lease-operation-timeout = 20s
            }
            """);
        using var one = ActorSystem.Create("one", config);
        using var two = ActorSystem.Create("two", config);

        // What akka.cluster.split-brain-resolver.lease-majority.lease-implementation = my-lease does by itself:
        var mine = LeaseProvider.Get(one).GetLease("majority", "my-lease", "node-1");
        var theirs = LeaseProvider.Get(two).GetLease("majority", "my-lease", "node-2");
        Assert.True(await mine.Acquire());
        Assert.False(await theirs.Acquire());
        Assert.True(mine.CheckLease());
        Assert.True(await mine.Release());
        Assert.True(await theirs.Acquire());
    }
}
