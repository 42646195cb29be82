using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>Who may do what. An ACL that is open to everybody is not kept: the tree has null in its place.</summary>
internal static class AclRules
{
    /// <summary>What <c>/zookeeper/config</c> begins with: everybody may read it.</summary>
    public static IReadOnlyList<Acl> ReadOnly { get; } =
        SharedAcls.Share(new Acl[] { new(Permissions.Read, Identities.World, "anyone") });

    /// <summary>Whether the ACL gives everybody every permission, and nothing else.</summary>
    public static bool IsOpen(IReadOnlyList<Acl>? acl)
    {
        if (ReferenceEquals(acl, Acl.Open))
            return true;
        if (acl is null || acl.Count == 0)
            return false;
        for (var i = 0; i < acl.Count; i++)
        {
            if (acl[i] is not { Permissions: Permissions.All, Scheme: Identities.World, Id: "anyone" })
                return false;
        }

        return true;
    }

    /// <summary>Whether a connection has one of the permissions on a znode with this ACL, null for the open one.</summary>
    public static bool Permits(IReadOnlyList<Acl>? acl, Permissions needed, Identities who, bool denyOpen = false)
    {
        if (who.IsSuper)
            return true;
        if (acl is null)
            return !denyOpen;
        for (var i = 0; i < acl.Count; i++)
        {
            if ((acl[i].Permissions & needed) != 0 && who.IsMeantBy(acl[i]))
                return true;
        }

        return false;
    }

    /// <summary>
    /// What is stored for an ACL that a client asks for: each entry once, and one for each of its authenticated
    /// identities in the place of an entry of the scheme <c>auth</c>. False if it is not legal.
    /// </summary>
    public static bool TryResolve(IReadOnlyList<Acl>? asked, Identities who, out IReadOnlyList<Acl> resolved)
    {
        resolved = Acl.Open;
        if (IsOpen(asked))
            return true;
        if (asked is null || asked.Count == 0)
            return false;
        var entries = new List<Acl>(asked.Count);
        for (var i = 0; i < asked.Count; i++)
        {
            var entry = asked[i];
            if (entry?.Scheme == Identities.Auth)
            {
                if (!AddAuthenticated(entries, entry.Permissions, who))
                    return false;
            }
            else if (entry is null || !IsValid(entry))
            {
                return false;
            }
            else
            {
                AddOnce(entries, entry);
            }
        }

        if (!IsOpen(entries))
            resolved = SharedAcls.Share(entries.ToArray());
        return true;
    }

    /// <summary>As those see it who may not change it: without what the passwords of <c>digest</c> became.</summary>
    public static IReadOnlyList<Acl> Masked(IReadOnlyList<Acl> acl)
    {
        var masked = new Acl[acl.Count];
        for (var i = 0; i < masked.Length; i++)
        {
            masked[i] = acl[i].Scheme == Identities.Digest
                ? acl[i] with { Id = string.Concat(acl[i].Id.AsSpan(0, acl[i].Id.IndexOf(':')), ":x") }
                : acl[i];
        }

        return masked;
    }

    private static bool IsValid(Acl entry) => entry.Scheme switch
    {
        Identities.World => entry.Id == "anyone",
        Identities.Digest => entry.Id is not null && entry.Id.AsSpan().Count(':') == 1,
        Identities.Ip => entry.Id is not null && IpRange.IsValid(entry.Id),
        Identities.X509 => entry.Id is not null && SubjectName.IsValid(entry.Id),
        Identities.Sasl => entry.Id is not null && PrincipalName.IsValid(entry.Id),
        _ => false,
    };

    private static bool AddAuthenticated(List<Acl> entries, Permissions permissions, Identities who)
    {
        var any = false;
        foreach (ref readonly var identity in who.All)
        {
            // An address is no proof of who somebody is.
            if (identity.Scheme is not (Identities.Digest or Identities.X509 or Identities.Sasl))
                continue;
            AddOnce(entries, new Acl(permissions, identity.Scheme, identity.Id));
            any = true;
        }

        return any;
    }

    private static void AddOnce(List<Acl> entries, Acl entry)
    {
        if (!entries.Contains(entry))
            entries.Add(entry);
    }
}
