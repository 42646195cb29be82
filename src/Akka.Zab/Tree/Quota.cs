namespace Akka.Zab.Tree;

/// <summary>The quota of a znode and everything below it, in the tree's map of them.</summary>
internal struct Quota(string path, QuotaLimits limits, QuotaUsage usage) : IKeyed<EphemeralPath>
{
    public QuotaLimits Limits = limits;
    public QuotaUsage Usage = usage;

    public readonly string Path => path;

    public readonly EphemeralPath Key => new(path);
}

/// <summary>Looks for a path, or a part of one, that is no string of its own.</summary>
internal readonly ref struct PathProbe(ReadOnlySpan<char> path) : IProbe<EphemeralPath>
{
    private readonly ReadOnlySpan<char> path = path;

    public int CompareWith(EphemeralPath key) => path.SequenceCompareTo(key.Path);

    public int ComparePrefix(EphemeralPath key, int length) =>
        path[..Math.Min(length, path.Length)].SequenceCompareTo(key.Path.AsSpan(0, length));

    public uint Hint(int skip) => EphemeralPath.HintOf(path, skip);
}

/// <summary>
/// Where quotas are kept: the limits of <c>/p</c> in <c>/zookeeper/quota/p/zookeeper_limits</c>, and what there is in
/// <c>/zookeeper/quota/p/zookeeper_stats</c>. The root cannot have one.
/// </summary>
internal static class QuotaRules
{
    private const string LimitsName = "/zookeeper_limits";
    private const string StatsName = "/zookeeper_stats";

    /// <summary>Whether the path is of a znode that holds limits, and whose.</summary>
    public static bool IsLimits(ReadOnlySpan<char> path, out ReadOnlySpan<char> of) => Is(path, LimitsName, out of);

    /// <summary>Whether the path is of a znode that shows what there is, and where.</summary>
    public static bool IsStats(ReadOnlySpan<char> path, out ReadOnlySpan<char> of) => Is(path, StatsName, out of);

    /// <summary>How much there is at and below a znode.</summary>
    public static QuotaUsage Measure(in Znode znode)
    {
        var usage = new QuotaUsage(1, znode.DataInPlace.Length);
        var waiting = new Stack<Parent>();
        if (znode.Body is Parent first)
            waiting.Push(first);
        while (waiting.TryPop(out var parent))
        {
            foreach (ref readonly var child in parent.Children)
            {
                usage += new QuotaUsage(1, child.DataInPlace.Length);
                if (child.Body is Parent { Children.Count: > 0 } inner)
                    waiting.Push(inner);
            }
        }

        return usage;
    }

    private static bool Is(ReadOnlySpan<char> path, string name, out ReadOnlySpan<char> of)
    {
        of = default;
        if (!path.StartsWith(PathRules.Quota) || !path.EndsWith(name))
            return false;
        if (path.Length <= PathRules.Quota.Length + name.Length)
            return false;
        of = path[PathRules.Quota.Length..^name.Length];
        return of[0] == '/';
    }
}
