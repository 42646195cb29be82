using System.Runtime.Serialization;
using Akka.Remote.Transport;

namespace Akka.Remote.Serialization;

internal delegate void ContentWriter<in T>(FrameWriter writer, T message);

internal delegate object ContentReader(ref FrameReader reader);

/// <summary>
/// The messages of a serializer: for each its manifest, how its content is written and how it is read.
/// </summary>
/// <param name="kind">What these messages are, for errors.</param>
internal sealed class MessageTable(string kind)
{
    private readonly Dictionary<Type, Entry> _byType = [];
    private readonly Dictionary<string, Entry> _byManifest = [];

    public MessageTable Add<T>(string manifest, ContentWriter<T> write, ContentReader read)
    {
        var entry = new Entry(typeof(T), manifest, (writer, message) => write(writer, (T)message), read);
        _byType.Add(typeof(T), entry);
        _byManifest.Add(manifest, entry);
        return this;
    }

    /// <summary>A message that says all by its manifest.</summary>
    public MessageTable Add<T>(string manifest, T instance) where T : class =>
        Add<T>(manifest, static (_, _) => { }, (ref FrameReader _) => instance);

    public string Manifest(object message) => Of(message).Manifest;

    public byte[] Write(object message)
    {
        var writer = new FrameWriter();
        Of(message).Write(writer, message);
        return writer.Written.ToArray();
    }

    /// <exception cref="SerializationException">The bytes are no such message.</exception>
    public object Read(byte[] bytes, string manifest)
    {
        if (!_byManifest.TryGetValue(manifest, out var entry))
            throw new SerializationException($"[{manifest}] is none of {kind}.");
        var reader = new FrameReader(bytes, 0, bytes.Length);
        try
        {
            return entry.Read(ref reader);
        }
        catch (ProtocolException e)
        {
            throw new SerializationException(e.Message, e);
        }
    }

    private Entry Of(object message)
    {
        if (_byType.TryGetValue(message.GetType(), out var exact)) return exact;
        // An interface, or a class that others derive from.
        foreach (var entry in _byType.Values)
            if (entry.Type.IsInstanceOfType(message))
                return entry;
        throw new ArgumentException($"[{message.GetType()}] is none of {kind}.");
    }

    private sealed record Entry(Type Type, string Manifest, Action<FrameWriter, object> Write, ContentReader Read);
}
