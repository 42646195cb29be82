using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// What the rows of the journal add up to. The same fold makes it from the rows that are read at start and from those
/// that are written later. Rows from before the last snapshot may be missing, so what must hold is checked at the end.
/// </summary>
/// <param name="keepBytes">
/// Bytes of rows that stay in the journal although the last snapshot has their batches, for learners that lack no more
/// than that.
/// </param>
internal sealed class JournalState(long keepBytes = 0)
{
    private readonly JournalIndex index = new();

    public int AcceptedEpoch { get; private set; }

    public int CurrentEpoch { get; private set; }

    /// <summary>The last snapshot; number 0 if there is none.</summary>
    public SnapshotRef Snapshot { get; private set; }

    /// <summary>Earlier snapshots that are kept, newest first.</summary>
    public SnapshotRef[] Earlier { get; private set; } = [];

    /// <summary>What is known to be committed.</summary>
    public long Committed { get; private set; }

    /// <summary>How many transactions came after the snapshot.</summary>
    public long Txns => index.Txns;

    /// <summary>How many bytes they take.</summary>
    public long Bytes => index.Bytes;

    public long LastZxid => index.Count == 0 ? Snapshot.Zxid : index.Last;

    /// <summary>Which batches the journal holds, and in which rows.</summary>
    public JournalIndex Index => index;

    /// <summary>Adds a row.</summary>
    /// <param name="historyEvent">The row.</param>
    /// <param name="row">Its number.</param>
    /// <param name="keep">Whether the batch is kept, to be handed to the peer.</param>
    public void Apply(HistoryEvent historyEvent, long row, bool keep)
    {
        switch (historyEvent)
        {
            case BatchAppended appended:
                var batch = new TxnBatch(appended.FirstZxid, appended.LastZxid, appended.Bytes);
                index.Append(row, batch, keep);
                Committed = Math.Max(Committed, appended.Committed);
                break;
            case EpochAccepted accepted:
                AcceptedEpoch = Math.Max(AcceptedEpoch, accepted.Epoch);
                break;
            case EpochEstablished established:
                CurrentEpoch = Math.Max(CurrentEpoch, established.Epoch);
                break;
            case HistoryTruncated truncated:
                index.TruncateTo(truncated.KeepUpTo);
                break;
            case SnapshotTaken taken:
                Take(taken.Snapshot, taken.AcceptedEpoch, taken.CurrentEpoch, taken.Earlier);
                index.Cover(taken.Snapshot.Zxid);
                break;
            case HistoryReplaced replaced:
                index.Reset(replaced.Snapshot.Zxid);
                Take(replaced.Snapshot, replaced.AcceptedEpoch, replaced.CurrentEpoch, replaced.Earlier);
                break;
        }
    }

    /// <summary>
    /// Lets go of the oldest batches that the last snapshot has, but for the bytes that are to stay. Returns the last
    /// row that is of no use any more; 0 if there is none.
    /// </summary>
    public long Release() => index.Release(keepBytes);

    /// <summary>The batches after the snapshot; they are not kept any longer.</summary>
    public TxnBatch[] TakeBatches() => index.TakeBatches();

    /// <summary>What must hold of any history that was written by this program.</summary>
    public void Check()
    {
        index.Check(Snapshot.Zxid);
        var last = LastZxid;
        Invariant.Holds(Zxid.Epoch(last) <= CurrentEpoch, "the journal is not ahead of its epoch", last, CurrentEpoch);
        Invariant.Holds(
            CurrentEpoch <= AcceptedEpoch, "no epoch begins that was not accepted", CurrentEpoch, AcceptedEpoch);
        Committed = Math.Clamp(Committed, Snapshot.Zxid, last);
    }

    private void Take(SnapshotRef snapshot, int acceptedEpoch, int currentEpoch, SnapshotRef[] earlier)
    {
        Snapshot = snapshot;
        Earlier = earlier;
        AcceptedEpoch = Math.Max(AcceptedEpoch, acceptedEpoch);
        CurrentEpoch = Math.Max(CurrentEpoch, currentEpoch);
        Committed = Math.Max(Committed, snapshot.Zxid);
    }
}
