using System.Buffers;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization.Hyperion;
using Akka.Util;
using Hyperion;

namespace Akka.Serialization;

/// <summary>Serialises any object by its fields, as far as the type filter allows.</summary>
public class HyperionSerializer : Serializer, IBufferSerializer
{
    /// <summary>What it is set to.</summary>
    public readonly HyperionSerializerSettings Settings;

    private readonly global::Hyperion.Serializer _serializer;

    /// <summary>With the default settings, and what the <see cref="HyperionSerializerSetup"/> changes.</summary>
    public HyperionSerializer(ExtendedActorSystem system) : this(system, HyperionSerializerSettings.Default)
    {
    }

    /// <summary>With the settings of the section, and what the <see cref="HyperionSerializerSetup"/> changes.</summary>
    public HyperionSerializer(ExtendedActorSystem system, Config config)
        : this(system, HyperionSerializerSettings.Create(config))
    {
    }

    /// <summary>With these settings, and what the <see cref="HyperionSerializerSetup"/> changes.</summary>
    public HyperionSerializer(ExtendedActorSystem system, HyperionSerializerSettings settings) : base(system)
    {
        Settings = system?.Settings.Setup.Get<HyperionSerializerSetup>() is { HasValue: true } setup
            ? setup.Value.ApplySettings(settings)
            : settings;
        _serializer = new global::Hyperion.Serializer(new SerializerOptions(
            Settings.VersionTolerance,
            Settings.PreserveObjectReferences,
            Settings.Surrogates.Append(Surrogate.Create<ISurrogated, ISurrogate>(
                from => from.ToSurrogate(system!), to => to.FromSurrogate(system!))),
            null,
            KnownTypes(system, Settings.KnownTypesProvider),
            true,
            Settings.PackageNameOverrides,
            Settings.DisallowUnsafeType,
            Settings.TypeFilter));
    }

    /// <inheritdoc/>
    public override int Identifier => -5;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <summary>The defaults of every setting.</summary>
    public static Config DefaultConfiguration() =>
        ConfigurationFactory.FromResource<HyperionSerializer>("Akka.Serialization.Hyperion.reference.conf");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        var output = _serializer.Write(obj);
        var bytes = output.Written.ToArray();
        global::Hyperion.Serializer.Return(output);
        return bytes;
    }

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The bytes are no message, or hold a type that is refused.</exception>
    public override object FromBinary(byte[] bytes, Type type) => Read(bytes, 0, bytes.Length);

    void IBufferSerializer.ToBuffer(object obj, IBufferWriter<byte> target)
    {
        var output = _serializer.Write(obj);
        target.Write(output.Written);
        global::Hyperion.Serializer.Return(output);
    }

    object IBufferSerializer.FromBuffer(byte[] buffer, int offset, int count) => Read(buffer, offset, count);

    private object Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return _serializer.Read(buffer, offset, count, out _);
        }
        catch (Exception e) when (e is not (SerializationException or OutOfMemoryException))
        {
            throw new SerializationException($"Failed to deserialize a message. {e.Message}", e);
        }
    }

    private static IEnumerable<Type> KnownTypes(ExtendedActorSystem? system, Type provider)
    {
        var withSystem = provider.GetConstructor([typeof(ExtendedActorSystem)]) ??
                         provider.GetConstructor([typeof(ActorSystem)]);
        var instance = withSystem is null ? Activator.CreateInstance(provider) : withSystem.Invoke([system]);
        return ((IKnownTypesProvider)instance!).GetKnownTypes();
    }
}
