using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Turns objects into bytes and back.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;

    int? _identifier;

    protected Serializer(ExtendedActorSystem system) => this.system = system;

    /// <summary>
    /// Names the serializer on the wire and in storage; read from akka.actor.serialization-identifiers unless
    /// overridden.
    /// </summary>
    public virtual int Identifier =>
        _identifier ??= SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>Whether the type's name goes with the bytes, because they alone do not tell it.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    public abstract object FromBinary(byte[] bytes, Type type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));

    /// <summary>
    /// As <see cref="ToBinary"/>, for a receiver to whom this system is known by <paramref name="address"/>.
    /// </summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) =>
        Serialization.WithAddress(system, address, () => ToBinary(obj));
}

/// <summary>
/// A serializer that names what the bytes are with a text of its own, so that classes can be renamed.
/// </summary>
public abstract class SerializerWithStringManifest : Serializer
{
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    public sealed override bool IncludeManifest => true;

    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, type.TypeQualifiedName());

    public abstract object FromBinary(byte[] bytes, string manifest);

    public abstract string Manifest(object o);
}

/// <summary>Bytes as they are.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 4;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => obj switch
    {
        null => null!,
        byte[] bytes => bytes,
        _ => throw new NotSupportedException($"ByteArraySerializer takes byte arrays only, not a {obj.GetType()}."),
    };

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}

/// <summary>Reads what the configuration says about serializers.</summary>
public static class SerializerIdentifierHelper
{
    internal const string Section = "akka.actor.serialization-identifiers";

    /// <exception cref="ConfigurationException">The configuration gives the class no identifier.</exception>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        var identifiers = system.Settings.Config.GetConfig(Section);
        if (!identifiers.IsNullOrEmpty())
            foreach (var (name, value) in identifiers.AsEnumerable())
                if (TypeNames.Find(name) == type)
                    return value.GetInt();
        throw new ConfigurationException($"Couldn't retrieve serializer identifier for [{type}]: override Identifier, "
            + $"or set {Section}.\"{type.TypeQualifiedName()}\".");
    }
}
