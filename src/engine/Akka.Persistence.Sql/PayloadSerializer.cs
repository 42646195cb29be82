using Akka.Actor;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Persistence.Sql;

/// <summary>Objects to and from bytes, serializer id and manifest, as three columns of a row.</summary>
sealed class PayloadSerializer(ExtendedActorSystem system, string? defaultSerializer)
{
    readonly Akka.Serialization.Serialization _serialization = system.Serialization;

    // Events of one actor are mostly of one type, and finding a serializer is a search.
    Cached? _last;

    public (byte[] Bytes, int SerializerId, string Manifest) Serialize(object payload)
    {
        var type = payload.GetType();
        var cached = _last;
        if (cached is null || cached.Type != type)
            _last = cached = new Cached(type, _serialization.FindSerializerForType(type, defaultSerializer));
        var serializer = cached.Serializer;
        // Bytes hold no actor references, and nothing may be allocated for them.
        var bytes = payload is byte[]? serializer.ToBinary(payload) : ToBinary(serializer, payload);
        var manifest = serializer is SerializerWithStringManifest named ? named.Manifest(payload) : cached.Manifest;
        return (bytes, serializer.Identifier, manifest);
    }

    /// <param name="bytes">The serialised object.</param>
    /// <param name="serializerId">Null in rows of versions that kept only the type's name.</param>
    /// <param name="manifest">What the serializer asked to be kept beside the bytes.</param>
    public object Deserialize(byte[] bytes, int? serializerId, string manifest)
    {
        if (serializerId is { } id)
            return _serialization.Deserialize(bytes, id, manifest);
        var type = Type.GetType(manifest, throwOnError: true)!;
        return _serialization.FindSerializerForType(type, defaultSerializer).FromBinary(bytes, type);
    }

    byte[] ToBinary(Serializer serializer, object payload) =>
        Akka.Serialization.Serialization.WithTransport(system, () => serializer.ToBinary(payload));

    sealed class Cached(Type type, Serializer serializer)
    {
        public Type Type => type;

        public Serializer Serializer => serializer;

        /// <summary>For serializers that keep none, or the type's name.</summary>
        public string Manifest { get; } = serializer.IncludeManifest ? type.TypeQualifiedName() : "";
    }
}
