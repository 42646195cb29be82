using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Engine.Tests.Core;

/// <summary>Where the bundled engine says no and Akka.NET would go on.</summary>
public class EngineOnlyTests : ActorSystemTest
{
    static readonly bool Bundled = typeof(ActorSystem).Assembly.GetName().Version is { Major: 0 };

    [Fact]
    public void A_type_without_a_serializer_is_refused_by_name()
    {
        if (!Bundled)
            return;
        var e = Assert.Throws<SerializationException>(() => ((ExtendedActorSystem)System).Serialization.Serialize(new Uri("http://x")));
        Assert.Contains("System.Uri", e.Message);
        Assert.Contains("serialization-bindings", e.Message);
    }

    [Fact]
    public void A_router_in_a_deployment_is_refused()
    {
        if (!Bundled)
            return;
        var e = Assert.Throws<ConfigurationException>(() => NewSystem("akka.actor.deployment { /pool { router = round-robin-pool } }"));
        Assert.Contains("/pool", e.Message);
    }
}
