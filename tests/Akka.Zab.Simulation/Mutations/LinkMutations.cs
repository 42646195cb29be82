using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Networks;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Mutations;

/// <summary>
/// The leader counts a learner that has acknowledged NEWLEADER on an earlier link as one that has acknowledged it on
/// the present one.
/// </summary>
internal sealed class CountOldLink : Mutation
{
    public override string Name => "count an old link's acknowledgement";

    public override void Apply(World world)
    {
        var forgery = new LinkForgery(world);
        var acknowledged = new HashSet<(int Learner, int Leader)>();
        var forged = new HashSet<long>();
        world.Network.Alter = wire =>
        {
            switch (wire.Message)
            {
                case NewLeader leader when acknowledged.Contains((wire.To.Id, wire.From.Id)):
                    if (wire.From.IsUp && forged.Add(leader.Link))
                    {
                        forgery.Forge(
                            wire.To, wire.From, number => new AckNewLeader(leader.Link, number, leader.LastZxid),
                            leader.Link);
                    }

                    return wire;
                case AckNewLeader ack when forged.Contains(ack.Link):
                    forgery.Swallow(wire, ack);
                    return null;
                case AckNewLeader ack:
                    acknowledged.Add((wire.From.Id, wire.To.Id));
                    return forgery.Pass(wire, ack);
                case LinkMessage message:
                    return forgery.Pass(wire, message);
                default:
                    return wire;
            }
        };
    }
}

/// <summary>The leader takes a batch for committed when its own journal holds it.</summary>
internal sealed class CommitWithoutQuorum : Mutation
{
    public override string Name => "commit without quorum";

    public override void Apply(World world)
    {
        var forgery = new LinkForgery(world);
        world.Network.OnSent = wire =>
        {
            if (wire.Message is not Propose propose)
                return;
            var (leader, life) = (wire.From, wire.FromLife);
            world.After(1, () =>
            {
                if (leader.IsReachable && leader.Life == life)
                {
                    forgery.Forge(
                        wire.To, leader, number => new Ack(propose.Link, number, propose.LastZxid), propose.Link);
                }
            });
        };
        world.Network.Alter = wire =>
        {
            switch (wire.Message)
            {
                case Ack ack:
                    forgery.Swallow(wire, ack);
                    return null;
                case LinkMessage message:
                    return forgery.Pass(wire, message);
                default:
                    return wire;
            }
        };
    }
}

/// <summary>Of the history that a learner lacks, a batch in the middle is left out.</summary>
internal sealed class DiffWithHole : Mutation
{
    public override string Name => "DIFF with a hole";

    public override void Apply(World world)
    {
        var forgery = new LinkForgery(world);
        world.Network.Alter = wire =>
        {
            switch (wire.Message)
            {
                // The last of an epoch: nobody sees from the numbers that it is missing.
                case SyncBatch batch when world.Chance.Next(4) == 0 && IsLastOfEpoch(wire.From, batch):
                    forgery.Swallow(wire, batch);
                    return null;
                case LinkMessage message:
                    return forgery.Pass(wire, message);
                default:
                    return wire;
            }
        };
    }

    private static bool IsLastOfEpoch(Server leader, SyncBatch batch) =>
        leader.Peer is { } peer
        && peer.History.Log.TryNext(batch.LastZxid, out var next)
        && Zxid.Epoch(next.FirstZxid) > Zxid.Epoch(batch.LastZxid);
}
