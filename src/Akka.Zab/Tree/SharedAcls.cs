using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Makes one object of equal ACLs: applications use few, on many znodes. Only the latest are remembered, so ACLs that
/// nobody uses any more take no memory; what is forgotten meanwhile costs a second object and nothing else.
/// </summary>
internal static class SharedAcls
{
    private static readonly IReadOnlyList<Acl>?[] Latest = new IReadOnlyList<Acl>?[256];

    /// <summary>The ACL, or an equal one that is in use already.</summary>
    public static IReadOnlyList<Acl> Share(IReadOnlyList<Acl> acl)
    {
        ref var slot = ref Latest[(uint)AclContent.Instance.GetHashCode(acl) % (uint)Latest.Length];
        var known = Volatile.Read(ref slot);
        if (known is not null && AclContent.Instance.Equals(known, acl))
            return known;
        Volatile.Write(ref slot, acl);
        return acl;
    }
}

/// <summary>ACLs are equal if they have the same entries in the same order.</summary>
internal sealed class AclContent : IEqualityComparer<IReadOnlyList<Acl>>
{
    public static AclContent Instance { get; } = new();

    public bool Equals(IReadOnlyList<Acl>? x, IReadOnlyList<Acl>? y)
    {
        if (ReferenceEquals(x, y))
            return true;
        if (x is null || y is null || x.Count != y.Count)
            return false;
        for (var i = 0; i < x.Count; i++)
        {
            if (x[i] != y[i])
                return false;
        }

        return true;
    }

    public int GetHashCode(IReadOnlyList<Acl> acl)
    {
        var hash = new HashCode();
        for (var i = 0; i < acl.Count; i++)
            hash.Add(acl[i]);
        return hash.ToHashCode();
    }
}
