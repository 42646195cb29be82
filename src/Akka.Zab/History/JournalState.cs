using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// What the rows of the journal add up to. The same fold makes it from the rows that are read at start and from those
/// that are written later. Rows from before the last snapshot may be missing, so what must hold is checked at the end.
/// </summary>
internal sealed class JournalState
{
    private readonly List<Entry> entries = [];

    private readonly record struct Entry(long Row, long FirstZxid, long LastZxid, int Length, TxnBatch? Batch);

    public int AcceptedEpoch { get; private set; }

    public int CurrentEpoch { get; private set; }

    /// <summary>The last snapshot; number 0 if there is none.</summary>
    public SnapshotRef Snapshot { get; private set; }

    /// <summary>Earlier snapshots that are kept, newest first.</summary>
    public SnapshotRef[] Earlier { get; private set; } = [];

    /// <summary>What is known to be committed.</summary>
    public long Committed { get; private set; }

    /// <summary>How many transactions came after the snapshot.</summary>
    public long Txns { get; private set; }

    /// <summary>How many bytes they take.</summary>
    public long Bytes { get; private set; }

    public long LastZxid => entries.Count == 0 ? Snapshot.Zxid : entries[^1].LastZxid;

    /// <summary>Adds a row.</summary>
    /// <param name="historyEvent">The row.</param>
    /// <param name="row">Its number.</param>
    /// <param name="keep">Whether the batch is kept, to be handed to the peer.</param>
    public void Apply(HistoryEvent historyEvent, long row, bool keep)
    {
        switch (historyEvent)
        {
            case BatchAppended appended:
                Append(appended, row, keep);
                break;
            case EpochAccepted accepted:
                AcceptedEpoch = Math.Max(AcceptedEpoch, accepted.Epoch);
                break;
            case EpochEstablished established:
                CurrentEpoch = Math.Max(CurrentEpoch, established.Epoch);
                break;
            case HistoryTruncated truncated:
                while (entries.Count > 0 && entries[^1].LastZxid > truncated.KeepUpTo)
                    RemoveLast();
                break;
            case SnapshotTaken taken:
                Take(taken.Snapshot, taken.AcceptedEpoch, taken.CurrentEpoch, taken.Earlier);
                RemoveUpTo(taken.Snapshot.Zxid);
                break;
            case HistoryReplaced replaced:
                entries.Clear();
                Txns = 0;
                Bytes = 0;
                Take(replaced.Snapshot, replaced.AcceptedEpoch, replaced.CurrentEpoch, replaced.Earlier);
                break;
        }
    }

    /// <summary>
    /// The last row that is of no use once there is a snapshot up to <paramref name="zxid"/>; 0 if none is.
    /// </summary>
    public long LastRowUpTo(long zxid)
    {
        var row = 0L;
        foreach (var entry in entries)
        {
            if (entry.LastZxid > zxid)
                break;
            row = entry.Row;
        }

        return row;
    }

    /// <summary>The batches after the snapshot; they are not kept any longer.</summary>
    public TxnBatch[] TakeBatches()
    {
        var batches = new TxnBatch[entries.Count];
        for (var i = 0; i < batches.Length; i++)
        {
            batches[i] = entries[i].Batch!;
            entries[i] = entries[i] with { Batch = null };
        }

        return batches;
    }

    /// <summary>What must hold of any history that was written by this program.</summary>
    public void Check()
    {
        var last = Snapshot.Zxid;
        foreach (var entry in entries)
        {
            Invariant.Holds(Zxid.Follows(entry.FirstZxid, last), "the journal has no gap", entry.FirstZxid, last);
            last = entry.LastZxid;
        }

        Invariant.Holds(Zxid.Epoch(last) <= CurrentEpoch, "the journal is not ahead of its epoch", last, CurrentEpoch);
        Invariant.Holds(
            CurrentEpoch <= AcceptedEpoch, "no epoch begins that was not accepted", CurrentEpoch, AcceptedEpoch);
        Committed = Math.Clamp(Committed, Snapshot.Zxid, last);
    }

    private void Append(BatchAppended appended, long row, bool keep)
    {
        var batch = keep ? new TxnBatch(appended.FirstZxid, appended.LastZxid, appended.Bytes) : null;
        entries.Add(new Entry(row, appended.FirstZxid, appended.LastZxid, appended.Bytes.Length, batch));
        Txns += appended.LastZxid - appended.FirstZxid + 1;
        Bytes += appended.Bytes.Length;
        Committed = Math.Max(Committed, appended.Committed);
    }

    private void Take(SnapshotRef snapshot, int acceptedEpoch, int currentEpoch, SnapshotRef[] earlier)
    {
        Snapshot = snapshot;
        Earlier = earlier;
        AcceptedEpoch = Math.Max(AcceptedEpoch, acceptedEpoch);
        CurrentEpoch = Math.Max(CurrentEpoch, currentEpoch);
        Committed = Math.Max(Committed, snapshot.Zxid);
    }

    private void RemoveLast()
    {
        Uncount(entries[^1]);
        entries.RemoveAt(entries.Count - 1);
    }

    private void RemoveUpTo(long zxid)
    {
        var count = 0;
        for (; count < entries.Count && entries[count].LastZxid <= zxid; count++)
            Uncount(entries[count]);
        entries.RemoveRange(0, count);
    }

    private void Uncount(Entry entry)
    {
        Txns -= entry.LastZxid - entry.FirstZxid + 1;
        Bytes -= entry.Length;
    }
}
