using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Event;
using Akka.Remote.Transport;

namespace Akka.Cluster;

/// <summary>What the nodes of a cluster tell each other.</summary>
public interface IClusterMessage;

/// <summary>Asks a seed node whether it is part of a cluster.</summary>
internal sealed record InitJoin : IClusterMessage, IDeadLetterSuppression;

/// <summary>It is.</summary>
internal sealed record InitJoinAck(Address Address) : IClusterMessage;

/// <summary>It is not.</summary>
internal sealed record InitJoinNack(Address Address) : IClusterMessage;

/// <summary>Asks to be taken in.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles) : IClusterMessage;

/// <summary>The node was taken in; the cluster as it is.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterMessage;

/// <summary>What a node knows.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip)
    : IClusterMessage, IDeadLetterSuppression;

/// <summary>The node at that address wants to go, or is to go.</summary>
internal sealed record Leave(Address Address) : IClusterMessage;

/// <summary>The node at that address is dead.</summary>
internal sealed record Down(Address Address) : IClusterMessage;

/// <summary>A node has ended everything that it did as a member, and may be removed.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Node) : IClusterMessage, IDeadLetterSuppression;

/// <summary>Asks a monitored node for a sign of life.</summary>
internal sealed record Heartbeat(Address From, long Number) : IClusterMessage, IPriorityMessage;

/// <summary>The sign of life.</summary>
internal sealed record HeartbeatAnswer(UniqueAddress From, long Number) : IClusterMessage, IPriorityMessage;
