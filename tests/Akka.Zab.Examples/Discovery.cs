using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Examples;

/// <summary>Akka.Discovery over the service registry: nodes list themselves, and find each other by the name.</summary>
public class Discovery(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(OverTheWire))]
    public async Task Find_the_nodes_of_a_service(Via via)
    {
        // In a cluster the address is the actor system's own, and need not be given.
        var system = ActorSystem.Create("orders", ConfigurationFactory.ParseString($$"""
            akka.discovery {
              method = zab
              zab {
                class = "Akka.Zab.Client.Discovery.ZabServiceDiscovery, Akka.Zab.Client"
                connect-string = "{{await ConnectStringAsync(via)}}"
                register { service = orders, address = "akka.tcp://orders@10.0.0.1:4051" }
              }
            }
            """));
        var discovery = Akka.Discovery.Discovery.Get(system).Default;

        var found = await discovery.Lookup("orders", TimeSpan.FromSeconds(30));
        while (found.Addresses.IsEmpty) // this node is not on the list yet
        {
            Stop.ThrowIfCancellationRequested();
            found = await discovery.Lookup("orders", TimeSpan.FromSeconds(30));
        }

        Assert.Equal(("10.0.0.1", 4051), (found.Addresses[0].Host, found.Addresses[0].Port));
        await system.Terminate(); // takes it off the list
    }
}
