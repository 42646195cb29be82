using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>What happened between two views of the same node.</summary>
internal static class EventDiff
{
    /// <summary>The events, in the order in which subscribers get them.</summary>
    public static IEnumerable<ClusterEvent.IClusterDomainEvent> Between(MembershipView before, MembershipView after)
    {
        foreach (var member in after.Unreachable)
            if (before.Gossip.Find(member.UniqueAddress) is null || before.IsReachable(member.UniqueAddress))
                yield return new ClusterEvent.UnreachableMember(member);
        foreach (var member in before.Unreachable)
            if (after.IsReachable(member.UniqueAddress) && after.Gossip.Find(member.UniqueAddress) is { } now)
                yield return new ClusterEvent.ReachableMember(now);
        foreach (var member in after.Members)
            if (before.Gossip.Find(member.UniqueAddress) is not { } known || known.Status != member.Status)
                if (ForStatus(member) is { } change)
                    yield return change;
        foreach (var member in before.Members)
            if (after.Gossip.Find(member.UniqueAddress) is null)
                yield return Removed(member);
        foreach (var role in Roles(before).Union(Roles(after)))
            if (after.RoleLeader(role) is var leader && !Equals(leader, before.RoleLeader(role)))
                yield return new ClusterEvent.RoleLeaderChanged(role, leader?.Address);
        if (!Equals(before.Leader, after.Leader)) yield return new ClusterEvent.LeaderChanged(after.Leader?.Address);
    }

    public static ClusterEvent.CurrentClusterState Snapshot(MembershipView view) => new(
        [.. view.Members],
        [.. view.Unreachable],
        [.. view.Gossip.Seen.Select(n => n.Address)],
        view.Leader?.Address,
        Roles(view).Select(r => (Role: r, Leader: view.RoleLeader(r)?.Address)).Where(r => r.Leader is not null)
            .ToImmutableDictionary(r => r.Role, r => r.Leader!));

    /// <summary>A removed member was dead, if it did not leave by itself.</summary>
    public static ClusterEvent.MemberRemoved Removed(Member member) => new(
        member.Copy(MemberStatus.Removed),
        member.Status is MemberStatus.Exiting or MemberStatus.Leaving ? MemberStatus.Exiting : MemberStatus.Down);

    private static ImmutableSortedSet<string> Roles(MembershipView view) => [.. view.Members.SelectMany(m => m.Roles)];

    private static ClusterEvent.IMemberEvent? ForStatus(Member member) => member.Status switch
    {
        MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
        MemberStatus.WeaklyUp => new ClusterEvent.MemberWeaklyUp(member),
        MemberStatus.Up => new ClusterEvent.MemberUp(member),
        MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
        MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
        MemberStatus.Down => new ClusterEvent.MemberDowned(member),
        _ => null,
    };
}
