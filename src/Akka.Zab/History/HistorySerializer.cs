using System.Buffers.Binary;
using Akka.Actor;
using Akka.Serialization;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// A row of the journal or of the snapshot store is damaged, or was written by a program that this one does not know.
/// </summary>
internal sealed class UnreadableRowException(string message) : Exception(message);

/// <summary>
/// The rows of the journal and of the snapshot store as bytes. The manifest names the kind and its version; a CRC-32C
/// of the manifest and of what follows comes first, then the fields, little-endian. Every version that was ever
/// written stays readable.
/// </summary>
internal sealed class HistorySerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string AcceptedManifest = "epoch-accepted/1";
    private const string AppendedManifest = "appended/1";
    private const string TruncatedManifest = "truncated/1";
    private const string EstablishedManifest = "epoch-established/1";
    private const string TakenManifest = "snapshot-taken/1";
    private const string ReplacedManifest = "replaced/1";
    private const string PartManifest = "snapshot-part/1";
    private const int RefLength = 16;

    /// <summary>Stored with every row; never changed.</summary>
    public override int Identifier => 0x5A4142;

    public override string Manifest(object o) => o switch
    {
        BatchAppended => AppendedManifest,
        EpochAccepted => AcceptedManifest,
        HistoryTruncated => TruncatedManifest,
        EpochEstablished => EstablishedManifest,
        SnapshotTaken => TakenManifest,
        HistoryReplaced => ReplacedManifest,
        SnapshotPart => PartManifest,
        _ => throw new ArgumentException($"There is no format for a {o.GetType().Name}."),
    };

    public override byte[] ToBinary(object obj)
    {
        var bytes = obj switch
        {
            BatchAppended batch => Write(batch),
            SnapshotPart part => Write(part),
            EpochAccepted accepted => WriteInt32(accepted.Epoch),
            EpochEstablished established => WriteInt32(established.Epoch),
            HistoryTruncated truncated => WriteInt64(truncated.KeepUpTo),
            SnapshotTaken taken => Write(taken.Snapshot, taken.AcceptedEpoch, taken.CurrentEpoch, taken.Earlier),
            HistoryReplaced replaced =>
                Write(replaced.Snapshot, replaced.AcceptedEpoch, replaced.CurrentEpoch, replaced.Earlier),
            _ => throw new ArgumentException($"There is no format for a {obj.GetType().Name}."),
        };
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc(Manifest(obj), bytes));
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc(manifest, bytes))
            throw new UnreadableRowException($"A row of kind '{manifest}' is damaged: its checksum is wrong.");
        var body = bytes.AsSpan(4);
        return manifest switch
        {
            AppendedManifest => new BatchAppended(
                Int64(body), Int64(body[8..]), body[24..].ToArray(), Int64(body[16..])),
            PartManifest => new SnapshotPart(bytes.AsMemory(4)),
            AcceptedManifest => new EpochAccepted(Int32(body)),
            EstablishedManifest => new EpochEstablished(Int32(body)),
            TruncatedManifest => new HistoryTruncated(Int64(body)),
            TakenManifest =>
                new SnapshotTaken(Ref(body), Int32(body[RefLength..]), Int32(body[(RefLength + 4)..]), Refs(body)),
            ReplacedManifest =>
                new HistoryReplaced(Ref(body), Int32(body[RefLength..]), Int32(body[(RefLength + 4)..]), Refs(body)),
            _ => throw new UnreadableRowException($"This program does not know rows of the kind '{manifest}'."),
        };
    }

    private static byte[] Write(BatchAppended batch)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(4 + 24 + batch.Bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), batch.FirstZxid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), batch.LastZxid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(20), batch.Committed);
        batch.Bytes.CopyTo(bytes, 28);
        return bytes;
    }

    private static byte[] Write(SnapshotPart part)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(4 + part.Bytes.Length);
        part.Bytes.Span.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    private static byte[] WriteInt32(int value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), value);
        return bytes;
    }

    private static byte[] WriteInt64(long value)
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), value);
        return bytes;
    }

    private static byte[] Write(SnapshotRef snapshot, int acceptedEpoch, int currentEpoch, SnapshotRef[] earlier)
    {
        var bytes = new byte[4 + RefLength + 8 + (earlier.Length * RefLength)];
        var body = bytes.AsSpan(4);
        Write(body, snapshot);
        BinaryPrimitives.WriteInt32LittleEndian(body[RefLength..], acceptedEpoch);
        BinaryPrimitives.WriteInt32LittleEndian(body[(RefLength + 4)..], currentEpoch);
        for (var i = 0; i < earlier.Length; i++)
            Write(body[(RefLength + 8 + (i * RefLength))..], earlier[i]);
        return bytes;
    }

    private static void Write(Span<byte> bytes, SnapshotRef snapshot)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, snapshot.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], snapshot.Zxid);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], snapshot.Chunks);
    }

    private static SnapshotRef Ref(ReadOnlySpan<byte> bytes) =>
        new(Int32(bytes), Int64(bytes[4..]), Int32(bytes[12..]));

    private static SnapshotRef[] Refs(ReadOnlySpan<byte> body)
    {
        body = body[(RefLength + 8)..];
        var refs = new SnapshotRef[body.Length / RefLength];
        for (var i = 0; i < refs.Length; i++)
            refs[i] = Ref(body[(i * RefLength)..]);
        return refs;
    }

    private static int Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    // The manifest is part of what is checked, so that a row that is taken for another kind is found out.
    private static uint Crc(string manifest, ReadOnlySpan<byte> bytes)
    {
        var crc = Checksum.Crc32C(bytes[4..]);
        foreach (var character in manifest)
            crc = (crc * 31) + character;
        return crc;
    }
}
