using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Daemon;

/// <summary>
/// The search for a seed node that belongs to a cluster. Only the first seed node may found one, and only when no
/// other seed node can be one of a cluster: they all said no, or nobody listens there, or the time is up.
/// </summary>
/// <param name="Seeds">All seed nodes, in the order of the configuration.</param>
/// <param name="Self">This node.</param>
/// <param name="Started">When the search began, in milliseconds.</param>
/// <param name="Denied">The seed nodes that are certainly in no cluster.</param>
/// <param name="Attempts">How often the time was up.</param>
internal sealed record SeedJoin(
    ImmutableList<Address> Seeds, Address Self, long Started, ImmutableHashSet<Address> Denied, int Attempts)
{
    public static SeedJoin Start(IEnumerable<Address> seeds, Address self, long now) =>
        new([.. seeds.Distinct()], self, now, [], 0);

    public bool IsFirst => Seeds.Count > 0 && Seeds[0].Equals(Self);

    public IEnumerable<Address> Others => Seeds.Where(s => !s.Equals(Self));

    /// <summary>Those worth asking: who said no to the first seed node waits for it now.</summary>
    public IEnumerable<Address> ToAsk => IsFirst ? Others.Where(o => !Denied.Contains(o)) : Others;

    public SeedJoin Deny(Address seed) => this with { Denied = Denied.Add(seed) };

    public bool MayFound(long now, TimeSpan timeout) =>
        IsFirst && (Others.All(Denied.Contains) || now - Started >= timeout.TotalMilliseconds);

    /// <summary>Whether so much time has passed that another attempt has failed.</summary>
    public bool IsOverdue(long now, TimeSpan timeout) => now - Started >= timeout.TotalMilliseconds * (Attempts + 1);
}
