using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Replica;

// What the replica is told, and what it tells. These never leave the process.

/// <summary>
/// Peer to replica: hold this tree from now on (after recovery, or after a snapshot from the leader). Sent only while
/// no client is served.
/// </summary>
internal sealed record ResetReplica(ZnodeTree Tree);

/// <summary>Peer to replica: these batches, in zxid order without a gap, are committed.</summary>
internal sealed record CommitBatches(TxnBatch[] Batches)
{
    /// <summary>
    /// For each of the batches its transactions, if this server has made it; null where it has to be decoded.
    /// </summary>
    public LoggedTxn[]?[]? Made { get; init; }
}

/// <summary>
/// An answer of the leader that is no transaction of its own: a refusal, a sync, a reattachment. The replica releases
/// it to the session once it has applied <paramref name="After"/>, the last transaction that it was judged against.
/// </summary>
internal readonly record struct Answer(long SessionId, long RequestId, long After, Reply Reply);

/// <summary>Peer to replica: answers of the leader to requests of sessions on this server.</summary>
internal sealed record DeliverAnswers(Answer[] Answers);

/// <summary>
/// Session to replica: results and watch events of this connection go to <paramref name="Session"/> from now on.
/// Answered by <see cref="SessionAttached"/>.
/// </summary>
/// <param name="Connection">
/// The connection's number: the upper half of its request ids. Results find their way by it, so an attachment whose
/// client has not proved yet whose session it is takes nothing from the one that is attached already.
/// </param>
/// <param name="SessionId">The session that it speaks for.</param>
/// <param name="Session">The session actor.</param>
/// <param name="Who">What the connection is known by.</param>
internal sealed record AttachSession(int Connection, long SessionId, IActorRef Session, Identities Who);

/// <summary>Session to replica: the connection is known by these from now on.</summary>
internal sealed record IdentitiesChanged(int Connection, Identities Who);

/// <summary>Replica to session: it is attached.</summary>
/// <param name="LastApplied">The last transaction applied; a client that has seen a later one must be refused.</param>
internal sealed record SessionAttached(long LastApplied)
{
    /// <summary>Whether the session is one of the ensemble's, as far as this server knows.</summary>
    public bool IsGlobal { get; init; }
}

/// <summary>Session to replica: no results any more, and the connection's watches are dropped.</summary>
internal sealed record DetachSession(int Connection);

/// <summary>A read of a session with the number that its result will carry.</summary>
/// <param name="RequestId">The request's number.</param>
/// <param name="AfterWrite">
/// The session's last write before it, or 0: the read is made when that write is answered, and before any transaction
/// that follows it is applied. So a session's requests take effect in their order although none waits in the session.
/// </param>
/// <param name="Operation">The read.</param>
internal readonly record struct NumberedRead(long RequestId, long AfterWrite, ReadRequest Operation);

/// <summary>
/// Session to replica: reads, in order. Answered by <see cref="SessionResults"/>. To be sent before the writes of the
/// same run are sent to the peer, so that the replica knows of a read before the write that it follows is answered.
/// </summary>
internal sealed record SubmitReads(int Connection, NumberedRead[] Reads);

/// <summary>A result or an event for one session.</summary>
/// <param name="RequestId">The request's number; 0 for an event.</param>
/// <param name="Zxid">The last transaction applied when it arose.</param>
/// <param name="Content">A <see cref="Reply"/>, or for request id 0 a <see cref="WatchEvent"/>.</param>
internal readonly record struct SessionResult(long RequestId, long Zxid, IZabMessage Content);

/// <summary>Replica to session: in the order in which they arose.</summary>
internal sealed record SessionResults(SessionResult[] Results);

/// <summary>
/// Replica to session: the session is closed, by its expiry or through another connection. Sent after the
/// <see cref="SessionResults"/> of the batch that closed it.
/// </summary>
internal sealed record SessionEnded;

/// <summary>Anyone to replica: answered by <see cref="TreeSnapshot"/>; the tree is immutable and may be kept.</summary>
internal sealed record GetTree;

/// <summary>The committed tree at one moment.</summary>
internal sealed record TreeSnapshot(ZnodeTree Tree);

/// <summary>Anyone to replica: answered by <see cref="WatchesOfSessions"/>.</summary>
internal sealed record GetWatches;

/// <summary>The watches on data of this server's connections, persistent and recursive ones among them.</summary>
internal sealed record WatchesOfSessions(WatchOfSession[] Watches);

/// <summary>One connection's watch on the data of a path.</summary>
internal readonly record struct WatchOfSession(string Path, int Connection, long SessionId);

/// <summary>Anyone to replica: answered by <see cref="ReplicaStatus"/>.</summary>
internal sealed record GetReplicaStatus;

/// <summary>The replica's view of things.</summary>
/// <param name="LastApplied">The last transaction applied.</param>
/// <param name="Znodes">How many znodes there are.</param>
/// <param name="Ephemerals">How many of them are ephemeral.</param>
/// <param name="DataBytes">Bytes of data in them.</param>
/// <param name="Watches">Watches of this server's connections.</param>
/// <param name="WatchedPaths">Paths that have one.</param>
/// <param name="Sessions">Open sessions of the ensemble.</param>
/// <param name="Connections">Connections attached here.</param>
internal sealed record ReplicaStatus(
    long LastApplied, long Znodes, long Ephemerals, long DataBytes, long Watches, long WatchedPaths, long Sessions,
    long Connections);
