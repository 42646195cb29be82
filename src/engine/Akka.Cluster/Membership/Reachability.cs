using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>What one node observes: the nodes that it cannot reach.</summary>
/// <param name="Version">Grows with every change; only the observer itself changes it.</param>
/// <param name="Unreachable">The nodes that do not answer it.</param>
internal sealed record Observation(long Version, ImmutableHashSet<UniqueAddress> Unreachable);

/// <summary>Who cannot reach whom, in the eyes of every observer.</summary>
internal sealed record Reachability(ImmutableSortedDictionary<UniqueAddress, Observation> Observers)
{
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<UniqueAddress, Observation>.Empty);

    /// <summary>All nodes that someone cannot reach.</summary>
    public ImmutableHashSet<UniqueAddress> AllUnreachable =>
        [.. Observers.Values.SelectMany(o => o.Unreachable)];

    public bool Observes(UniqueAddress observer, UniqueAddress subject) =>
        Observers.TryGetValue(observer, out var known) && known.Unreachable.Contains(subject);

    /// <summary>The observers that cannot reach the subject.</summary>
    public IEnumerable<UniqueAddress> ObserversOf(UniqueAddress subject) =>
        Observers.Where(o => o.Value.Unreachable.Contains(subject)).Select(o => o.Key);

    /// <summary>This with what one observer sees now; the same object if nothing has changed.</summary>
    public Reachability Observe(UniqueAddress observer, ImmutableHashSet<UniqueAddress> unreachable)
    {
        var known = Observers.GetValueOrDefault(observer);
        if (known is null ? unreachable.IsEmpty : known.Unreachable.SetEquals(unreachable)) return this;
        return new Reachability(Observers.SetItem(observer, new Observation((known?.Version ?? 0) + 1, unreachable)));
    }

    public Reachability Merge(Reachability other)
    {
        var observers = Observers.ToBuilder();
        foreach (var (observer, theirs) in other.Observers)
            if (!observers.TryGetValue(observer, out var ours) || ours.Version < theirs.Version)
                observers[observer] = theirs;
        return new Reachability(observers.ToImmutable());
    }

    /// <summary>Without observers that are no members; what remains may still name subjects that are none.</summary>
    public Reachability Within(Func<UniqueAddress, bool> isMember) =>
        Observers.Keys.All(isMember)
            ? this
            : new Reachability(Observers.RemoveRange(Observers.Keys.Where(o => !isMember(o))));

    public Reachability Without(UniqueAddress node) => new(Observers.Remove(node));

    public bool SameAs(Reachability other) =>
        Observers.Count == other.Observers.Count &&
        Observers.All(o => other.Observers.TryGetValue(o.Key, out var theirs) && theirs.Version == o.Value.Version);
}
