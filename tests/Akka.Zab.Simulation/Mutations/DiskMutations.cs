using Akka.Persistence;
using Akka.Zab.History;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Mutations;

/// <summary>The journal says that rows are durable when it begins to write them.</summary>
internal sealed class AcknowledgeBeforeDurable : Mutation
{
    public override string Name => "acknowledge before durable";

    public override void Apply(World world)
    {
        foreach (var server in world.Servers)
            server.Disk.Lies = true;
    }
}

/// <summary>
/// The current epoch becomes durable before the history that it begins with: ZOOKEEPER-4643. A crash in between leaves
/// a server that wins elections with a history that is too short.
/// </summary>
internal sealed class EpochBeforeHistory : Mutation
{
    public override string Name => "epoch before history";

    public override void Apply(World world)
    {
        foreach (var server in world.Servers)
            server.Disk.Split = EpochFirst;
    }

    private static IEnumerable<IPersistentRepresentation[]> EpochFirst(IReadOnlyList<IPersistentRepresentation> rows)
    {
        var epoch = rows.Where(row => row.Payload is EpochEstablished).ToArray();
        var rest = rows.Where(row => row.Payload is not EpochEstablished).ToArray();
        return epoch.Length == 0 || rest.Length == 0 ? [[.. rows]] : [epoch, rest];
    }
}

/// <summary>What TRUNC cuts off stays in the journal.</summary>
internal sealed class SkipTrunc : Mutation
{
    public override string Name => "skip TRUNC";

    public override void Apply(World world)
    {
        foreach (var server in world.Servers)
        {
            server.Disk.Split = rows =>
            [
                [
                    .. rows.Select(row =>
                        row.Payload is HistoryTruncated ? row.WithPayload(new EpochAccepted(0)) : row),
                ],
            ];
        }
    }
}
