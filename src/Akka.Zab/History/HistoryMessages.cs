using Akka.Zab.Tree;

namespace Akka.Zab.History;

// What the peer tells the history, and what it is told. These never leave the process. The order of the commands is
// the order in which they become durable; each has a number, and Durable says how far the journal has got.

/// <summary>Peer to history, first: answered by <see cref="Recovered"/> when everything is read.</summary>
internal sealed record OpenHistory;

/// <summary>History to peer: what the journal holds.</summary>
/// <param name="AcceptedEpoch">The latest epoch that this server has promised itself to.</param>
/// <param name="CurrentEpoch">The epoch whose history it holds.</param>
/// <param name="Tree">The tree of the last snapshot; everything in it is committed.</param>
/// <param name="Batches">The batches after that snapshot, without a gap.</param>
/// <param name="Committed">Up to here is known to be committed; the end of a batch or the snapshot.</param>
internal sealed record Recovered(
    int AcceptedEpoch, int CurrentEpoch, ZnodeTree Tree, TxnBatch[] Batches, long Committed);

/// <summary>Peer to history: something to be made durable.</summary>
/// <param name="Number">Counts up.</param>
internal abstract record HistoryCommand(long Number);

/// <summary>The promise to follow no leader of an earlier epoch.</summary>
internal sealed record AcceptEpoch(long Number, int Epoch) : HistoryCommand(Number);

/// <summary>The next batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Committed">What is known to be committed; saves work when the server starts again.</param>
internal sealed record AppendBatch(long Number, TxnBatch Batch, long Committed) : HistoryCommand(Number);

/// <summary>
/// The history with which an epoch begins, and the epoch as the current one: durable both or neither, so that a
/// server never claims an epoch whose history it does not hold.
/// </summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Snapshot">What replaces the whole history before the batches, or null.</param>
/// <param name="KeepUpTo">Without a snapshot: what comes after this is cut off.</param>
/// <param name="Batches">What comes then.</param>
internal sealed record EstablishEpoch(
    long Number, int Epoch, InstalledSnapshot? Snapshot, long KeepUpTo, TxnBatch[] Batches) : HistoryCommand(Number);

/// <summary>A tree that came from a leader.</summary>
/// <param name="Zxid">The last transaction in it.</param>
/// <param name="Chunks">Its bytes, as <see cref="SnapshotCodec"/> made them.</param>
internal sealed record InstalledSnapshot(long Zxid, byte[][] Chunks);

/// <summary>
/// Leader's peer to history: what does the journal have for a learner? Answered by <see cref="FoundInJournal"/>.
/// </summary>
/// <param name="Link">The learner's link; returned.</param>
/// <param name="Zxid">The learner's last transaction.</param>
internal sealed record FindInJournal(long Link, long Zxid);

/// <summary>History to leader's peer.</summary>
/// <param name="Link">The learner's link.</param>
/// <param name="Extent">What there is.</param>
internal sealed record FoundInJournal(long Link, HistoryExtent Extent);

/// <summary>
/// Leader's peer to history: the next batches of the journal. Answered by <see cref="JournalPart"/>; meanwhile the
/// journal is written as ever.
/// </summary>
/// <param name="Link">The learner's link; returned.</param>
/// <param name="After">The end of the batch before them.</param>
/// <param name="MaxBytes">No more than that, unless the first batch alone is more.</param>
internal sealed record ReadJournal(long Link, long After, int MaxBytes);

/// <summary>History to leader's peer: batches that follow each other.</summary>
/// <param name="Link">The learner's link.</param>
/// <param name="Batches">None if the journal holds nothing later yet.</param>
/// <param name="Failure">Null, or a sentence that says why the journal does not give them.</param>
internal sealed record JournalPart(long Link, TxnBatch[] Batches, string? Failure = null);

/// <summary>History to peer: the command with this number and all before it are durable.</summary>
internal sealed record Durable(long Number);

/// <summary>
/// History to its supervisor: the journal cannot be read or written; nothing is acknowledged any more, and the server
/// has to stop.
/// </summary>
/// <param name="Reason">One sentence that says what is wrong, and which row, if one is.</param>
internal sealed record HistoryFailed(string Reason);

/// <summary>Anyone to history: answered by <see cref="HistoryStatus"/>.</summary>
internal sealed record GetHistoryStatus;

/// <summary>The history's view of things.</summary>
/// <param name="Rows">The number of the last journal row.</param>
/// <param name="SnapshotZxid">The last transaction of the last snapshot.</param>
/// <param name="Snapshots">How many snapshots are kept.</param>
/// <param name="TxnsSinceSnapshot">How many transactions came after it.</param>
/// <param name="BytesSinceSnapshot">How many bytes they take.</param>
internal sealed record HistoryStatus(
    long Rows, long SnapshotZxid, int Snapshots, long TxnsSinceSnapshot, long BytesSinceSnapshot);
