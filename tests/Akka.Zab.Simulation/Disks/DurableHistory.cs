using Akka.Zab.History;

namespace Akka.Zab.Simulation.Disks;

/// <summary>What the durable rows of a journal add up to, as the world reckons it by itself.</summary>
internal sealed class DurableHistory
{
    private readonly List<BatchAppended> batches = [];

    /// <summary>The latest epoch that is accepted.</summary>
    public int AcceptedEpoch { get; private set; }

    /// <summary>The latest epoch that is established.</summary>
    public int CurrentEpoch { get; private set; }

    /// <summary>The last transaction.</summary>
    public long Last => batches.Count == 0 ? snapshot : batches[^1].LastZxid;

    private long snapshot;

    public void Apply(HistoryEvent row)
    {
        switch (row)
        {
            case EpochAccepted accepted:
                AcceptedEpoch = Math.Max(AcceptedEpoch, accepted.Epoch);
                break;
            case EpochEstablished established:
                CurrentEpoch = Math.Max(CurrentEpoch, established.Epoch);
                break;
            case BatchAppended batch:
                batches.Add(batch);
                break;
            case HistoryTruncated truncated:
                while (batches.Count > 0 && batches[^1].LastZxid > truncated.KeepUpTo)
                    batches.RemoveAt(batches.Count - 1);
                break;
            case SnapshotTaken taken:
                snapshot = taken.Snapshot.Zxid;
                var covered = 0;
                while (covered < batches.Count && batches[covered].LastZxid <= snapshot)
                    covered++;
                batches.RemoveRange(0, covered);
                break;
            case HistoryReplaced replaced:
                snapshot = replaced.Snapshot.Zxid;
                AcceptedEpoch = Math.Max(AcceptedEpoch, replaced.AcceptedEpoch);
                batches.Clear();
                break;
        }
    }

    /// <summary>Whether a committed transaction is in it.</summary>
    public bool Holds(long zxid)
    {
        if (zxid <= snapshot)
            return true;
        int low = 0, high = batches.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (batches[middle].LastZxid >= zxid)
                high = middle;
            else
                low = middle + 1;
        }

        return low < batches.Count && batches[low].FirstZxid <= zxid;
    }
}
