using System.Buffers.Binary;

namespace Akka.Zab.Tree;

/// <summary>
/// Gathers transactions into one <see cref="TxnBatch"/> after the other. For one owner on one thread.
/// </summary>
internal sealed class BatchEncoder
{
    private readonly ByteWriter content = new(64 * 1024);
    private readonly ByteWriter head = new(64);
    private readonly List<LoggedTxn> txns = [];
    private long firstZxid;
    private long lastZxid;
    private long lastTime;

    /// <summary>How many transactions were added since the last batch.</summary>
    public int Count => txns.Count;

    /// <summary>About how many bytes they take.</summary>
    public int Length => content.Length;

    /// <exception cref="ArgumentException">The zxid does not follow the one before.</exception>
    public void Add(in LoggedTxn txn)
    {
        var zxid = txn.Header.Zxid;
        if (Count == 0)
            firstZxid = zxid;
        else if (zxid != lastZxid + 1 || zxid >> 32 != lastZxid >> 32)
            throw new ArgumentException($"Transaction 0x{zxid:x} cannot follow 0x{lastZxid:x} in a batch.");
        TxnCodec.Write(content, txn, lastTime);
        lastZxid = zxid;
        lastTime = txn.Header.Time;
        txns.Add(txn);
    }

    /// <summary>The batch of what was added since the last one; there must be something.</summary>
    public TxnBatch Finish() => Finish(out _);

    /// <summary>The same, with what it was made from.</summary>
    public TxnBatch Finish(out LoggedTxn[] made)
    {
        if (Count == 0)
            throw new InvalidOperationException("There is no batch without a transaction.");
        head.Clear();
        head.Byte(TxnCodec.Version);
        head.UInt32(0);
        head.Count(Count);
        head.Int64(firstZxid);
        var bytes = GC.AllocateUninitializedArray<byte>(head.Length + content.Length);
        head.Written.CopyTo(bytes);
        content.Written.CopyTo(bytes.AsSpan(head.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), Checksum.Crc32C(bytes.AsSpan(TxnCodec.ChecksumEnd)));
        content.Clear();
        made = [.. txns];
        txns.Clear();
        lastTime = 0;
        return new TxnBatch(firstZxid, lastZxid, bytes);
    }
}
