using System.Security.Cryptography;
using Akka.Actor;

namespace Akka.Zab.Sessions;

/// <summary>What the session registry and its sessions need to know.</summary>
/// <param name="ServerId">This server's id.</param>
/// <param name="TickMs">One tick, in milliseconds.</param>
/// <param name="MinTimeoutMs">The shortest session timeout that is granted, in milliseconds.</param>
/// <param name="MaxTimeoutMs">The longest session timeout that is granted, in milliseconds.</param>
internal sealed record SessionSettings(int ServerId, int TickMs, int MinTimeoutMs, int MaxTimeoutMs)
{
    /// <summary>The clocks; the simulation has its own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Fills in unpredictable bytes for secrets and connection numbers; the simulation draws from its seed.
    /// </summary>
    public Action<byte[]> FillRandom { get; init; } = static bytes => RandomNumberGenerator.Fill(bytes);

    /// <summary>Whether a session is known to its server only, until it becomes one of the ensemble's.</summary>
    public bool LocalSessions { get; init; }

    /// <summary>Whether a local session becomes one of the ensemble's when it needs that; otherwise it is refused.</summary>
    public bool LocalSessionsUpgrade { get; init; }

    /// <summary>The id of <c>digest</c> whose owner may do everything; empty for none.</summary>
    public string SuperDigest { get; init; } = "";

    /// <summary>
    /// How often a session says that it was heard from, in milliseconds. What it hears sooner after the last time it
    /// keeps to itself, so a touch stands for so much time after it.
    /// </summary>
    public int TouchEveryMs => TickMs / 4;

    /// <summary>The subject of the certificate whose owner may do everything; empty for none.</summary>
    public string SuperCertificate { get; init; } = "";

    /// <summary>Who may log in with SASL; null if nobody may.</summary>
    public SaslSettings? Sasl { get; init; }

    /// <summary>Whether everybody may do everything, whatever the ACLs say.</summary>
    public bool SkipAcl { get; init; }

    /// <summary>A connection must be known by one of these schemes before it may do anything; empty for no rule.</summary>
    public IReadOnlyList<string> RequiredSchemes { get; init; } = [];

    /// <summary>An Akka client's requests that may be under way; what it has beyond that is refused.</summary>
    public int MaxOutstandingRequests { get; init; } = int.MaxValue;

    /// <summary>Milliseconds of a clock that only goes forward.</summary>
    public long MonotonicMs => (long)Time.GetElapsedTime(0).TotalMilliseconds;
}

/// <summary>The actors that sessions speak with.</summary>
/// <param name="Peer">Takes the writes.</param>
/// <param name="Replica">Takes the reads, and releases every result.</param>
internal sealed record SessionNeighbours(IActorRef Peer, IActorRef Replica);
