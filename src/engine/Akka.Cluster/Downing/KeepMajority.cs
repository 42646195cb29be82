namespace Akka.Cluster.SBR;

/// <summary>What one side of a partition does.</summary>
internal enum Verdict
{
    /// <summary>This side goes on; the members that it cannot reach are downed.</summary>
    DownUnreachable,

    /// <summary>The other side goes on; the members of this one are downed.</summary>
    DownReachable,
}

/// <summary>
/// The side with more members goes on. With equally many, it is the side with the member of the lowest address. Both
/// sides come to the same verdict, because they know the same members.
/// </summary>
internal static class KeepMajority
{
    public static Verdict Decide(IReadOnlyCollection<Member> members, ISet<Member> unreachable, string role)
    {
        // Members that are not fully in have no vote: the two sides need not agree on who they are.
        var voters = members.Where(m =>
            m.Status is MemberStatus.Up or MemberStatus.Leaving && (role.Length == 0 || m.HasRole(role))).ToArray();
        var here = voters.Count(m => !unreachable.Contains(m));
        var there = voters.Length - here;
        if (here != there) return here > there ? Verdict.DownUnreachable : Verdict.DownReachable;
        var lowest = voters.MinBy(m => m.Address, Member.AddressOrdering);
        return lowest is not null && !unreachable.Contains(lowest) ? Verdict.DownUnreachable : Verdict.DownReachable;
    }
}
