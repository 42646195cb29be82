using System.Diagnostics.CodeAnalysis;
using Akka.Zab.History;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// The recent end of a server's history, in memory: what commits, proposals and the synchronisation of learners need.
/// What came before <see cref="Base"/> is only in the tree. Batches are never split; where one ends and the next
/// begins is the same on every server.
/// </summary>
/// <param name="keepBytes">How many bytes of committed batches are kept for learners that come back.</param>
/// <param name="keepBatches">How many of the last batches are kept, however large they are.</param>
/// <param name="neededBytes">How many bytes are kept of what somebody still needs, if that is more.</param>
internal sealed class TxnLog(long keepBytes, int keepBatches = 0, long neededBytes = 0)
{
    private readonly List<TxnBatch> batches = [];
    private int start;

    /// <summary>The last transaction before the first batch that is held; 0 if nothing was ever before it.</summary>
    public long Base { get; private set; }

    /// <summary>The last transaction; <see cref="Base"/> if no batch is held.</summary>
    public long Last => Count == 0 ? Base : batches[^1].LastZxid;

    /// <summary>How many batches are held.</summary>
    public int Count => batches.Count - start;

    /// <summary>Bytes of the batches that are held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Starts anew after <paramref name="zxid"/>.</summary>
    public void Reset(long zxid)
    {
        batches.Clear();
        start = 0;
        Bytes = 0;
        Base = zxid;
    }

    /// <summary>Adds the next batch.</summary>
    public void Append(TxnBatch batch)
    {
        Invariant.Holds(
            Zxid.Follows(batch.FirstZxid, Last), "history has no gap", batch.FirstZxid, Last);
        batches.Add(batch);
        Bytes += batch.Bytes.Length;
    }

    /// <summary>Forgets everything after <paramref name="zxid"/>, the end of a batch.</summary>
    public void TruncateTo(long zxid)
    {
        Invariant.Holds(EndsBatch(zxid), "history is cut where a batch ends", zxid, Last);
        while (Last > zxid)
        {
            Bytes -= batches[^1].Bytes.Length;
            batches.RemoveAt(batches.Count - 1);
        }
    }

    /// <summary>Whether a batch that is held ends here, or the first begins after it.</summary>
    public bool EndsBatch(long zxid) => zxid == FloorOf(zxid);

    /// <summary>
    /// The greatest end of a batch that is not after <paramref name="zxid"/>; -1 if that is before <see
    /// cref="Base"/>.
    /// </summary>
    public long FloorOf(long zxid)
    {
        if (zxid < Base)
            return -1;
        var index = FirstAfter(zxid);
        return index == start ? Base : batches[index - 1].LastZxid;
    }

    /// <summary>What memory has for a learner whose last transaction is <paramref name="zxid"/>.</summary>
    public HistoryExtent After(long zxid)
    {
        var floor = FloorOf(zxid);
        if (floor < 0)
            return HistoryExtent.None;
        var first = FirstAfter(zxid);
        var bytes = 0L;
        for (var i = first; i < batches.Count; i++)
            bytes += batches[i].Bytes.Length;
        return new HistoryExtent(floor, batches.Count - first, bytes);
    }

    /// <summary>The batch after <paramref name="zxid"/>; false if there is none, or if it is in memory no longer.</summary>
    public bool TryNext(long zxid, [NotNullWhen(true)] out TxnBatch? batch)
    {
        batch = null;
        if (zxid < Base || zxid >= Last)
            return false;
        batch = batches[FirstAfter(zxid)];
        return true;
    }

    /// <summary>
    /// The batches that end after <paramref name="after"/> and not after <paramref name="upTo"/>, in order.
    /// </summary>
    public TxnBatch[] Between(long after, long upTo)
    {
        Invariant.Holds(after >= Base, "the batches asked for are in memory", after, Base);
        var from = FirstAfter(after);
        var to = FirstAfter(upTo);
        return from >= to ? [] : [.. batches[from..to]];
    }

    /// <summary>
    /// Drops the oldest batches while there are more bytes than are to be kept, none of them after <paramref
    /// name="committed"/>.
    /// </summary>
    /// <param name="committed">What comes after it is kept in any case.</param>
    /// <param name="needed">What comes after it is needed by somebody.</param>
    public void Trim(long committed, long needed = long.MaxValue)
    {
        while (Bytes > keepBytes && Count > keepBatches && batches[start].LastZxid <= committed
            && (batches[start].LastZxid <= needed || Bytes > neededBytes))
        {
            Base = batches[start].LastZxid;
            Bytes -= batches[start].Bytes.Length;
            batches[start++] = null!;
        }

        // The list is moved up only when half of it is gone, so a batch is moved once at most, on average.
        if (start > 64 && start > batches.Count / 2)
        {
            batches.RemoveRange(0, start);
            start = 0;
        }
    }

    private int FirstAfter(long zxid)
    {
        int low = start, high = batches.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (batches[middle].LastZxid > zxid)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
