using Akka.Actor;

namespace Akka.Zab.Client;

/// <summary>
/// To a server's <c>/user/zab/clients</c>: open a session, or reattach to one. Answered by <see cref="Connected"/> or
/// <see cref="ConnectRefused"/>. The sender becomes the session's client: it gets the replies and the events.
/// </summary>
/// <param name="SessionId">0 to open a session, else the one to reattach to.</param>
/// <param name="Secret">The secret of the session to reattach to; empty to open one.</param>
/// <param name="TimeoutMs">The session timeout that the client wishes, in milliseconds.</param>
/// <param name="LastZxidSeen">The highest zxid that the client has seen; a server behind it refuses.</param>
public sealed record Connect(long SessionId, byte[] Secret, int TimeoutMs, long LastZxidSeen) : IZabMessage
{
    /// <summary>
    /// Whether a server may take the client that has no leader and answers nothing but reads, from what it knows.
    /// </summary>
    public bool ReadOnlyAllowed { get; init; }
}

/// <summary>The session is open and attached.</summary>
/// <param name="SessionId">Its id; never 0.</param>
/// <param name="Secret">What proves that it is yours: 16 bytes.</param>
/// <param name="TimeoutMs">The timeout that was agreed, in milliseconds.</param>
/// <param name="Session">Where its requests go.</param>
public sealed record Connected(long SessionId, byte[] Secret, int TimeoutMs, IActorRef Session) : IZabMessage
{
    /// <summary>
    /// Whether the server has no leader: it answers reads, which may be out of date, and refuses everything else with
    /// <see cref="ZabError.NotReadOnly"/>. It lets the client go when it has found one.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// <see cref="Connect.LastZxidSeen"/> of the question. An answer may come late, when the client has been with another
    /// server meanwhile and has seen more there: then this server may be behind that, and the client does without it.
    /// </summary>
    public long LastZxidSeen { get; init; }
}

/// <summary>Why a server did not attach, or let go of, a client.</summary>
public enum DisconnectReason
{
    /// <summary>The server has no leader to follow at the moment. Try another, or again.</summary>
    NotServing,

    /// <summary>The server is behind what the client has seen. Try another.</summary>
    Behind,

    /// <summary>The session has expired, was closed, never existed, or the secret is wrong. Open a new one.</summary>
    SessionExpired,

    /// <summary>The session was attached elsewhere.</summary>
    SessionMoved,

    /// <summary>The client closed the session.</summary>
    Closed,

    /// <summary>The client sent something that makes no sense, or was refused as who it says it is.</summary>
    ProtocolError,
}

/// <summary>The answer to a <see cref="Connect"/> that did not attach.</summary>
/// <param name="Reason">Why.</param>
public sealed record ConnectRefused(DisconnectReason Reason) : IZabMessage;

/// <summary>A request with the number that its reply will carry.</summary>
/// <param name="Xid">Chosen by the client; returned with the reply.</param>
/// <param name="Operation">The request.</param>
public readonly record struct NumberedRequest(int Xid, Request Operation);

/// <summary>Requests of one client, in order. To the session that <see cref="Connected"/> named.</summary>
/// <param name="Requests">The requests; not empty. Do not change the array.</param>
public sealed record ClientRequests(NumberedRequest[] Requests) : IZabMessage;

/// <summary>A reply or an event for a client.</summary>
/// <param name="Xid">The request's number; -1 for an event.</param>
/// <param name="Zxid">The last transaction that this server had applied.</param>
/// <param name="Content">A <see cref="Reply"/>, or for xid -1 a <see cref="WatchEvent"/>.</param>
public readonly record struct ClientOutput(int Xid, long Zxid, IZabMessage Content);

/// <summary>Replies in the order of their requests, with events between them. From the session to its client.</summary>
/// <param name="Outputs">The replies and events; not empty. Do not change the array.</param>
public sealed record ClientOutputs(ClientOutput[] Outputs) : IZabMessage;

/// <summary>From the session to its client: this connection has ended. The session itself may live on.</summary>
/// <param name="Reason">Why.</param>
public sealed record Disconnected(DisconnectReason Reason) : IZabMessage;

/// <summary>From a client to its session: it detaches, the session lives on until its timeout.</summary>
public sealed record Detach : IZabMessage;
