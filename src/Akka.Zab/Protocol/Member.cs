namespace Akka.Zab.Protocol;

/// <summary>What a server was configured to be.</summary>
internal enum MemberRole
{
    /// <summary>Votes, follows and may lead.</summary>
    Participant,

    /// <summary>Holds a copy and serves clients, without a vote.</summary>
    Observer,
}

/// <summary>One server of the ensemble.</summary>
/// <param name="Id">1 to 255.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Member(int Id, MemberRole Role)
{
    /// <summary>Where its actor system is reached; empty where nobody needs to know.</summary>
    public string Host { get; init; } = "";

    /// <summary>The port of its actor system.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The second port that ZooKeeper's format has, for elections. It means nothing here, and is kept as it was given:
    /// ZooKeeper's tools insist on one that differs from the first.
    /// </summary>
    public int ElectionPort { get; init; }

    /// <summary>Where ZooKeeper's clients reach it, <c>host:port</c>, or empty.</summary>
    public string Client { get; init; } = "";

    /// <summary>What its vote weighs, 0 or more.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The group that its vote counts in; 0 if there are no groups.</summary>
    public int Group { get; init; }
}
