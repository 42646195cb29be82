using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Engine.Tests.Core;

public class SerializationTests : ActorSystemTest
{
    const string Hocon = """
        akka.actor {
          serializers {
            text = "Akka.Engine.Tests.Core.SerializationTests+TextSerializer, Akka.Engine.Tests"
            special = "Akka.Engine.Tests.Core.SerializationTests+SpecialSerializer, Akka.Engine.Tests"
          }
          serialization-bindings {
            "Akka.Engine.Tests.Core.SerializationTests+IText, Akka.Engine.Tests" = text
            "Akka.Engine.Tests.Core.SerializationTests+Special, Akka.Engine.Tests" = special
          }
          serialization-identifiers {
            "Akka.Engine.Tests.Core.SerializationTests+TextSerializer, Akka.Engine.Tests" = 4711
          }
          serialization-settings.special { greeting = hello }
        }
        """;

    public SerializationTests()
        : base(Hocon)
    {
    }

    Akka.Serialization.Serialization Serialization => ((ExtendedActorSystem)System).Serialization;

    [Fact]
    public void A_type_goes_through_the_serializer_bound_to_it_or_to_its_interface()
    {
        var serializer = Serialization.FindSerializerFor(new Text("abc"));
        Assert.IsType<TextSerializer>(serializer);
        Assert.Equal(4711, serializer.Identifier);
        var bytes = Serialization.Serialize(new Text("abc"));
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, new Text("abc"));
        Assert.Equal("T", manifest);
        Assert.Equal(new Text("abc"), Serialization.Deserialize(bytes, 4711, manifest));
    }

    [Fact]
    public void The_most_specific_binding_wins_and_settings_reach_the_serializer()
    {
        var special = Assert.IsType<SpecialSerializer>(Serialization.FindSerializerForType(typeof(Special)));
        Assert.Equal("hello", special.Greeting);
        // Akka.NET takes any binding that covers a type with none of its own.
        if (BundledFactAttribute.IsBundled)
            Assert.IsType<SpecialSerializer>(Serialization.FindSerializerForType(typeof(VerySpecial)));
    }

    [Fact]
    public void Byte_arrays_go_as_they_are()
    {
        byte[] bytes = [1, 2, 3];
        Assert.Same(bytes, Serialization.Serialize(bytes));
        Assert.Same(bytes, Serialization.Deserialize(bytes, Serialization.FindSerializerFor(bytes).Identifier, ""));
    }

    [Fact]
    public void An_unknown_serializer_is_an_error() =>
        Assert.Throws<SerializationException>(() => Serialization.Deserialize([], 99999, "T"));

    [Fact]
    public async Task Serializers_can_be_given_in_code()
    {
        var setup = BootstrapSetup.Create().WithConfig("akka.stdout-loglevel = OFF, akka.loglevel = OFF")
            .And(SerializationSetup.Create(system =>
                ImmutableHashSet.Create(SerializerDetails.Create("coded", new SpecialSerializer(system),
                    ImmutableHashSet.Create(typeof(Uri))))));
        using var system = ActorSystem.Create("coded", setup);
        Assert.IsType<SpecialSerializer>(system.Serialization.FindSerializerFor(new Uri("http://x")));
        await system.Terminate();
    }

    [Fact]
    public void A_reference_is_written_as_seen_from_the_transport_and_found_again()
    {
        var actor = System.ActorOf(Props.Empty, "travels");
#pragma warning disable CS0618 // what embeds an older serializer still calls it
        var text = Akka.Serialization.Serialization.WithTransport(System, new Address("akka.tcp", "core", "host", 1),
            () => Akka.Serialization.Serialization.SerializedActorPath(actor));
#pragma warning restore CS0618
        Assert.Equal($"akka.tcp://core@host:1/user/travels#{actor.Path.Uid}", text);
        var local = Akka.Serialization.Serialization.SerializedActorPath(actor);
        Assert.Equal(actor, ((ExtendedActorSystem)System).Provider.ResolveActorRef(local));
        var surrogate = actor.ToSurrogate(System);
        Assert.Equal(actor, surrogate.FromSurrogate(System));
        Assert.Same(ActorRefs.Nobody, ActorRefs.Nobody.ToSurrogate(System).FromSurrogate(System));
        Assert.Equal(actor.Path, actor.Path.ToSurrogate(System).FromSurrogate(System));
        Assert.Equal(actor.Path.Address, actor.Path.Address.ToSurrogate(System).FromSurrogate(System));
    }

    [Fact]
    public async Task Messages_can_be_serialised_within_the_process_to_find_those_that_cannot_be()
    {
        using var system = NewSystem(Hocon + "\nakka.actor.serialize-messages = on");
        var seen = new TaskCompletionSource<object>();
        var actor = system.ActorOf(Props.Create(() => new Inline((_, m) => seen.TrySetResult(m))));
        var sent = new Text("abc");
        actor.Tell(sent);
        var received = await seen.Task.WaitAsync(Patience);
        Assert.Equal(sent, received);
        Assert.NotSame(sent, received);
        await system.Terminate();
    }

    public interface IText;

    public sealed record Text(string Value) : IText;

    public class Special : IText;

    public sealed class VerySpecial : Special;

    public sealed class TextSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override string Manifest(object o) => "T";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Text)obj).Value);

        public override object FromBinary(byte[] bytes, string manifest) => new Text(Encoding.UTF8.GetString(bytes));
    }

    public sealed class SpecialSerializer : Serializer
    {
        public SpecialSerializer(ExtendedActorSystem system)
            : base(system)
        {
        }

        public SpecialSerializer(ExtendedActorSystem system, Akka.Configuration.Config settings)
            : base(system) => Greeting = settings.GetString("greeting");

        public string Greeting { get; } = "";

        public override int Identifier => 4712;

        public override bool IncludeManifest => true;

        public override byte[] ToBinary(object obj) => [];

        public override object FromBinary(byte[] bytes, Type type) => Activator.CreateInstance(type)!;
    }
}
