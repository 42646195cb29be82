using System.Buffers.Binary;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// A tree as chunks of at most 1 MiB. Each chunk: version byte, CRC-32C of what follows, flags, number of the chunk,
/// zxid of the tree, then its share of the stream of records. A record: its length, its kind, and
/// <list type="bullet">
/// <item>for a session: id, secret, timeout;</item>
/// <item>for an ACL other than the open one, before the first znode that has it: its entries;</item>
/// <item>for a znode: depth, head as in <see cref="ZnodeHead"/>, data, and if it has had children or has an ACL:
/// creations, their last zxid, and the number of its ACL in order of appearance, 0 for the open one;</item>
/// <item>for the end: how many sessions and how many znodes there were.</item>
/// </list>
/// Sessions come by id, znodes depth first with the root first and siblings in the order of their names: equal trees
/// have equal chunks. Version 1 is the same without ACLs.
/// </summary>
internal static class SnapshotCodec
{
    /// <summary>The most that a chunk takes.</summary>
    public const int MaxChunkBytes = 1024 * 1024;

    internal const byte Version = 2;
    internal const byte OldestVersion = 1;
    internal const byte LastFlag = 1;
    internal const int ChecksumAt = 1;
    internal const int ChecksumEnd = 5;
    internal const int HeaderBytes = ChecksumEnd + 1 + sizeof(int) + sizeof(long);
    internal const byte SessionKind = 1;
    internal const byte LeafKind = 2;
    internal const byte ParentKind = 3;
    internal const byte EndKind = 4;
    internal const byte AclKind = 5;

    /// <summary>
    /// The chunks of the tree, made one at a time. They carry their number and a checksum; the last one says so.
    /// </summary>
    public static IEnumerable<byte[]> Write(ZnodeTree tree)
    {
        var chunks = new ChunkWriter(tree.LastZxid);
        var record = new ByteWriter();
        foreach (var session in tree.State.Sessions)
        {
            WriteSession(record, session);
            while (!chunks.TryAppend(record))
                yield return chunks.Cut(last: false);
        }

        var acls = new Dictionary<IReadOnlyList<Acl>, int>(AclContent.Instance);
        var depth = 0;
        var way = new Stack<OrderedMapEnumerator<Znode, ZnodeHead>>();
        var znode = tree.State.Root;
        while (true)
        {
            var aclNumber = 0;
            if (znode.Acl is { } acl && !acls.TryGetValue(acl, out aclNumber))
            {
                acls.Add(acl, aclNumber = acls.Count + 1);
                record.Clear();
                record.Byte(AclKind);
                AclCodec.Write(record, acl);
                while (!chunks.TryAppend(record))
                    yield return chunks.Cut(last: false);
            }

            WriteZnode(record, depth, znode, aclNumber);
            while (!chunks.TryAppend(record))
                yield return chunks.Cut(last: false);
            if (znode.Body is Parent parent)
            {
                way.Push(parent.Children.GetEnumerator());
                depth++;
            }

            if (!Next(way, ref depth, ref znode))
                break;
        }

        record.Clear();
        record.Byte(EndKind);
        record.Count(tree.SessionCount);
        record.Count((ulong)tree.Count);
        while (!chunks.TryAppend(record))
            yield return chunks.Cut(last: false);
        yield return chunks.Cut(last: true);
    }

    /// <summary>The number of a chunk within its snapshot, not verified; -1 if it is no chunk.</summary>
    public static int NumberOf(ReadOnlySpan<byte> chunk) =>
        chunk.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(chunk[(ChecksumEnd + 1)..]);

    private static bool Next(Stack<OrderedMapEnumerator<Znode, ZnodeHead>> way, ref int depth, ref Znode znode)
    {
        while (way.TryPop(out var siblings))
        {
            if (siblings.MoveNext())
            {
                znode = siblings.Current;
                way.Push(siblings);
                return true;
            }

            depth--;
        }

        return false;
    }

    private static void WriteSession(ByteWriter record, in Session session)
    {
        record.Clear();
        record.Byte(SessionKind);
        record.Int64(session.Id);
        record.Bytes(session.State.Record.Secret);
        record.Int32(session.State.Record.TimeoutMs);
    }

    private static void WriteZnode(ByteWriter record, int depth, in Znode znode, int aclNumber)
    {
        var parent = znode.Body as Parent;
        record.Clear();
        record.Byte(parent is null ? LeafKind : ParentKind);
        record.Count(depth);
        znode.Head.WriteTo(record);
        record.Bytes(znode.HasData, znode.DataInPlace);
        if (parent is not null)
        {
            record.Int32(parent.Creations);
            record.Int64(parent.ChildrenZxid);
            record.Count(aclNumber);
        }
    }

    /// <summary>Cuts the stream of records into chunks; a record may go on in the next chunk.</summary>
    private sealed class ChunkWriter(long zxid)
    {
        private readonly ByteWriter chunk = new(64 * 1024);
        private int number;
        private int done = -1;

        /// <summary>
        /// Appends what is left of the record and its length before it; false if the chunk is full first.
        /// </summary>
        public bool TryAppend(ByteWriter record)
        {
            if (chunk.Length == 0)
                chunk.Take(HeaderBytes);
            if (done < 0)
            {
                if (MaxChunkBytes - chunk.Length < VarInt.MaxBytes)
                    return false;
                chunk.Count(record.Length);
                done = 0;
            }

            var part = Math.Min(record.Length - done, MaxChunkBytes - chunk.Length);
            record.Written.Slice(done, part).CopyTo(chunk.Take(part));
            done += part;
            if (done < record.Length)
                return false;
            done = -1;
            return true;
        }

        public byte[] Cut(bool last)
        {
            var bytes = chunk.ToArray();
            chunk.Clear();
            bytes[0] = Version;
            var content = bytes.AsSpan(ChecksumEnd);
            content[0] = last ? LastFlag : (byte)0;
            BinaryPrimitives.WriteInt32LittleEndian(content[1..], number++);
            BinaryPrimitives.WriteInt64LittleEndian(content[(1 + sizeof(int))..], zxid);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Checksum.Crc32C(content));
            return bytes;
        }
    }
}
