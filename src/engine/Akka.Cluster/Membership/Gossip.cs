using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>
/// What a node knows of the cluster. Two such states always have a least common successor, because a member's status
/// only ever advances, each node alone writes its own observations under a growing version, and removal is final: so
/// nodes that merge what they hear, in whatever order, come to the same state.
/// </summary>
/// <param name="Members">All members, by address.</param>
/// <param name="Reachability">Who cannot reach whom.</param>
/// <param name="Tombstones">Removed members, with the time in Unix milliseconds, so that no latecomer revives them.
/// </param>
/// <param name="Seen">The nodes that are known to hold exactly this state.</param>
internal sealed record Gossip(
    ImmutableSortedDictionary<UniqueAddress, Member> Members,
    Reachability Reachability,
    ImmutableDictionary<UniqueAddress, long> Tombstones,
    ImmutableHashSet<UniqueAddress> Seen)
{
    // Two versions of a member are equal to each other, so the table must tell them apart by reference.
    public static readonly ImmutableSortedDictionary<UniqueAddress, Member> NoMembers =
        ImmutableSortedDictionary.Create<UniqueAddress, Member>(null, ReferenceEqualityComparer.Instance);

    public static readonly Gossip Empty = new(
        NoMembers, Reachability.Empty,
        ImmutableDictionary<UniqueAddress, long>.Empty, []);

    public Member? Find(UniqueAddress node) => Members.GetValueOrDefault(node);

    public Member? Find(Actor.Address address) => Members.Values.FirstOrDefault(m => m.Address.Equals(address));

    /// <summary>This state with a member added or advanced, as seen by the one who changes it only.</summary>
    public Gossip With(Member member, UniqueAddress by) =>
        this with { Members = Members.SetItem(member.UniqueAddress, member), Seen = [by] };

    /// <summary>This state with new observations, as seen by the observer only.</summary>
    public Gossip With(Reachability reachability, UniqueAddress by) =>
        ReferenceEquals(reachability, Reachability) ? this : this with { Reachability = reachability, Seen = [by] };

    /// <summary>This state without a member, for good.</summary>
    public Gossip Without(UniqueAddress node, long now, UniqueAddress by) => this with
    {
        Members = Members.Remove(node),
        Reachability = Reachability.Without(node),
        Tombstones = Tombstones.SetItem(node, now),
        Seen = [by],
    };

    public Gossip SeenBy(UniqueAddress node) => Seen.Contains(node) ? this : this with { Seen = Seen.Add(node) };

    /// <summary>Forgets removals so old that nobody can remember the member.</summary>
    public Gossip Prune(long olderThan) => Tombstones.Values.Any(t => t < olderThan)
        ? this with { Tombstones = Tombstones.Where(t => t.Value >= olderThan).ToImmutableDictionary() }
        : this;

    /// <summary>Whether both know the same, apart from who has seen it.</summary>
    public bool SameAs(Gossip other) =>
        Members.Count == other.Members.Count &&
        Members.All(m => other.Members.TryGetValue(m.Key, out var theirs) &&
                         theirs.Status == m.Value.Status && theirs.UpNumber == m.Value.UpNumber) &&
        Reachability.SameAs(other.Reachability);

    /// <summary>The least state that contains both.</summary>
    public Gossip Merge(Gossip other)
    {
        var tombstones = Tombstones;
        foreach (var (node, time) in other.Tombstones)
            tombstones = tombstones.SetItem(node, Math.Max(time, tombstones.GetValueOrDefault(node)));
        var members = Members.ToBuilder();
        foreach (var (node, theirs) in other.Members)
            members[node] = members.TryGetValue(node, out var ours) ? Later(ours, theirs) : theirs;
        foreach (var node in tombstones.Keys) members.Remove(node);
        var merged = new Gossip(members.ToImmutable(),
            Reachability.Merge(other.Reachability).Within(members.ContainsKey), tombstones, []);
        return (merged.SameAs(this), merged.SameAs(other)) switch
        {
            (true, true) => merged with { Seen = Seen.Union(other.Seen) },
            (true, false) => merged with { Seen = Seen },
            (false, true) => merged with { Seen = other.Seen },
            _ => merged,
        };
    }

    private static Member Later(Member a, Member b)
    {
        var later = Member.HighestPriorityOf(a, b);
        var upNumber = Math.Min(a.UpNumber, b.UpNumber);
        return upNumber == later.UpNumber
            ? later
            : new Member(later.UniqueAddress, upNumber, later.Status, later.Roles);
    }
}
