using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Mutations;

/// <summary>
/// A fault of the protocol, made from outside: what the real actors exchange with each other, the network and the disk
/// is changed on its way. The simulation has to find every one of them; a check that finds nothing checks nothing.
/// </summary>
internal abstract class Mutation
{
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new AcknowledgeBeforeDurable(),
        new EpochBeforeHistory(),
        new CountOldLink(),
        new CommitWithoutQuorum(),
        new SkipTrunc(),
        new DiffWithHole(),
        new ReadAheadOfOwnWrite(),
        new EventAfterRead(),
    ];

    public abstract string Name { get; }

    public virtual WorldOptions Change(WorldOptions options) => options;

    public virtual void Apply(World world)
    {
    }

    public override string ToString() => Name;
}
