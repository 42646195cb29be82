using Akka.Actor;
using Akka.Zab.Client;

namespace Akka.Zab.Sessions;

/// <summary>
/// Where a session delivers to its client: a TCP connection, or an actor somewhere. Called by the session's actor only,
/// one call at a time; must not block and must not throw.
/// </summary>
internal interface IClientSink
{
    /// <summary>
    /// Whether it takes care itself that its client has not too many requests under way; otherwise the session does.
    /// </summary>
    bool HoldsBack => false;

    /// <summary>
    /// The session is open or reattached: requests go to <paramref name="connected"/>'s Session from now on.
    /// </summary>
    void Connected(Connected connected);

    /// <summary>The session was not attached. Nothing follows.</summary>
    void Refused(DisconnectReason reason);

    /// <summary>Replies and events in order; to be flushed once. The array is the sink's from now on.</summary>
    void Deliver(ClientOutput[] outputs);

    /// <summary>
    /// The connection has ended from this side, after everything that was delivered. Nothing follows.
    /// </summary>
    void Disconnected(DisconnectReason reason);
}

/// <summary>
/// Port to the session registry (<c>/user/zab/sessions</c>): a client wants to open or reattach a session. The registry
/// makes a session actor for the connection; what comes of it, the sink is told. Until then the client's requests wait
/// with the port.
/// </summary>
/// <param name="Request">What the client asks for.</param>
/// <param name="Sink">Where the session delivers to.</param>
/// <param name="Remote">The client's address and port, or the path of its actor: for logs and the scheme <c>ip</c>.</param>
internal sealed record AttachClient(Connect Request, IClientSink Sink, string Remote)
{
    /// <summary>The subject of the certificate that the client has proved to own; null for none.</summary>
    public string? Certificate { get; init; }
}

// To the session actor that Connected names: ClientRequests with requests, in order; Detach when the connection is
// gone.

/// <summary>Session to registry, at most once in a while: the session's client was heard from.</summary>
internal sealed record SessionTouched(long SessionId);

/// <summary>Session to registry: the client has proved that the session is its own, and is attached to it.</summary>
internal sealed record SessionEstablished(long SessionId)
{
    /// <summary>What is to be kept of it where only this server knows it; null for a session of the ensemble.</summary>
    public LocalSession? Local { get; init; }

    /// <summary>Whether it was there before; if it is not any more, it has ended meanwhile.</summary>
    public bool IsReattached { get; init; }
}

/// <summary>Session to registry: the client has closed a local session.</summary>
internal sealed record LocalSessionClosed(long SessionId);

/// <summary>
/// Session to registry: a local session is one of the ensemble's from now on, for whose opening the leader was asked.
/// Registry to another connection of that session: the same.
/// </summary>
internal sealed record SessionUpgraded(long SessionId);

/// <summary>Registry to session: the local session has expired, or was closed through another connection.</summary>
internal sealed record LocalSessionEnded;

/// <summary>Registry to its sessions: this server serves no longer; let the client go.</summary>
internal sealed record ReleaseClient(DisconnectReason Reason);

/// <summary>Anyone to the registry: answered by <see cref="SessionsStatus"/>.</summary>
internal sealed record GetSessionsStatus;

/// <summary>Anyone to the registry: answered by <see cref="SessionExpiry"/>.</summary>
internal sealed record GetSessionExpiry;

/// <summary>On the leader: when which session expires unless it is heard from, the earliest first.</summary>
internal sealed record SessionExpiry(ExpiryBucket[] Buckets)
{
    /// <summary>On every server: the same of its local sessions.</summary>
    public ExpiryBucket[] Local { get; init; } = [];
}

/// <summary>Sessions that expire at the same time.</summary>
internal readonly record struct ExpiryBucket(DateTimeOffset Due, long[] Sessions);

/// <summary>The registry's view of things.</summary>
/// <param name="Connected">How many clients are connected here.</param>
/// <param name="Tracked">On the leader: how many sessions it watches over.</param>
internal sealed record SessionsStatus(int Connected, int Tracked)
{
    /// <summary>How many local sessions there are.</summary>
    public int Local { get; init; }
}
