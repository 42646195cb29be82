namespace Akka.Zab.History;

/// <summary>What can be set about the journal and its snapshots.</summary>
internal sealed record HistorySettings
{
    /// <summary>Under which name the journal's rows are stored; one for each server.</summary>
    public required string PersistenceId { get; init; }

    /// <summary>The configuration of the journal plug-in.</summary>
    public string JournalPluginId { get; init; } = "akka.zab.journal";

    /// <summary>The configuration of the snapshot store plug-in.</summary>
    public string SnapshotPluginId { get; init; } = "akka.zab.snapshots";

    /// <summary>A snapshot is taken after so many transactions at the latest.</summary>
    public long SnapshotAfterTxns { get; init; } = 100_000;

    /// <summary>A snapshot is taken after so many bytes of transactions at the latest.</summary>
    public long SnapshotAfterBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// By how much earlier this server takes its snapshots, so that not all do at once: a share from 0 to 1 of the above.
    /// </summary>
    public double SnapshotEarlier { get; init; }

    /// <summary>Bytes of rows from before the last snapshot that stay in the journal for learners.</summary>
    public long KeepJournalBytes { get; init; }

    /// <summary>How long after a snapshot that could not be written the next is tried.</summary>
    public TimeSpan SnapshotRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measures how long things take.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How many snapshots are kept, the newest included; at least 1.</summary>
    public int KeepSnapshots { get; init; } = 3;
}
