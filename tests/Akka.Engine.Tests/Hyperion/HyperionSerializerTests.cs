using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Hyperion;

namespace Akka.Engine.Tests.Hyperion;

/// <summary>Hyperion as an actor system's serializer, by configuration.</summary>
public class HyperionSerializerTests() : Core.ActorSystemTest(
    """
        akka.actor {
          serializers.hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
          serialization-bindings."Akka.Engine.Tests.Hyperion.IMail, Akka.Engine.Tests" = hyperion
          serialization-settings.hyperion {
            surrogates = ["Akka.Engine.Tests.Hyperion.StampSurrogate, Akka.Engine.Tests"]
            known-types-provider = "Akka.Engine.Tests.Hyperion.KnownMail, Akka.Engine.Tests"
          }
        }
        """)
{
    [Fact]
    public void A_bound_message_comes_back_with_the_actors_in_it()
    {
        var actor = System.ActorOf(Props.Empty, "addressee");
        var letter = new Letter(actor, ["a", "b"], new Letter(null, [], null));
        var copy = (Letter)Copy(letter);
        Assert.Equal(actor, copy.To);
        Assert.Equal(letter.Lines, copy.Lines);
        Assert.Null(copy.Enclosed!.To);
    }

    [Fact]
    public void A_configured_surrogate_takes_the_place_of_what_cannot_travel() =>
        Assert.Equal(80, ((Parcel)Copy(new Parcel(new Stamp(80)))).Stamp.Cents);

    [Fact]
    public void A_configured_known_type_travels_without_its_name()
    {
        var bytes = Serializer.ToBinary(new Postcard("hello"));
        Assert.False(bytes.AsSpan().IndexOf("Postcard"u8) >= 0);
        Assert.True(Serializer.ToBinary(new Parcel(new Stamp(1))).AsSpan().IndexOf("Parcel"u8) >= 0);
    }

    [Fact]
    public void The_settings_of_the_section_are_those_of_the_serializer()
    {
        var settings = HyperionSerializerSettings.Create(ConfigurationFactory.ParseString(
            "preserve-object-references = off, version-tolerance = off, disallow-unsafe-type = off"));
        Assert.Equal(
            (false, false, false),
            (settings.PreserveObjectReferences, settings.VersionTolerance, settings.DisallowUnsafeType));
        var defaults = HyperionSerializerSettings.Create(ConfigurationFactory.ParseString("unrelated = 1"));
        Assert.Equal(
            (true, true, true),
            (defaults.PreserveObjectReferences, defaults.VersionTolerance, defaults.DisallowUnsafeType));
    }

    [Fact]
    public void A_type_outside_the_allow_list_is_refused_on_both_sides()
    {
        var system = (ExtendedActorSystem)System;
        var open = new HyperionSerializer(system, HyperionSerializerSettings.Default);
        var closed = new HyperionSerializer(
            system, HyperionSerializerSettings.Default.WithTypeFilter(new OnlyPostcards()));
        Assert.Equal(new Postcard("in"), closed.FromBinary(closed.ToBinary(new Postcard("in")), null!));
        var refused = Assert.ThrowsAny<Exception>(() => closed.ToBinary(new Letter(null, [], null)));
        Assert.Contains("Letter", refused.ToString());
        var bytes = open.ToBinary(new Letter(null, [], null));
        var unread = Assert.Throws<SerializationException>(() => closed.FromBinary(bytes, null!));
        Assert.Contains("Letter", unread.ToString());
    }

    Akka.Serialization.Serializer Serializer => System.Serialization.FindSerializerForType(typeof(IMail));

    object Copy(object message)
    {
        Assert.IsType<HyperionSerializer>(System.Serialization.FindSerializerFor(message));
        return Serializer.FromBinary(Serializer.ToBinary(message), message.GetType());
    }
}

public interface IMail;

public sealed record Letter(IActorRef? To, ImmutableList<string> Lines, Letter? Enclosed) : IMail;

public sealed record Postcard(string Text) : IMail;

public sealed record Parcel(Stamp Stamp) : IMail;

/// <summary>Holds what no serializer could restore.</summary>
public sealed class Stamp(int cents)
{
    public Func<int> Value { get; } = () => cents;

    public int Cents => Value();
}

public sealed record StampForm(int Cents);

public sealed class StampSurrogate() : Surrogate<Stamp, StampForm>(
    stamp => new StampForm(stamp.Cents), form => new Stamp(form.Cents));

public sealed class KnownMail : IKnownTypesProvider
{
    public IEnumerable<Type> GetKnownTypes() => [typeof(Postcard)];
}

public sealed class OnlyPostcards : ITypeFilter
{
    public bool IsAllowed(string typeName) => typeName.Contains(nameof(Postcard), StringComparison.Ordinal);
}
