namespace Akka.Zab.History;

// What the journal holds. Each is one row, written by HistorySerializer; a journal is only ever appended to, so what
// undoes an earlier row is a row itself.

/// <summary>A row of the journal.</summary>
internal abstract record HistoryEvent;

/// <summary>The server has promised itself to an epoch.</summary>
internal sealed record EpochAccepted(int Epoch) : HistoryEvent;

/// <summary>A batch was added.</summary>
/// <param name="FirstZxid">Its first transaction.</param>
/// <param name="LastZxid">Its last transaction.</param>
/// <param name="Bytes">The encoded transactions.</param>
/// <param name="Committed">What was known to be committed.</param>
internal sealed record BatchAppended(long FirstZxid, long LastZxid, byte[] Bytes, long Committed) : HistoryEvent;

/// <summary>What came after a transaction is no part of history any more.</summary>
/// <param name="KeepUpTo">The last transaction that stays.</param>
internal sealed record HistoryTruncated(long KeepUpTo) : HistoryEvent;

/// <summary>The history before this row is the one with which the epoch begins.</summary>
internal sealed record EpochEstablished(int Epoch) : HistoryEvent;

/// <summary>The tree up to some transaction is in a snapshot; what came before it may be deleted.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="AcceptedEpoch">As it was, because its row may be deleted too.</param>
/// <param name="CurrentEpoch">As it was.</param>
/// <param name="Earlier">Earlier snapshots that are kept, newest first.</param>
internal sealed record SnapshotTaken(SnapshotRef Snapshot, int AcceptedEpoch, int CurrentEpoch, SnapshotRef[] Earlier)
    : HistoryEvent;

/// <summary>The whole history is replaced by a snapshot that came from a leader.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="AcceptedEpoch">As it was.</param>
/// <param name="CurrentEpoch">As it was.</param>
/// <param name="Earlier">Earlier snapshots that are kept, newest first.</param>
internal sealed record HistoryReplaced(SnapshotRef Snapshot, int AcceptedEpoch, int CurrentEpoch, SnapshotRef[] Earlier)
    : HistoryEvent;

/// <summary>A snapshot in the snapshot store.</summary>
/// <param name="Number">Counts up; names its place there.</param>
/// <param name="Zxid">The last transaction in it.</param>
/// <param name="Chunks">How many rows it takes.</param>
internal readonly record struct SnapshotRef(int Number, long Zxid, int Chunks);

/// <summary>A row of the snapshot store: a part of a tree.</summary>
/// <param name="Bytes">As <see cref="Tree.SnapshotCodec"/> made them.</param>
internal sealed record SnapshotPart(ReadOnlyMemory<byte> Bytes);
