using System.Buffers.Binary;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Transactions as bytes, version 2: version byte, CRC-32C of what follows, how many, the first zxid; then for each its
/// kind, its time as a difference to the one before, session, request, and what its kind needs. Version 1 is the same
/// without <see cref="SetAclTxn"/> and lifetimes.
/// </summary>
internal static class TxnCodec
{
    internal const byte Version = 2;
    internal const byte OldestVersion = 1;
    internal const int ChecksumEnd = 5;

    private const byte CreateKind = 1;
    private const byte DeleteKind = 2;
    private const byte SetDataKind = 3;
    private const byte CheckKind = 4;
    private const byte MultiKind = 5;
    private const byte OpenSessionKind = 6;
    private const byte CloseSessionKind = 7;
    private const byte SetAclKind = 8;
    private const byte CreateWithLifetimeKind = 9;
    private const byte ReconfigKind = 10;

    // Of the first transaction, where there is one only: after version, checksum, the one byte of its count, and zxid.
    private const int OnlyKindAt = ChecksumEnd + 1 + sizeof(long);

    /// <summary>Whether the bytes are as they were made. Cheap: nothing is decoded.</summary>
    public static bool IsIntact(TxnBatch batch) => batch.Bytes.Length > ChecksumEnd
        && BinaryPrimitives.ReadUInt32LittleEndian(batch.Bytes.AsSpan(1))
        == Checksum.Crc32C(batch.Bytes.AsSpan(ChecksumEnd));

    /// <summary>Whether the batch is a change of the ensemble. Cheap: nothing is decoded.</summary>
    public static bool IsReconfig(TxnBatch batch) => batch.FirstZxid == batch.LastZxid
        && batch.Bytes.Length > OnlyKindAt && batch.Bytes[OnlyKindAt] == ReconfigKind;

    /// <summary>The transactions of a batch.</summary>
    /// <exception cref="InvalidDataException">
    /// The bytes are damaged, or of a version that this program does not know.
    /// </exception>
    public static LoggedTxn[] Decode(TxnBatch batch)
    {
        var reader = new ByteReader(batch.Bytes, "batch of transactions");
        if (reader.Byte() is var version and (< OldestVersion or > Version))
            throw reader.Fault($"its format is version {version}, this program knows 1 to {Version}");
        if (reader.UInt32() != Checksum.Crc32C(batch.Bytes.AsSpan(ChecksumEnd)))
            throw reader.Fault("its checksum is wrong");
        var txns = new LoggedTxn[reader.Count()];
        var zxid = reader.Int64();
        if (txns.Length != batch.Count || zxid != batch.FirstZxid)
            throw reader.Fault("it holds other transactions than it says");
        var time = 0L;
        for (var i = 0; i < txns.Length; i++)
        {
            var kind = reader.Byte();
            time += reader.Signed();
            var header = new TxnHeader(zxid + i, time, reader.Int64(), reader.Int64());
            txns[i] = new LoggedTxn(header, kind == MultiKind ? ReadMulti(ref reader) : ReadBody(ref reader, kind));
        }

        reader.ExpectEnd();
        return txns;
    }

    internal static void Write(ByteWriter writer, in LoggedTxn txn, long timeBefore)
    {
        writer.Byte(KindOf(txn.Body));
        writer.Signed(txn.Header.Time - timeBefore);
        writer.Int64(txn.Header.SessionId);
        writer.Int64(txn.Header.RequestId);
        if (txn.Body is not MultiTxn multi)
        {
            WriteBody(writer, txn.Body);
            return;
        }

        writer.Count(multi.Parts.Length);
        foreach (var part in multi.Parts)
        {
            if (part is MultiTxn)
                throw new ArgumentException("A multi cannot hold a multi.");
            writer.Byte(KindOf(part));
            WriteBody(writer, part);
        }
    }

    private static byte KindOf(Txn body) => body switch
    {
        CreateTxn { Lifetime: not 0 } => CreateWithLifetimeKind,
        CreateTxn => CreateKind,
        DeleteTxn => DeleteKind,
        SetDataTxn => SetDataKind,
        SetAclTxn => SetAclKind,
        ReconfigTxn => ReconfigKind,
        CheckTxn => CheckKind,
        MultiTxn => MultiKind,
        OpenSessionTxn => OpenSessionKind,
        CloseSessionTxn => CloseSessionKind,
        _ => throw new ArgumentException($"There is no format for a {body.GetType().Name}."),
    };

    private static void WriteBody(ByteWriter writer, Txn body)
    {
        switch (body)
        {
            case CreateTxn create:
                writer.String(create.Path);
                writer.Bytes(create.Data);
                AclCodec.Write(writer, create.Acl);
                writer.Int64(create.EphemeralOwner);
                writer.Int32(create.ParentCreations);
                if (create.Lifetime != 0)
                    writer.Signed(create.Lifetime);
                break;
            case DeleteTxn delete:
                writer.String(delete.Path);
                break;
            case SetDataTxn set:
                writer.String(set.Path);
                writer.Bytes(set.Data);
                writer.Int32(set.Version);
                break;
            case SetAclTxn set:
                writer.String(set.Path);
                AclCodec.Write(writer, set.Acl);
                writer.Int32(set.AclVersion);
                break;
            case ReconfigTxn reconfig:
                writer.Bytes(reconfig.Config);
                break;
            case OpenSessionTxn open:
                writer.Bytes(open.Secret);
                writer.Int32(open.TimeoutMs);
                break;
            case CloseSessionTxn close:
                writer.Count(close.Ephemerals.Length);
                foreach (var path in close.Ephemerals)
                    writer.String(path);
                break;
        }
    }

    private static MultiTxn ReadMulti(ref ByteReader reader)
    {
        var parts = new Txn[reader.Count()];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = ReadBody(ref reader, reader.Byte());
        return new MultiTxn(parts);
    }

    private static Txn ReadBody(ref ByteReader reader, byte kind) => kind switch
    {
        CreateKind => new CreateTxn(
            reader.StringNotNull(), reader.Bytes(), AclCodec.Read(ref reader), reader.Int64(), reader.Int32()),
        CreateWithLifetimeKind => new CreateTxn(
            reader.StringNotNull(), reader.Bytes(), AclCodec.Read(ref reader), reader.Int64(), reader.Int32(),
            reader.Signed()),
        DeleteKind => new DeleteTxn(reader.StringNotNull()),
        SetDataKind => new SetDataTxn(reader.StringNotNull(), reader.Bytes(), reader.Int32()),
        SetAclKind => new SetAclTxn(reader.StringNotNull(), AclCodec.Read(ref reader), reader.Int32()),
        ReconfigKind => new ReconfigTxn(reader.BytesNotNull()),
        CheckKind => CheckTxn.Instance,
        OpenSessionKind => new OpenSessionTxn(reader.BytesNotNull(), reader.Int32()),
        CloseSessionKind => new CloseSessionTxn(ReadPaths(ref reader)),
        _ => throw reader.Fault($"a transaction is of the unknown kind {kind}"),
    };

    private static string[] ReadPaths(ref ByteReader reader)
    {
        var paths = new string[reader.Count()];
        for (var i = 0; i < paths.Length; i++)
            paths[i] = reader.StringNotNull();
        return paths;
    }
}
