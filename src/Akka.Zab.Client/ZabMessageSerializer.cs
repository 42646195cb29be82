using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Hyperion;

namespace Akka.Zab.Client;

/// <summary>
/// Serialises every <see cref="IZabMessage"/>: Hyperion, with unsafe types off and a filter that lets nothing pass but
/// the messages of Akka.Zab and what they are made of. An application's own use of Hyperion is not touched by it.
/// </summary>
/// <param name="system">The actor system.</param>
public sealed class ZabMessageSerializer(ExtendedActorSystem system) : HyperionSerializer(system, Strict)
{
    private static readonly HyperionSerializerSettings Strict = HyperionSerializerSettings.Default
        .WithPreserveObjectReference(false)
        .WithVersionTolerance(true)
        .WithDisallowUnsafeType(true)
        .WithTypeFilter(new ZabTypeFilter());

    /// <summary>Stands on the wire for this serializer; the same in every release.</summary>
    public override int Identifier => 2181;

    /// <summary>Adds the serializer and its binding to an actor system that does not have them.</summary>
    /// <param name="system">The actor system.</param>
    public static void Register(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (system.Settings.Config.HasPath("akka.actor.serializers.zab")) return;
        system.Settings.InjectTopLevelFallback(ConfigurationFactory.FromResource(
            "Akka.Zab.Client.reference.conf", typeof(ZabMessageSerializer).Assembly));
    }
}
