using Akka.Zab.Client;

namespace Akka.Zab.Protocol;

// What leader and learner say to each other. The names are those of the ZAB papers and of ZooKeeper.

/// <summary>A message on the link that a learner made to a leader for one join.</summary>
/// <param name="Link">The link: a number that the learner chose at random.</param>
/// <param name="Number">Consecutive from 1 in each direction.</param>
internal abstract record LinkMessage(long Link, long Number) : IZabMessage;

/// <summary>The version of these messages and of the bytes in them; a server of another version is refused.</summary>
internal static class ProtocolVersion
{
    public const int Current = 3;
}

/// <summary>Either side, outside the numbering: this link is over. The learner goes back to looking.</summary>
/// <param name="Link">The link that is over.</param>
/// <param name="Reason">Why, for the log.</param>
/// <param name="Successor">From a leader that hands over: the server to vote for; otherwise 0.</param>
internal sealed record LinkBroken(long Link, string Reason, int Successor = 0) : IZabMessage;

/// <summary>Learner, first: it wants to follow. FOLLOWERINFO and OBSERVERINFO.</summary>
/// <param name="Version"><see cref="ProtocolVersion.Current"/> of the learner.</param>
/// <param name="Server">The learner's id.</param>
/// <param name="Role">Whether it votes.</param>
/// <param name="AcceptedEpoch">The latest epoch that it has promised itself to.</param>
internal sealed record FollowerInfo(long Link, long Number, int Version, int Server, MemberRole Role, int AcceptedEpoch)
    : LinkMessage(Link, Number);

/// <summary>Leader: this is to be the epoch. LEADERINFO.</summary>
/// <param name="Version"><see cref="ProtocolVersion.Current"/> of the leader.</param>
/// <param name="Epoch">Greater than any that a quorum had accepted.</param>
internal sealed record LeaderInfo(long Link, long Number, int Version, int Epoch) : LinkMessage(Link, Number);

/// <summary>Learner: its journal holds the promise to the epoch. ACKEPOCH.</summary>
/// <param name="CurrentEpoch">The epoch whose history it holds.</param>
/// <param name="LastZxid">The last transaction of that history.</param>
/// <param name="Counts">
/// False if it had accepted this epoch before, perhaps from another: then it is no promise to this leader, but it may
/// follow.
/// </param>
/// <param name="SnapshotHeld">The tree of which it holds a part from an earlier link; 0 for none.</param>
/// <param name="ChunksHeld">How many chunks of that tree it holds.</param>
internal sealed record AckEpoch(
    long Link, long Number, int CurrentEpoch, long LastZxid, bool Counts, long SnapshotHeld = 0, int ChunksHeld = 0)
    : LinkMessage(Link, Number);

/// <summary>Leader: the learner's history is a part of the leader's; what follows is to be added to it. DIFF.</summary>
/// <param name="After">The learner's last transaction.</param>
internal sealed record SyncDiff(long Link, long Number, long After) : LinkMessage(Link, Number);

/// <summary>Leader: the learner is to forget what comes after this; what follows is to be added then. TRUNC.</summary>
/// <param name="To">The last transaction that stays.</param>
internal sealed record SyncTrunc(long Link, long Number, long To) : LinkMessage(Link, Number);

/// <summary>
/// Leader: a part of the tree that replaces everything the learner has; what follows is to be added then. SNAP.
/// </summary>
/// <param name="Zxid">The last transaction in that tree.</param>
/// <param name="Last">Whether the tree is complete with it.</param>
/// <param name="Chunk">The bytes, in order.</param>
internal sealed record SyncSnapshot(long Link, long Number, long Zxid, bool Last, byte[] Chunk)
    : LinkMessage(Link, Number);

/// <summary>Learner: it has taken a part of the tree, so another may be sent.</summary>
internal sealed record SyncSnapshotTaken(long Link, long Number) : LinkMessage(Link, Number);

/// <summary>Leader, between the above and <see cref="NewLeader"/>: a batch of history.</summary>
internal sealed record SyncBatch(long Link, long Number, long FirstZxid, long LastZxid, byte[] Bytes)
    : LinkMessage(Link, Number);

/// <summary>Learner: it has taken batches of history, so more may be sent.</summary>
/// <param name="Bytes">How many bytes since it said so last.</param>
internal sealed record SyncBatchesTaken(long Link, long Number, long Bytes) : LinkMessage(Link, Number);

/// <summary>Leader: that was the history with which the epoch begins, or what it has become since. NEWLEADER.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="LastZxid">The last transaction; the learner's own must be the same now.</param>
internal sealed record NewLeader(long Link, long Number, int Epoch, long LastZxid) : LinkMessage(Link, Number);

/// <summary>Learner: its journal holds that history and, with it, the epoch. The ACK of NEWLEADER.</summary>
/// <param name="LastZxid">The last transaction of that history.</param>
internal sealed record AckNewLeader(long Link, long Number, long LastZxid) : LinkMessage(Link, Number);

/// <summary>Leader: the epoch is established; serve clients. UPTODATE.</summary>
/// <param name="Committed">Everything up to here is committed.</param>
internal sealed record UpToDate(long Link, long Number, long Committed) : LinkMessage(Link, Number);

/// <summary>Leader: a batch to be journalled and acknowledged. PROPOSAL, with the COMMIT of earlier ones.</summary>
/// <param name="FirstZxid">Its first transaction.</param>
/// <param name="LastZxid">Its last transaction.</param>
/// <param name="Bytes">The encoded transactions.</param>
/// <param name="Committed">Everything up to here is committed.</param>
internal sealed record Propose(
    long Link, long Number, long FirstZxid, long LastZxid, byte[] Bytes, long Committed) : LinkMessage(Link, Number);

/// <summary>Learner: its journal holds everything up to here. ACK.</summary>
/// <param name="Zxid">The last transaction that it holds.</param>
internal sealed record Ack(long Link, long Number, long Zxid) : LinkMessage(Link, Number);

/// <summary>Leader: everything up to here is committed. COMMIT.</summary>
/// <param name="Zxid">The last transaction that is committed.</param>
internal sealed record Commit(long Link, long Number, long Zxid) : LinkMessage(Link, Number);

/// <summary>Leader, to an observer: a batch that is committed. INFORM.</summary>
internal sealed record Inform(long Link, long Number, long FirstZxid, long LastZxid, byte[] Bytes)
    : LinkMessage(Link, Number);

/// <summary>Leader: are you still there? PING.</summary>
/// <param name="Question">Counts up; returned by <see cref="PeerPong"/>.</param>
internal sealed record PeerPing(long Link, long Number, long Question) : LinkMessage(Link, Number);

/// <summary>Learner: still there, and still following this leader in this epoch.</summary>
/// <param name="Question">The ping's.</param>
/// <param name="Touched">Sessions that were heard from since the last one.</param>
internal sealed record PeerPong(long Link, long Number, long Question, long[] Touched) : LinkMessage(Link, Number);

/// <summary>Learner: writes of its clients' sessions, in order. REQUEST.</summary>
/// <param name="Bytes">As <c>RequestCodec</c> encodes them.</param>
internal sealed record ForwardWrites(long Link, long Number, byte[] Bytes) : LinkMessage(Link, Number);

/// <summary>Leader: answers to forwarded requests that became no transactions, in order.</summary>
/// <param name="Bytes">As <c>RequestCodec</c> encodes them.</param>
internal sealed record ForwardAnswers(long Link, long Number, byte[] Bytes) : LinkMessage(Link, Number);
