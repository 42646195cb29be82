using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>Strings, ints and longs as messages of their own.</summary>
public sealed class PrimitiveSerializers : SerializerWithStringManifest
{
    private const string String = "S";
    private const string Int = "I";
    private const string Long = "L";

    /// <summary>Made from the configuration.</summary>
    public PrimitiveSerializers(ExtendedActorSystem system, Config config) : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 17;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        string => String,
        int => Int,
        long => Long,
        _ => throw new ArgumentException($"[{o.GetType()}] is no string, int or long."),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case string text: return Encoding.UTF8.GetBytes(text);
            case int number:
                var four = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(four, number);
                return four;
            case long number:
                var eight = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(eight, number);
                return eight;
            default: throw new ArgumentException($"[{obj.GetType()}] is no string, int or long.");
        }
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => (manifest, bytes.Length) switch
    {
        (String, _) => Encoding.UTF8.GetString(bytes),
        (Int, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        (Long, 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => throw new SerializationException($"[{manifest}] of {bytes.Length} bytes is no string, int or long."),
    };
}
