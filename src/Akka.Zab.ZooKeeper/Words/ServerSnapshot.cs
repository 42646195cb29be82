using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Connections;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>A connection as <c>stat</c> lists it.</summary>
internal readonly record struct ConnectionSnapshot(string Remote, bool Reading, ConnectionStatistics Traffic);

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
    ServerConfiguration Configuration);

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
    IReadOnlyList<string> Members);
