using System.Runtime.CompilerServices;

namespace Akka.Zab.Tree;

/// <summary>
/// Quotas: what there is below each znode that has one is counted along, so that it costs nothing to ask. Only the
/// limits are kept in snapshots; the counts follow from the tree.
/// </summary>
internal sealed partial class TreeEdit
{
    /// <summary>Gets, if set, the paths whose soft limits a transaction made them exceed.</summary>
    public List<string>? OverQuota { get; init; }

    /// <summary>Whether a hard limit forbids to add this to a znode, or to make it with this.</summary>
    internal bool IsForbidden(ReadOnlySpan<char> path, in QuotaUsage more)
    {
        for (; state.Quotas.Count > 0 && path.Length > 1; path = PathRules.ParentOf(path))
        {
            ref readonly var quota = ref state.Quotas.Find(new PathProbe(path));
            if (!Unsafe.IsNullRef(in quota) && quota.Limits.Forbids(quota.Usage, more))
                return true;
        }

        return false;
    }

    /// <summary>Whether a hard limit forbids that a znode has so many bytes of data.</summary>
    internal bool IsForbiddenToSet(string path, int bytes) => state.Quotas.Count > 0
        && IsForbidden(path, new QuotaUsage(0, bytes - (TryGet(path, out var znode) ? znode.DataInPlace.Length : 0)));

    /// <summary>Counts what all quotas of a tree count; of one that was put together from a snapshot.</summary>
    internal void RestoreQuotas()
    {
        var waiting = new Stack<(string Path, Znode Znode)>();
        if (TryGet(PathRules.Quota, out var quotas))
            waiting.Push((PathRules.Quota, quotas));
        while (waiting.TryPop(out var next))
        {
            if (QuotaRules.IsLimits(next.Path, out var limited))
                SetQuota(limited, next.Znode.Data);
            if (next.Znode.Body is not Parent parent)
                continue;
            foreach (ref readonly var child in parent.Children)
                waiting.Push((string.Concat(next.Path, "/", child.Head.NameString), child));
        }
    }

    private void SetQuota(ReadOnlySpan<char> path, byte[]? data)
    {
        var limits = QuotaLimits.Parse(data);
        ref var known = ref state.Quotas.FindForChange(new PathProbe(path), token);
        if (!Unsafe.IsNullRef(in known))
        {
            known.Limits = limits;
            return;
        }

        var owner = path.ToString();
        var usage = TryGet(owner, out var znode) ? QuotaRules.Measure(znode) : default;
        state.Quotas.Add(new Quota(owner, limits, usage), new PathProbe(path), token);
    }

    private bool TryGet(string path, out Znode znode)
    {
        var bytes = PathBytes.Of(path, stackalloc byte[PathBytes.OnStack]);
        ref readonly var found = ref TreeState.Find(ref state.Root, bytes);
        znode = Unsafe.IsNullRef(in found) ? default : found;
        return !Unsafe.IsNullRef(in found);
    }

    // Every quota from the znode up counts it, not the nearest alone: they may be nested.
    private void Use(ReadOnlySpan<char> path, in QuotaUsage more)
    {
        for (; path.Length > 1; path = PathRules.ParentOf(path))
        {
            ref var quota = ref state.Quotas.FindForChange(new PathProbe(path), token);
            if (Unsafe.IsNullRef(in quota))
                continue;
            var before = quota.Usage;
            quota.Usage += more;
            if (OverQuota is not null && quota.Limits.AreExceededBy(quota.Usage)
                && !quota.Limits.AreExceededBy(before))
                OverQuota.Add(quota.Path);
        }
    }
}
