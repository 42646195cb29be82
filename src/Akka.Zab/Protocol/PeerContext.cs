using Akka.Actor;

namespace Akka.Zab.Protocol;

/// <summary>Where the peers of the other servers are.</summary>
internal interface IPeerDirectory
{
    /// <summary>The peer actor of a server of the ensemble, whether it runs or not.</summary>
    ICanTell Peer(int server);
}

/// <summary>Everything that a peer needs of the world.</summary>
internal sealed class PeerContext
{
    /// <summary>The own server's id.</summary>
    public required int Self { get; init; }

    /// <summary>The servers, the own one among them.</summary>
    public required Ensemble Ensemble { get; init; }

    /// <summary>The other servers' peers.</summary>
    public required IPeerDirectory Directory { get; init; }

    /// <summary>The journal; see HistoryMessages.cs.</summary>
    public required IActorRef History { get; init; }

    /// <summary>The committed tree.</summary>
    public required IActorRef Replica { get; init; }

    /// <summary>The session registry.</summary>
    public required IActorRef Sessions { get; init; }

    public PeerSettings Settings { get; init; } = new();

    /// <summary>For the ids of links.</summary>
    public required Random Random { get; init; }

    /// <summary>The own server's role.</summary>
    public MemberRole Role => Ensemble.Votes(Self) ? MemberRole.Participant : MemberRole.Observer;
}
