using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>The conclusions that one node draws from a gossip.</summary>
internal sealed class MembershipView
{
    private readonly ImmutableHashSet<UniqueAddress> _unreachable;

    public MembershipView(Gossip gossip, UniqueAddress self)
    {
        Gossip = gossip;
        Self = self;
        // A node that is down says nothing about others, and nobody is unreachable to itself.
        _unreachable = gossip.Reachability.Observers
            .Where(o => gossip.Find(o.Key) is { Status: not MemberStatus.Down })
            .SelectMany(o => o.Value.Unreachable)
            .Where(n => !n.Equals(self) && gossip.Members.ContainsKey(n))
            .ToImmutableHashSet();
        Leader = LeaderOf(gossip.Members.Values);
    }

    public Gossip Gossip { get; }

    public UniqueAddress Self { get; }

    public UniqueAddress? Leader { get; }

    public bool IsLeader => Leader is not null && Leader.Equals(Self);

    public IEnumerable<Member> Members => Gossip.Members.Values;

    public IEnumerable<Member> Unreachable => Members.Where(m => _unreachable.Contains(m.UniqueAddress));

    public Member? SelfMember => Gossip.Find(Self);

    public bool IsReachable(UniqueAddress node) => !_unreachable.Contains(node);

    /// <summary>The member that decides on the lives of the others: the first full member in reach.</summary>
    public UniqueAddress? LeaderOf(IEnumerable<Member> members)
    {
        var candidates = members
            .Where(m => m.Status != MemberStatus.Down && IsReachable(m.UniqueAddress))
            .OrderBy(m => m.Address, Member.AddressOrdering).ToArray();
        return (candidates.FirstOrDefault(m => m.Status is MemberStatus.Up or MemberStatus.Leaving) ??
                candidates.FirstOrDefault(m => m.Status is MemberStatus.Joining or MemberStatus.WeaklyUp) ??
                candidates.FirstOrDefault())?.UniqueAddress;
    }

    public UniqueAddress? RoleLeader(string role) => LeaderOf(Members.Where(m => m.HasRole(role)));

    /// <summary>
    /// Whether all who have a say know the same, so that the leader may act on it. A member that cannot be reached
    /// stands in the way until it is down or has gone.
    /// </summary>
    public bool Converged(IReadOnlySet<UniqueAddress> exitingConfirmed) =>
        Unreachable.All(m => m.Status is MemberStatus.Down or MemberStatus.Exiting ||
                             exitingConfirmed.Contains(m.UniqueAddress)) &&
        Members.All(m => m.Status is not (MemberStatus.Up or MemberStatus.Leaving) ||
                         !IsReachable(m.UniqueAddress) || Gossip.Seen.Contains(m.UniqueAddress));
}

/// <summary>What the leader does with a gossip.</summary>
internal static class LeaderActions
{
    /// <summary>The gossip after all that the leader may do now; the same object if that is nothing.</summary>
    public static Gossip Apply(
        MembershipView view, ClusterSettings settings, IReadOnlySet<UniqueAddress> exitingConfirmed,
        bool weaklyUpAllowed, long now)
    {
        if (!view.IsLeader) return view.Gossip;
        return view.Converged(exitingConfirmed)
            ? OnConvergence(view, settings, exitingConfirmed, now)
            : weaklyUpAllowed && EnoughMembers(view.Gossip, settings) ? WeaklyUp(view) : view.Gossip;
    }

    /// <summary>Whether so many have joined that the cluster may begin.</summary>
    public static bool EnoughMembers(Gossip gossip, ClusterSettings settings)
    {
        var counted = gossip.Members.Values
            .Where(m => m.Status is not (MemberStatus.Down or MemberStatus.Exiting)).ToArray();
        return counted.Length >= settings.MinNrOfMembers &&
               settings.MinNrOfMembersOfRole.All(r => counted.Count(m => m.HasRole(r.Key)) >= r.Value);
    }

    private static Gossip OnConvergence(
        MembershipView view, ClusterSettings settings, IReadOnlySet<UniqueAddress> exitingConfirmed, long now)
    {
        var gossip = view.Gossip;
        var enough = EnoughMembers(gossip, settings);
        var upNumber = gossip.Members.Values.Select(m => m.UpNumber).Where(n => n != int.MaxValue)
            .DefaultIfEmpty(0).Max();
        foreach (var member in view.Members)
        {
            var gone = exitingConfirmed.Contains(member.UniqueAddress) || !view.IsReachable(member.UniqueAddress);
            gossip = member.Status switch
            {
                MemberStatus.Down when !view.IsReachable(member.UniqueAddress) =>
                    gossip.Without(member.UniqueAddress, now, view.Self),
                MemberStatus.Exiting when gone => gossip.Without(member.UniqueAddress, now, view.Self),
                MemberStatus.Joining or MemberStatus.WeaklyUp when enough =>
                    gossip.With(member.CopyUp(++upNumber), view.Self),
                MemberStatus.Leaving => gossip.With(member.Copy(MemberStatus.Exiting), view.Self),
                _ => gossip,
            };
        }
        return gossip;
    }

    private static Gossip WeaklyUp(MembershipView view) => view.Members
        .Where(m => m.Status == MemberStatus.Joining && view.IsReachable(m.UniqueAddress))
        .Aggregate(view.Gossip, (g, m) => g.With(m.Copy(MemberStatus.WeaklyUp), view.Self));
}
