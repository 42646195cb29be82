using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>A batch in the journal.</summary>
/// <param name="Row">The row that holds it.</param>
/// <param name="FirstZxid">Its first transaction.</param>
/// <param name="LastZxid">Its last transaction.</param>
internal readonly record struct JournalRow(long Row, long FirstZxid, long LastZxid);

/// <summary>
/// Which batches of history the journal holds, oldest first, and in which rows: first those that the last snapshot has
/// too, then those that came after it.
/// </summary>
internal sealed class JournalIndex
{
    /// <summary>About what a row takes beside its batch, on the disk and in memory.</summary>
    public const int RowBytes = 256;

    private readonly List<Entry> entries = [];
    private int covered;
    private long coveredBytes;

    // What the first batch follows; unknown if rows before it were deleted in an earlier life.
    private long? start;

    private readonly record struct Entry(long Row, long FirstZxid, long LastZxid, int Length, TxnBatch? Batch);

    public int Count => entries.Count;

    public long Last => entries[^1].LastZxid;

    /// <summary>Transactions after the last snapshot.</summary>
    public long Txns { get; private set; }

    /// <summary>Bytes after the last snapshot.</summary>
    public long Bytes { get; private set; }

    public void Append(long row, TxnBatch batch, bool keep)
    {
        entries.Add(new Entry(row, batch.FirstZxid, batch.LastZxid, batch.Bytes.Length, keep ? batch : null));
        Txns += batch.Count;
        Bytes += batch.Bytes.Length;
    }

    public void TruncateTo(long zxid)
    {
        while (entries.Count > covered && Last > zxid)
        {
            Uncount(entries[^1]);
            entries.RemoveAt(entries.Count - 1);
        }
    }

    /// <summary>Starts anew, after <paramref name="zxid"/>.</summary>
    public void Reset(long zxid)
    {
        entries.Clear();
        (covered, coveredBytes, Txns, Bytes) = (0, 0, 0, 0);
        start = zxid;
    }

    /// <summary>There is a snapshot with everything up to <paramref name="zxid"/>.</summary>
    public void Cover(long zxid)
    {
        for (; covered < entries.Count && entries[covered].LastZxid <= zxid; covered++)
        {
            Uncount(entries[covered]);
            coveredBytes += entries[covered].Length + RowBytes;
            entries[covered] = entries[covered] with { Batch = null };
        }
    }

    /// <summary>
    /// Drops the oldest batches that the last snapshot has while their rows have more than so many bytes. Returns the
    /// last row that is of no use any more; 0 if there is none.
    /// </summary>
    public long Release(long keepBytes)
    {
        var dropped = 0;
        for (; dropped < covered && coveredBytes > keepBytes; dropped++)
            coveredBytes -= entries[dropped].Length + RowBytes;
        if (dropped == 0)
            return 0;
        var last = entries[dropped - 1];
        start = last.LastZxid;
        entries.RemoveRange(0, dropped);
        covered -= dropped;
        return last.Row;
    }

    /// <summary>The batches after the last snapshot; they are not kept any longer.</summary>
    public TxnBatch[] TakeBatches()
    {
        var batches = new TxnBatch[entries.Count - covered];
        for (var i = 0; i < batches.Length; i++)
        {
            var entry = entries[covered + i];
            batches[i] = entry.Batch!;
            entries[covered + i] = entry with { Batch = null };
        }

        return batches;
    }

    /// <summary>The batches have no gap, and go on where the snapshot ends.</summary>
    public void Check(long snapshot)
    {
        var last = covered == 0 ? snapshot : entries[0].LastZxid;
        for (var i = covered == 0 ? 0 : 1; i < entries.Count; i++)
        {
            if (i == covered)
                Invariant.Holds(last == snapshot, "the journal goes on where the snapshot ends", last, snapshot);
            Invariant.Holds(
                Zxid.Follows(entries[i].FirstZxid, last), "the journal has no gap", entries[i].FirstZxid, last);
            last = entries[i].LastZxid;
        }

        if (covered == entries.Count)
            Invariant.Holds(last == snapshot, "the journal reaches up to the snapshot", last, snapshot);
        if (covered == 0)
            start = snapshot;
    }

    /// <summary>
    /// What the journal has for a learner whose last transaction is <paramref name="zxid"/>; up to which batch the two
    /// agree is judged as in <see cref="TxnLog.FloorOf"/>.
    /// </summary>
    public HistoryExtent After(long zxid)
    {
        var first = FirstAfter(zxid);
        var floor = EndBefore(first);
        if (floor < 0 || floor > zxid)
            return HistoryExtent.None;
        var bytes = 0L;
        for (var i = first; i < entries.Count; i++)
            bytes += entries[i].Length;
        return new HistoryExtent(floor, entries.Count - first, bytes);
    }

    /// <summary>
    /// The rows of the next batches after <paramref name="zxid"/>, the end of a batch: at least one, then as many as
    /// have no more than <paramref name="maxBytes"/> together. Null if the journal does not go back so far.
    /// </summary>
    public JournalRow[]? Slice(long zxid, int maxBytes)
    {
        var first = FirstAfter(zxid);
        if (EndBefore(first) != zxid)
            return null;
        var bytes = 0L;
        var end = first;
        while (end < entries.Count && (end == first || bytes + entries[end].Length <= maxBytes))
            bytes += entries[end++].Length;
        var rows = new JournalRow[end - first];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new JournalRow(entries[first + i].Row, entries[first + i].FirstZxid, entries[first + i].LastZxid);
        return rows;
    }

    private long EndBefore(int position)
    {
        if (position > 0)
            return entries[position - 1].LastZxid;
        if (start is { } known)
            return known;
        // Within an epoch the one before has the number before; where an epoch begins it may be any.
        return entries.Count > 0 && Zxid.Counter(entries[0].FirstZxid) > 1 ? entries[0].FirstZxid - 1 : -1;
    }

    private int FirstAfter(long zxid)
    {
        int low = 0, high = entries.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].LastZxid > zxid)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private void Uncount(Entry entry)
    {
        Txns -= entry.LastZxid - entry.FirstZxid + 1;
        Bytes -= entry.Length;
    }
}
