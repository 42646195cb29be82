using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Engine.Tests.Core;

/// <summary>Where the bundled engine says no and Akka.NET would go on.</summary>
public class EngineOnlyTests : ActorSystemTest
{
    [BundledFact]
    public void A_type_without_a_serializer_is_refused_by_name()
    {
        var e = Assert.Throws<SerializationException>(() =>
            ((ExtendedActorSystem)System).Serialization.Serialize(new Uri("http://x")));
        Assert.Contains("System.Uri", e.Message);
        Assert.Contains("serialization-bindings", e.Message);
    }

    [BundledFact]
    public void A_router_in_a_deployment_is_refused()
    {
        var e = Assert.Throws<ConfigurationException>(() =>
            NewSystem("akka.actor.deployment { /pool { router = round-robin-pool } }"));
        Assert.Contains("/pool", e.Message);
    }
}
