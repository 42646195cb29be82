namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>What one connection may cost the server.</summary>
/// <param name="MaxFrame">
/// The longest request in bytes, its length field not counted; ZooKeeper's <c>jute.maxbuffer</c>. A longer one is
/// refused in its turn, one that is longer still ends the connection.
/// </param>
/// <param name="MaxReply">
/// The longest reply to a read in bytes; in the place of a longer one the client gets an error.
/// </param>
/// <param name="MaxRequests">With this many requests under way, no more are read until half are answered.</param>
/// <param name="MaxRequestBytes">The same for the bytes of the requests under way.</param>
/// <param name="MaxWaitingOutputs">
/// A client that reads so slowly that more replies and events than this wait for it loses its connection.
/// </param>
/// <param name="HandshakeTimeout">A connection that has not said what it wants by then is closed.</param>
internal sealed record ConnectionLimits(
    int MaxFrame = 0xFFFFF,
    int MaxReply = 0xFFFFF + 1024,
    int MaxRequests = 4096,
    int MaxRequestBytes = 8 << 20,
    int MaxWaitingOutputs = 100_000,
    TimeSpan? HandshakeTimeout = null)
{
    /// <summary>ZooKeeper's time for a connection without a session.</summary>
    public static readonly TimeSpan DefaultHandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Counts what these limits refused.</summary>
    public Refusals Refusals { get; } = new();
}

/// <summary>How often something was refused for its size, on all connections that share it.</summary>
internal sealed class Refusals
{
    public long LongRequests;
    public long LongReplies;
}
