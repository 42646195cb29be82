using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Who may do what. Every znode is open to everybody but <c>/zookeeper/config</c>, which is open for reading; an ACL
/// that says otherwise is refused rather than accepted and not kept.
/// </summary>
internal static class AclRules
{
    /// <summary>Whether the ACL gives everybody every permission, and nothing else.</summary>
    public static bool IsOpen(IReadOnlyList<Acl>? acl)
    {
        if (ReferenceEquals(acl, Acl.Open))
            return true;
        if (acl is null || acl.Count == 0)
            return false;
        for (var i = 0; i < acl.Count; i++)
        {
            if (acl[i] is not { Permissions: Permissions.All, Scheme: "world", Id: "anyone" })
                return false;
        }

        return true;
    }

    /// <summary>Whether a client may do this with the znode.</summary>
    public static bool Permits(ReadOnlySpan<char> path, Permissions needed) =>
        needed == Permissions.Read || path is not PathRules.Config;
}
