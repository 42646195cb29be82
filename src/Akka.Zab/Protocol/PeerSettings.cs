using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>What can be set about the protocol. Every server of an ensemble should have the same.</summary>
internal sealed record PeerSettings
{
    /// <summary>The unit of time: leader and learners exchange a ping twice in it.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// In ticks: how long a leader may take to find a quorum, and a learner to get a step further with joining.
    /// </summary>
    public int InitLimit { get; init; } = 10;

    /// <summary>In ticks: how long leader and learner may hear nothing from each other.</summary>
    public int SyncLimit { get; init; } = 5;

    /// <summary>
    /// How long an election that a quorum agrees on waits for a server that could be reached but has not agreed.
    /// </summary>
    public TimeSpan FinalizeWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When a server that is looking says its vote again, at first. Doubles each time.</summary>
    public TimeSpan NotificationInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such interval.</summary>
    public TimeSpan MaxNotificationInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>When a learner that has had no answer from its leader asks to join once more.</summary>
    public TimeSpan JoinInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a server looks for a leader before clients that accept it may read what it knows; null for never.
    /// </summary>
    public TimeSpan? ReadOnlyAfter { get; init; }

    /// <summary>Bytes after which a batch is closed. A single transaction may be longer.</summary>
    public int MaxBatchBytes { get; init; } = 256 * 1024;

    /// <summary>How many batches may be proposed and not committed.</summary>
    public int MaxOutstandingBatches { get; init; } = 4;

    /// <summary>How many bytes may be proposed and not committed, before the last batch.</summary>
    public long MaxOutstandingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many bytes of writes may wait at the leader to be proposed; what comes beyond is refused.</summary>
    public long MaxGatheredBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// Bytes of history kept in memory, for learners that come back.
    /// </summary>
    public long HistoryInMemory { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes of history kept in memory for a learner that has yet to acknowledge them, if that is more. One whose
    /// acknowledgements fall behind what is kept is dropped.
    /// </summary>
    public long MaxBehind { get; init; }

    /// <summary>After how many bytes of proposals a leader's head begins anew from the committed tree.</summary>
    public long RenewHeadAfter { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many chunks of a snapshot may be on their way to a learner.</summary>
    public int SnapshotChunksInFlight { get; init; } = 4;

    /// <summary>What is decided about the tree.</summary>
    public TreeRules Rules { get; init; } = TreeRules.Default;

    /// <summary>How often the leader looks for znodes whose time is over.</summary>
    public TimeSpan ReapInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a container may wait for its first child.</summary>
    public TimeSpan MaxNeverUsed { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The number of an epoch's last transaction. Less than the format allows only in tests.</summary>
    public uint LastCounter { get; init; } = Zxid.LastCounter;
}
