using Akka.Zab.Protocol;

namespace Akka.Zab.Simulation.Worlds;

/// <summary>What a world is made of.</summary>
internal sealed record WorldOptions
{
    /// <summary>Chooses everything that is left to chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Servers that vote: 1 and up.</summary>
    public int Participants { get; init; } = 3;

    /// <summary>Servers beside them that do not.</summary>
    public int Observers { get; init; }

    /// <summary>
    /// Servers beside those that are no members at first, and know one member each. Where there are any, the ensemble
    /// may be changed while it runs.
    /// </summary>
    public int Strangers { get; init; }

    /// <summary>The settings of every peer.</summary>
    public PeerSettings Peers { get; init; } = new() { Tick = TimeSpan.FromMilliseconds(200) };

    /// <summary>A snapshot is taken after so many transactions.</summary>
    public long SnapshotAfterTxns { get; init; } = 200;

    /// <summary>How many snapshots are kept.</summary>
    public int KeepSnapshots { get; init; } = 2;

    /// <summary>What sessions tell the replica, as a mutation changes it; null for as it is.</summary>
    public Func<object, object?>? ToReplica { get; init; }

    /// <summary>Whether the whole trace is kept as text.</summary>
    public bool KeepTrace { get; init; }
}
