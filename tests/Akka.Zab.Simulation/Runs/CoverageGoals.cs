using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Faults;
using Akka.Zab.Simulation.Worlds;
using Role = Akka.Zab.Protocol.ServerRole;

namespace Akka.Zab.Simulation.Runs;

/// <summary>
/// What a set of runs must have come across; one that has not has tested less than it says. Every kind of message in
/// every behaviour that is meant for it, and those that commonly come too late; every point at which a server likes to
/// be crashed; every fault; every way in which a learner is given its history.
/// </summary>
internal static class CoverageGoals
{
    private static readonly (Type Message, Role[] Roles)[] Arrivals =
    [
        (typeof(Notification), [Role.Looking, Role.Following, Role.Observing, Role.Leading]),
        (typeof(LinkBroken), [Role.Looking, Role.Following, Role.Observing, Role.Leading]),
        (typeof(FollowerInfo), [Role.Leading, Role.Looking, Role.Following]),
        (typeof(LeaderInfo), [Role.Following, Role.Observing]),
        (typeof(AckEpoch), [Role.Leading]),
        (typeof(SyncDiff), [Role.Following, Role.Observing]),
        (typeof(SyncTrunc), [Role.Following]),
        (typeof(SyncSnapshot), [Role.Following, Role.Observing]),
        (typeof(SyncSnapshotTaken), [Role.Leading]),
        (typeof(SyncBatch), [Role.Following, Role.Observing]),
        (typeof(NewLeader), [Role.Following, Role.Observing]),
        (typeof(AckNewLeader), [Role.Leading]),
        (typeof(UpToDate), [Role.Following, Role.Observing]),
        (typeof(Propose), [Role.Following, Role.Looking]),
        (typeof(Ack), [Role.Leading, Role.Looking]),
        (typeof(Commit), [Role.Following, Role.Looking]),
        (typeof(Inform), [Role.Observing]),
        (typeof(PeerPing), [Role.Following, Role.Observing, Role.Looking]),
        (typeof(PeerPong), [Role.Leading, Role.Looking]),
        (typeof(ForwardWrites), [Role.Leading]),
        (typeof(ForwardAnswers), [Role.Following, Role.Observing]),
    ];

    public static IEnumerable<string> All
    {
        get
        {
            foreach (var (message, roles) in Arrivals)
            {
                foreach (var role in roles)
                    yield return Coverage.Arrival(message, role);
            }

            foreach (var point in Enum.GetNames<CrashPoint>())
                yield return $"crash at: {point}";
            foreach (var fault in FaultPlan.Kinds)
                yield return $"fault: {fault}";
            yield return "crash: a write is lost";
            yield return "crash: a write is durable that was not acknowledged";
            yield return "crash: a write of several rows is torn, and dropped";
            yield return "epoch begins with the leader's own history";
            yield return "SNAP alone";
            yield return "SNAP and batches";
            yield return "DIFF or TRUNC alone";
            yield return "DIFF or TRUNC, and batches";
            yield return "disk: journal behind a snapshot deleted";
            yield return "epoch is full";
            yield return "the ensemble is changed";
        }
    }
}
