using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

// What the clients of a simulated ensemble did and were told, in the order in which it happened: the world appends to
// one list for all of them. Times are microseconds of virtual time since the world began. Nothing in here is known to
// the servers, and checkers need nothing else, beside what was committed (Committed).

/// <summary>What an operation promises.</summary>
internal enum OperationKind
{
    /// <summary>Answered by the client's server from its own copy: sequentially consistent, perhaps stale.</summary>
    Read,

    /// <summary>Goes to the leader: linearizable.</summary>
    Write,

    /// <summary>
    /// A read that was sent together with a <c>Sync</c> directly before it: linearizable. The sync itself is not in the
    /// history; the operation began when the sync was sent.
    /// </summary>
    SyncedRead,
}

/// <summary>Something that a client did or was told.</summary>
/// <param name="At">When, in microseconds of virtual time.</param>
/// <param name="Client">Which client, from 1. A client has one session at a time, several one after the other.</param>
/// <param name="Session">The session; 0 while the client has none.</param>
internal abstract record ClientEvent(long At, int Client, long Session);

/// <summary>
/// The client has sent an operation. A client may have several under way; those of one session and connection take
/// effect in the order in which they were sent.
/// </summary>
/// <param name="Operation">Counts up over all clients; <see cref="Returned"/> and <see cref="GaveUp"/> refer to it.</param>
/// <param name="Kind">What it promises.</param>
/// <param name="Request">
/// What is asked. Every value that is written (see <see cref="Values"/>) is written once only, by one operation.
/// </param>
internal sealed record Invoked(
    long At, int Client, long Session, long Operation, OperationKind Kind, Request Request)
    : ClientEvent(At, Client, Session);

/// <summary>The answer to an operation has come.</summary>
/// <param name="Operation">The number of its <see cref="Invoked"/>.</param>
/// <param name="Reply">The answer; an <see cref="ErrorReply"/> changed nothing.</param>
/// <param name="Zxid">The last transaction that the server had applied; of a write that succeeded, its own.</param>
internal sealed record Returned(long At, int Client, long Session, long Operation, Reply Reply, long Zxid)
    : ClientEvent(At, Client, Session);

/// <summary>
/// The connection was lost before the answer came. A write may have happened, may happen yet, or never does; whatever
/// the client does later in a session does not come before it.
/// </summary>
/// <param name="Operation">The number of its <see cref="Invoked"/>.</param>
internal sealed record GaveUp(long At, int Client, long Session, long Operation) : ClientEvent(At, Client, Session);

/// <summary>
/// A watch has fired. The one-shot watches of a client are those that it left by reads with <c>Watch</c> on the present
/// connection; an event stands before the first <see cref="Returned"/> that may show what it is about.
/// </summary>
/// <param name="Zxid">The transaction that did it.</param>
/// <param name="Event">What was told.</param>
internal sealed record WatchFired(long At, int Client, long Session, long Zxid, WatchEvent Event)
    : ClientEvent(At, Client, Session);

/// <summary>The client has a new session.</summary>
/// <param name="Server">The server that it is connected to.</param>
/// <param name="TimeoutMs">The timeout that was agreed.</param>
internal sealed record SessionOpened(long At, int Client, long Session, int Server, int TimeoutMs)
    : ClientEvent(At, Client, Session);

/// <summary>The client has its session back, on a new connection that has no watches.</summary>
/// <param name="Server">The server that it is connected to.</param>
/// <param name="TimeoutMs">The timeout that was agreed.</param>
internal sealed record SessionReattached(long At, int Client, long Session, int Server, int TimeoutMs)
    : ClientEvent(At, Client, Session);

/// <summary>The connection is lost: what was under way was given up before this, and its watches are gone.</summary>
internal sealed record ConnectionLost(long At, int Client, long Session) : ClientEvent(At, Client, Session);

/// <summary>The client was told that its session has expired.</summary>
internal sealed record SessionExpired(long At, int Client, long Session) : ClientEvent(At, Client, Session);

/// <summary>The client has closed its session, and was told so.</summary>
internal sealed record SessionClosed(long At, int Client, long Session) : ClientEvent(At, Client, Session);

/// <summary>
/// A server heard from the client of a session, over a connection that is attached: from here on the session has its
/// full time again, as soon as the leader is told (within a tick).
/// </summary>
/// <param name="Server">The server.</param>
internal sealed record Heard(long At, int Client, long Session, int Server) : ClientEvent(At, Client, Session);

/// <summary>The values that the simulated clients write: each is written once.</summary>
internal static class Values
{
    public static byte[] Of(long value) => BitConverter.GetBytes(value);

    /// <summary>The value in a znode's data; 0 for a znode that no client has written to.</summary>
    public static long In(byte[]? data) => data is { Length: 8 } ? BitConverter.ToInt64(data) : 0;
}
