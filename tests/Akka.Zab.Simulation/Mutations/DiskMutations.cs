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
        {
            server.Disk.Split = EpochFirst;
            server.Disk.OnPart = () => CrashBoth(world, server);
        }
    }

    // The moment is short, and its harm shows only when the leader is gone before the server has come back.
    private static void CrashBoth(World world, Server server)
    {
        if (world.Chance.Next(4) > 0)
            return;
        Crash(world, server, 300_000);
        world.After(20_000, () =>
        {
            if (world.Leader is { } leader)
                Crash(world, leader, 3_000_000);
        });
    }

    private static void Crash(World world, Server server, long awayFor)
    {
        if (!server.IsUp)
            return;
        server.Crash();
        world.After(awayFor, () =>
        {
            if (!server.IsUp)
                server.Start();
        });
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
