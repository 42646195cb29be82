using Akka.Actor;

namespace Akka.Zab.Protocol;

/// <summary>Where the peers of the other servers are.</summary>
internal interface IPeerDirectory
{
    /// <summary>The peer actor of a server of the ensemble, whether it runs or not.</summary>
    ICanTell Peer(int server);

    /// <summary>Members whose ids are not known, to ask who the others are; empty for a server that knows.</summary>
    IReadOnlyList<ICanTell> Seeds => [];

    /// <summary>The addresses of these servers are those of this configuration from now on.</summary>
    void Update(Ensemble ensemble)
    {
    }
}

/// <summary>Everything that a peer needs of the world.</summary>
internal sealed class PeerContext
{
    /// <summary>The own server's id.</summary>
    public required int Self { get; init; }

    /// <summary>
    /// The servers as the settings have them, the own one among them; <see cref="Ensemble.Unknown"/> for a server that
    /// is to join an ensemble that runs. What the ensemble is, <see cref="Membership"/> knows.
    /// </summary>
    public required Ensemble Ensemble { get; init; }

    /// <summary>
    /// Whether the ensemble may be changed while it runs; if not, <see cref="Ensemble"/> is what it is.
    /// </summary>
    public bool Reconfigurable { get; init; }

    /// <summary>The other servers' peers.</summary>
    public required IPeerDirectory Directory { get; init; }

    /// <summary>The journal; see HistoryMessages.cs.</summary>
    public required IActorRef History { get; init; }

    /// <summary>The committed tree.</summary>
    public required IActorRef Replica { get; init; }

    /// <summary>The session registry.</summary>
    public required IActorRef Sessions { get; init; }

    public PeerSettings Settings { get; init; } = new();

    /// <summary>The time that only goes forward; that of the actor system's scheduler if it is null.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>For the ids of links.</summary>
    public required Random Random { get; init; }
}
