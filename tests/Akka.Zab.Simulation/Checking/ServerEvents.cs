using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Checking;

// What the world knows of the servers beside what their clients see.

/// <summary>
/// A transaction was delivered to a replica for the first time anywhere. In a list these stand in zxid order: it is
/// the one history that every server delivers a prefix of.
/// </summary>
/// <param name="At">When, in microseconds of virtual time.</param>
/// <param name="Txn">The transaction.</param>
internal sealed record Committed(long At, LoggedTxn Txn)
{
    /// <summary>When its leader broadcast it.</summary>
    public long ProposedAt { get; init; } = At;
}

/// <summary>A server began to lead an established epoch: every session has its full time again.</summary>
/// <param name="At">When, in microseconds of virtual time.</param>
/// <param name="Server">The server.</param>
/// <param name="Epoch">The epoch.</param>
internal sealed record LeaderEstablished(long At, int Server, int Epoch);

/// <summary>A server is doing something else from now on.</summary>
/// <param name="At">When, in microseconds of virtual time.</param>
/// <param name="Server">The server.</param>
/// <param name="Role">What it does.</param>
/// <param name="Serving">Whether it serves clients.</param>
internal sealed record RoleChanged(long At, int Server, ServerRole Role, bool Serving);
