using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Puts a tree together from the chunks that <see cref="SnapshotCodec"/> made. For one owner on one thread.
/// </summary>
internal sealed class SnapshotReader
{
    private const string What = "snapshot";

    private readonly SnapshotBuilder builder = new();
    private readonly List<IReadOnlyList<Acl>> acls = [];
    private byte[] pending = [];
    private byte version;
    private int chunks;
    private bool ended;

    /// <summary>The zxid of the tree, known after the first chunk.</summary>
    public long Zxid { get; private set; }

    /// <summary>Whether the last chunk has been added.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The next chunk.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not the next.</exception>
    public void Add(ReadOnlySpan<byte> chunk)
    {
        var reader = new ByteReader(chunk, What);
        var format = reader.Byte();
        if (format is < SnapshotCodec.OldestVersion or > SnapshotCodec.Version)
        {
            throw reader.Fault(
                $"its format is version {format}, this program knows {SnapshotCodec.OldestVersion} to "
                + $"{SnapshotCodec.Version}");
        }

        if (chunks > 0 && format != version)
            throw reader.Fault($"chunk {chunks} is of version {format}, not {version}");
        version = format;
        if (chunk.Length < SnapshotCodec.HeaderBytes || chunk.Length > SnapshotCodec.MaxChunkBytes)
            throw reader.Fault($"a chunk has {chunk.Length} bytes");
        if (reader.UInt32() != Checksum.Crc32C(chunk[SnapshotCodec.ChecksumEnd..]))
            throw reader.Fault($"the checksum of chunk {chunks} is wrong");
        var flags = reader.Byte();
        if (reader.Int32() is var number && number != chunks)
            throw reader.Fault($"chunk {number} came where chunk {chunks} belongs");
        if (reader.Int64() is var zxid && chunks > 0 && zxid != Zxid)
            throw reader.Fault($"chunk {chunks} is of the snapshot 0x{zxid:x}, not of 0x{Zxid:x}");
        if (IsComplete)
            throw reader.Fault("there are chunks after the last");
        chunks++;
        Zxid = zxid;
        IsComplete = flags == SnapshotCodec.LastFlag;
        ReadRecords(chunk[SnapshotCodec.HeaderBytes..]);
    }

    /// <summary>The tree.</summary>
    /// <exception cref="InvalidDataException">Chunks are missing.</exception>
    public ZnodeTree Finish()
    {
        if (!IsComplete || !ended || pending.Length > 0)
            throw new InvalidDataException($"The {What} cannot be read: it ends after chunk {chunks - 1}.");
        var edit = builder.Finish(Zxid).Edit();
        // The one ACL there was in version 1, by rule and not in the tree.
        if (version == SnapshotCodec.OldestVersion)
            edit.ApplyPart(default, new SetAclTxn(PathRules.Config, AclRules.ReadOnly, -1));
        edit.RestoreQuotas();
        return edit.Commit();
    }

    private void ReadRecords(ReadOnlySpan<byte> bytes)
    {
        if (pending.Length > 0)
        {
            // Only the record that was cut in two is put together; the rest is read where it is.
            var missing = Math.Min(bytes.Length, MissingOf(pending));
            ReadOnlySpan<byte> whole = [.. pending, .. bytes[..missing]];
            bytes = bytes[missing..];
            if (!TryReadRecord(ref whole))
            {
                pending = whole.ToArray();
                return;
            }
        }

        while (TryReadRecord(ref bytes))
        {
        }

        pending = bytes.ToArray();
    }

    private bool TryReadRecord(ref ReadOnlySpan<byte> bytes)
    {
        if (!TryCutRecord(ref bytes, out var record))
            return false;
        var reader = new ByteReader(record, What);
        if (ended)
            throw reader.Fault("there are records after the last");
        ReadRecord(ref reader);
        reader.ExpectEnd();
        return true;
    }

    /// <summary>How many bytes of a record that was cut in two are still to come.</summary>
    private static int MissingOf(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes, What);
        return (int)Math.Min(int.MaxValue, reader.UCount() - (ulong)reader.Remaining);
    }

    private static bool TryCutRecord(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (bytes.IsEmpty)
            return false;
        // The length itself is never cut in two.
        var reader = new ByteReader(bytes, What);
        var length = reader.UCount();
        if (length > (ulong)reader.Remaining)
            return false;
        record = reader.Take((int)length);
        bytes = bytes[reader.Position..];
        return true;
    }

    private void ReadRecord(ref ByteReader reader)
    {
        var kind = reader.Byte();
        switch (kind)
        {
            case SnapshotCodec.SessionKind:
                if (!builder.AddSession(reader.Int64(), new SessionRecord(reader.BytesNotNull(), reader.Int32())))
                    throw reader.Fault("a session is there twice");
                break;
            case SnapshotCodec.LeafKind:
            case SnapshotCodec.ParentKind:
                ReadZnode(ref reader, kind == SnapshotCodec.ParentKind);
                break;
            case SnapshotCodec.AclKind when version > SnapshotCodec.OldestVersion:
                acls.Add(AclCodec.Read(ref reader));
                break;
            case SnapshotCodec.EndKind:
                ended = true;
                var sessions = reader.UCount();
                var znodes = reader.UCount();
                if (sessions != (ulong)builder.SessionCount || znodes != (ulong)builder.ZnodeCount || znodes == 0)
                    throw reader.Fault("sessions or znodes are missing");
                break;
            default:
                throw reader.Fault($"a record is of the unknown kind {kind}");
        }
    }

    private IReadOnlyList<Acl>? ReadAcl(ref ByteReader reader)
    {
        var number = version > SnapshotCodec.OldestVersion ? reader.UCount() : 0;
        if (number > (ulong)acls.Count)
            throw reader.Fault("a znode has an ACL that is not there");
        return number == 0 ? null : acls[(int)number - 1];
    }

    private void ReadZnode(ref ByteReader reader, bool isParent)
    {
        var depth = reader.UCount();
        var packed = reader.Take(reader.Count());
        var hasData = reader.Bytes(out var data);
        if (!ZnodeHead.TryParse(packed, hasData && !isParent, data, out var head))
            throw reader.Fault("a znode's head makes no sense");
        var ownData = !hasData || head.HasData ? null : data.ToArray();
        var added = isParent
            ? builder.AddParent(depth, head, ownData, reader.Int32(), reader.Int64(), ReadAcl(ref reader))
            : builder.AddLeaf(depth, head, ownData, data.Length);
        if (!added)
            throw reader.Fault("a znode is out of place");
    }
}
