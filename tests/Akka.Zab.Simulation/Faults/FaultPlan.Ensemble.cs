using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Disks;
using Akka.Zab.Simulation.Networks;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Faults;

/// <summary>Servers that forget everything, and ensembles that change.</summary>
internal sealed partial class FaultPlan
{
    private bool Wipe(Server server)
    {
        // A server that votes has promises to keep: see WipeVoter.
        if (server.Votes)
            return false;
        if (server.IsUp)
            server.Crash(noticed: world.Chance.Next(2) == 0);
        server.Wipe();
        StartLater(server);
        return true;
    }

    /// <summary>
    /// A server that votes and has forgotten everything is one that has failed for good: ZAB outlives that only if the
    /// others hold what it has acknowledged, and stay until it is back. So nothing else fails meanwhile.
    /// </summary>
    private bool WipeVoter(Server server)
    {
        if (!server.Votes || world.Leader is not { } leader || !leader.Peer!.Membership.IsSettled
            || !world.Network.IsWhole || world.Network.Weather != Weather.Calm)
            return false;
        // A server that has forgotten that it has a vote cannot be needed to find out.
        var others = world.Ensemble.Quorum.Voters.Except(new ServerSet(server.Id));
        if (!world.Ensemble.Quorum.IsReachedBy(others))
            return false;
        foreach (var other in world.Servers)
        {
            if (!other.Votes)
                continue;
            var isWell = other.Serves && other.Serving!.Epoch == leader.Serving!.Epoch && !other.Machine.IsPaused
                && other.Disk.Manners == DiskManners.Good && !other.Disk.IsHeld;
            if (!isWell || other.Disk.History.Last != leader.Peer.History.LastZxid)
                return false;
        }

        isQuiet = true;
        armed = null;
        server.Crash(noticed: world.Chance.Next(2) == 0);
        server.Wipe();
        world.After(world.Chance.Next(1_000, 500_000), () =>
        {
            if (!server.IsUp)
                server.Start();
        });
        var lastMoment = world.Now + 20_000_000;
        AwaitReturn();
        return true;

        void AwaitReturn() => world.After(10_000, () =>
        {
            if (server.Serves || !server.Votes)
                isQuiet = false;
            else if (world.Now > lastMoment)
                world.Fail($"server {server.Id}, wiped, did not come back while nothing else failed");
            else
                AwaitReturn();
        });
    }

    /// <summary>Somebody who may asks for something that changes who leads, or who is in the ensemble.</summary>
    private bool Administer(Func<WriteRequest> request)
    {
        foreach (var client in world.Clients.All)
        {
            if (!client.IsAdministrator || !client.IsConnected || client.UnderWay > 2)
                continue;
            client.Send(request());
            return true;
        }

        return false;
    }

    private Reconfigure Change(Server server)
    {
        var role = world.Chance.Next(3) == 0 ? MemberRole.Observer : MemberRole.Participant;
        var joins = $"server.{server.Id}={EnsembleText.Spec(world.MemberOf(server.Id, role))}";
        var leaves = $"{world.Chance.Next(1, world.Servers.Length + 1)}";
        return world.Chance.Next(5) switch
        {
            0 => new Reconfigure(null, leaves, null),
            1 => new Reconfigure(joins, leaves, null),
            _ => new Reconfigure(joins, null, null),
        };
    }
}
