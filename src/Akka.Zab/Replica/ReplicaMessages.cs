using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Replica;

// What the replica is told, and what it tells. These never leave the process.

/// <summary>
/// Peer to replica: hold this tree from now on (after recovery, or after a snapshot from the leader). Sent only while no client
/// is served.
/// </summary>
internal sealed record ResetReplica(ZnodeTree Tree);

/// <summary>Peer to replica: these batches, in zxid order without a gap, are committed.</summary>
internal sealed record CommitBatches(TxnBatch[] Batches);

/// <summary>
/// An answer of the leader that is no transaction of its own: a refusal, a sync, a reattachment. The replica releases
/// it to the session once it has applied <paramref name="After"/>, the last transaction that it was judged against.
/// </summary>
internal readonly record struct Answer(long SessionId, long RequestId, long After, Reply Reply);

/// <summary>Peer to replica: answers of the leader to requests of sessions on this server.</summary>
internal sealed record DeliverAnswers(Answer[] Answers);

/// <summary>Session to replica: results and watch events of this session go to <paramref name="Session"/> from now on.</summary>
internal sealed record AttachSession(long SessionId, IActorRef Session);

/// <summary>Session to replica: no results any more, and its watches are dropped. Ignored from any but the attached session.</summary>
internal sealed record DetachSession(long SessionId, IActorRef Session);

/// <summary>A read of a session with the number that its result will carry.</summary>
internal readonly record struct NumberedRead(long RequestId, ReadRequest Operation);

/// <summary>Session to replica: reads, in order. Answered by <see cref="SessionResults"/>.</summary>
internal sealed record SubmitReads(long SessionId, IActorRef Session, NumberedRead[] Reads);

/// <summary>A result or an event for one session.</summary>
/// <param name="RequestId">The request's number; 0 for an event.</param>
/// <param name="Zxid">The last transaction applied when it arose.</param>
/// <param name="Content">A <see cref="Reply"/>, or for request id 0 a <see cref="WatchEvent"/>.</param>
internal readonly record struct SessionResult(long RequestId, long Zxid, IZabMessage Content);

/// <summary>Replica to session: in the order in which they arose.</summary>
internal sealed record SessionResults(SessionResult[] Results);

/// <summary>Anyone to replica: answered by <see cref="TreeSnapshot"/>; the tree is immutable and may be kept.</summary>
internal sealed record GetTree;

/// <summary>The committed tree at one moment.</summary>
internal sealed record TreeSnapshot(ZnodeTree Tree);

/// <summary>Anyone to replica: answered by <see cref="ReplicaStatus"/>.</summary>
internal sealed record GetReplicaStatus;

/// <summary>The replica's view of things.</summary>
internal sealed record ReplicaStatus(
    long LastApplied, long Znodes, long Ephemerals, long DataBytes, long Watches, long WatchedPaths, long Sessions);
