using Akka.Zab.Protocol;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>What a stage is like.</summary>
internal sealed record StageOptions
{
    /// <summary>How many servers vote: 1 to this.</summary>
    public int Voters { get; init; } = 3;

    /// <summary>How many do not: the next numbers.</summary>
    public int Observers { get; init; }

    /// <summary>How many are no members, and know of server 1 only: the numbers after those.</summary>
    public int Spares { get; init; }

    /// <summary>What each vote weighs; empty for all the same.</summary>
    public int[] Weights { get; init; } = [];

    /// <summary>The group of each server with a vote; empty for none.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Whether the ensemble may be changed.</summary>
    public bool Reconfigurable => Spares > 0;

    /// <summary>How many snapshots are kept.</summary>
    public int KeepSnapshots { get; init; } = 3;

    /// <summary>The settings of every peer.</summary>
    public PeerSettings Settings { get; init; } = new();

    /// <summary>The members in the beginning.</summary>
    public Ensemble Ensemble => new([.. Enumerable.Range(1, Voters + Observers).Select(MemberOf)]);

    /// <summary>A server, as a configuration names it.</summary>
    public static Member Describe(int id, MemberRole role) => new(id, role)
    {
        Host = $"host{id}",
        Port = 1000,
        ElectionPort = 2000,
    };

    // Where nothing is to be changed nobody needs an address, and the configuration is no transaction.
    private Member MemberOf(int id)
    {
        var role = id <= Voters ? MemberRole.Participant : MemberRole.Observer;
        return (Reconfigurable ? Describe(id, role) : new Member(id, role)) with
        {
            Weight = id <= Weights.Length ? Weights[id - 1] : 1,
            Group = id <= Groups.Length ? Groups[id - 1] : 0,
        };
    }
}
