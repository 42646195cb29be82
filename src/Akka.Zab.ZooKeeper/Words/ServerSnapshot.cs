using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;
using Akka.Zab.ZooKeeper.Connections;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>A connection as <c>stat</c> and <c>cons</c> list it.</summary>
/// <param name="Remote">The client's address and port.</param>
/// <param name="Reading">Whether requests are read from it at the moment.</param>
/// <param name="Traffic">Its traffic since it was opened or reset.</param>
/// <param name="SessionId">Its session; 0 before there is one.</param>
/// <param name="TimeoutMs">The session's timeout.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="Last">The last request that was answered.</param>
internal readonly record struct ConnectionSnapshot(
    string Remote, bool Reading, ConnectionStatistics Traffic, long SessionId = 0, int TimeoutMs = 0,
    DateTimeOffset OpenedAt = default, LastAnswer Last = default);

/// <summary>What the words tell about a server, at one moment.</summary>
/// <param name="Peer">The peer's view.</param>
/// <param name="Replica">The replica's view.</param>
/// <param name="Sessions">The session registry's view.</param>
/// <param name="Connections">The connections of this port.</param>
/// <param name="Traffic">Of these connections and all earlier ones together.</param>
/// <param name="Uptime">Since the port was opened.</param>
/// <param name="Configuration">What does not change while the server runs.</param>
internal sealed record ServerSnapshot(
    PeerStatus Peer,
    ReplicaStatus Replica,
    SessionsStatus Sessions,
    IReadOnlyList<ConnectionSnapshot> Connections,
    ConnectionStatistics Traffic,
    TimeSpan Uptime,
    ServerConfiguration Configuration)
{
    /// <summary>Whether it serves anybody, be it those who only read.</summary>
    public bool AnswersWords => Peer.Serving || Peer.ReadOnly;

    /// <summary>The committed tree; only for the words that tell of it.</summary>
    public ZnodeTree? Tree { get; init; }

    /// <summary>The watches on data; only for the words that tell of them.</summary>
    public IReadOnlyList<WatchOfSession> Watches { get; init; } = [];

    /// <summary>When which session expires; only for <c>dump</c>, and none where another server leads.</summary>
    public IReadOnlyList<ExpiryBucket> Expiry { get; init; } = [];

    /// <summary>The same of the sessions that only this server knows; null where there are none by the settings.</summary>
    public IReadOnlyList<ExpiryBucket>? LocalExpiry { get; init; }

    /// <summary>What the port refused since it was opened.</summary>
    public PortRefusals Refused { get; init; }

    /// <summary>Of the process that this server is in, whatever else is in it.</summary>
    public CollectorFigures Collector { get; init; }
}

/// <summary>How often the port refused something.</summary>
/// <param name="Connections">Connections beyond the limits.</param>
/// <param name="LongRequests">Requests longer than the limit.</param>
/// <param name="LongReplies">Replies longer than the limit.</param>
internal readonly record struct PortRefusals(long Connections, long LongRequests, long LongReplies);

/// <summary>What <c>conf</c> shows.</summary>
/// <param name="ClientPort">The port of the connections.</param>
/// <param name="DataDirectory">Where the journal is.</param>
/// <param name="TickMs">The tick.</param>
/// <param name="MinSessionTimeoutMs">The shortest session timeout that is granted.</param>
/// <param name="MaxSessionTimeoutMs">The longest.</param>
/// <param name="InitLimit">Ticks that a follower has to connect and synchronise.</param>
/// <param name="SyncLimit">Ticks that a follower may lag behind.</param>
/// <param name="Votes">Whether this server votes; otherwise it is an observer.</param>
/// <param name="Voters">How many servers vote.</param>
/// <param name="Members">A line for each member.</param>
internal sealed record ServerConfiguration(
    int ClientPort,
    string DataDirectory,
    int TickMs,
    int MinSessionTimeoutMs,
    int MaxSessionTimeoutMs,
    int InitLimit,
    int SyncLimit,
    bool Votes,
    int Voters,
    IReadOnlyList<string> Members)
{
    /// <summary>The port for TLS, or -1.</summary>
    public int SecureClientPort { get; init; } = -1;

    /// <summary>Connections from one address; 0 is no limit.</summary>
    public int MaxConnectionsPerAddress { get; init; }
}
