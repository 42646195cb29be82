using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// The content of a snapshot file: a protobuf message of serializer id (1), bytes (2) and manifest (3, if any), as
/// Akka.NET writes it.
/// </summary>
static class SnapshotFile
{
    const int SerializerIdField = 1 << 3;
    const int PayloadField = (2 << 3) | 2;
    const int ManifestField = (3 << 3) | 2;

    public static void Write(Stream file, ExtendedActorSystem system, object snapshot)
    {
        var serializer = system.Serialization.FindSerializerFor(snapshot);
        var bytes = Akka.Serialization.Serialization.WithTransport(system, () => serializer.ToBinary(snapshot));
        var manifest = Encoding.UTF8.GetBytes(Akka.Serialization.Serialization.ManifestFor(serializer, snapshot));
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        if (serializer.Identifier != 0)
        {
            writer.Write7BitEncodedInt(SerializerIdField);
            writer.Write7BitEncodedInt64(serializer.Identifier);
        }
        WriteBytes(writer, PayloadField, bytes);
        if (manifest.Length > 0)
            WriteBytes(writer, ManifestField, manifest);
    }

    public static object Read(Stream file, ExtendedActorSystem system)
    {
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        byte[] bytes = [];
        var serializer = 0;
        var manifest = "";
        while (file.Position < file.Length)
            switch (reader.Read7BitEncodedInt())
            {
                case SerializerIdField:
                    serializer = (int)reader.Read7BitEncodedInt64();
                    break;
                case PayloadField:
                    bytes = ReadBytes(reader);
                    break;
                case ManifestField:
                    manifest = Encoding.UTF8.GetString(ReadBytes(reader));
                    break;
                default:
                    throw new InvalidDataException("The file is not a snapshot.");
            }
        return system.Serialization.Deserialize(bytes, serializer, manifest);
    }

    static void WriteBytes(BinaryWriter writer, int field, byte[] bytes)
    {
        writer.Write7BitEncodedInt(field);
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException("The snapshot file is cut off.");
    }
}
