namespace Akka.Cluster.Membership;

/// <summary>Who watches whom: each node its next neighbours on a ring in the order of their uids.</summary>
internal static class Neighbours
{
    public static IReadOnlyCollection<UniqueAddress> Of(
        UniqueAddress self, IEnumerable<UniqueAddress> members, int most)
    {
        var ring = members.Where(m => !m.Equals(self)).OrderBy(m => m.Uid).ThenBy(m => m).ToList();
        if (ring.Count <= most) return ring;
        var next = ring.FindIndex(m => m.Uid > self.Uid);
        return [.. Enumerable.Range(Math.Max(next, 0), most).Select(i => ring[i % ring.Count])];
    }
}
