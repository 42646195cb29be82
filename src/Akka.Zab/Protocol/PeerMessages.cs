using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

// What the peer exchanges with the other actors of its own server. These never leave the process.

/// <summary>A request of a session with the number that its result will carry.</summary>
/// <param name="RequestId">
/// Unique for the server's connections over time: a random number for the connection in the upper half, a count in
/// the lower. So the result of a request from an earlier connection of the same session is never taken for another's.
/// </param>
/// <param name="Operation">The request.</param>
internal readonly record struct NumberedWrite(long RequestId, WriteRequest Operation);

/// <summary>Session to peer: writes of one session, in order, to be forwarded to the leader.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Writes">The writes.</param>
/// <param name="Who">The connection that asks; null for nobody in particular.</param>
/// <param name="Local">
/// Whether the session is known to this server only, which vouches that it is open: the leader knows nothing of it.
/// </param>
internal sealed record SubmitWrites(
    long SessionId, NumberedWrite[] Writes, Identities? Who = null, bool Local = false);

/// <summary>Session registry to peer: these sessions were heard from. Followers report them to the leader.</summary>
internal sealed record TouchSessions(long[] SessionIds);

/// <summary>
/// Peer to session registry and replica: whether this server serves clients now. Sent at every change; when it
/// stops serving, the connected clients are disconnected, and what they had under way is not answered.
/// </summary>
/// <param name="Role">The server's role.</param>
/// <param name="Leader">The leader's id, or 0.</param>
/// <param name="Epoch">The epoch that is served.</param>
/// <param name="Serving">Whether clients are served.</param>
internal sealed record ServingChanged(ServerRole Role, int Leader, int Epoch, bool Serving)
{
    /// <summary>
    /// While nobody is served: whether clients that accept it may read what this server knows to be committed. Then it
    /// has been looking for a leader for a while.
    /// </summary>
    public bool ReadOnly { get; init; }
}

/// <summary>
/// Peer to session registry, on a server that begins to lead: from now on it watches over the expiry of every session
/// of the ensemble. Each of these gets its full time again.
/// </summary>
/// <param name="Sessions">Id and timeout in milliseconds of each live session.</param>
internal sealed record StartExpiry((long SessionId, int TimeoutMs)[] Sessions);

/// <summary>Peer to session registry, when it leads no longer.</summary>
internal sealed record StopExpiry;

/// <summary>Leader's peer to session registry: a session was opened or reattached, with this timeout.</summary>
internal sealed record TrackSession(long SessionId, int TimeoutMs);

/// <summary>Leader's peer to session registry: a session is closed; it needs no watching any more.</summary>
internal sealed record UntrackSession(long SessionId);

/// <summary>Leader's peer to session registry: sessions on other servers were heard from.</summary>
internal sealed record SessionsTouched(long[] SessionIds);

/// <summary>Session registry to the leader's peer: this session's time is over; propose its close.</summary>
internal sealed record ExpireSession(long SessionId);

/// <summary>Anyone to peer: answered by <see cref="PeerStatus"/>.</summary>
internal sealed record GetPeerStatus;

/// <summary>The peer's view of things.</summary>
internal sealed record PeerStatus(
    int ServerId, ServerRole Role, int Leader, int Epoch, long LastProposed, long LastCommitted, int Learners,
    int SyncedFollowers, int SyncedObservers, long LastProposalBytes, long MinProposalBytes, long MaxProposalBytes,
    bool Serving)
{
    /// <summary>The ensemble as it is now.</summary>
    public Ensemble Ensemble { get; init; } = Ensemble.Unknown;

    /// <summary>While it does not serve: whether clients that accept it may read.</summary>
    public bool ReadOnly { get; init; }
}

/// <summary>
/// Reachability to peer: the connection to this server is gone, or the cluster does not reach it. It counts as
/// reachable again with the next message from it.
/// </summary>
internal sealed record ServerUnreachable(int Server);
