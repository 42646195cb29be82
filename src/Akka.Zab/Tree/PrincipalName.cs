namespace Akka.Zab.Tree;

/// <summary>
/// The scheme <c>sasl</c>: a user's name, or a name of Kerberos, <c>user/host@REALM</c> or <c>user@REALM</c>.
/// </summary>
internal static class PrincipalName
{
    /// <summary>Whether an ACL may have this id: what has an @ has a realm behind it, and one host at most.</summary>
    public static bool IsValid(ReadOnlySpan<char> id)
    {
        var at = id.IndexOf('@');
        return at < 0 || (id[..at].Count('/') <= 1 && id[(at + 1)..].IndexOfAny('@', '/') < 0);
    }

    /// <summary>What of a name of Kerberos is the id.</summary>
    /// <param name="name">The name.</param>
    /// <param name="removeHost">Whether the host is left out.</param>
    /// <param name="removeRealm">Whether the realm is left out.</param>
    public static string Shortened(string name, bool removeHost, bool removeRealm)
    {
        var at = name.IndexOf('@');
        var realm = at < 0 ? name.Length : at;
        var slash = name.IndexOf('/');
        var host = slash < 0 || slash > realm ? realm : slash;
        return string.Concat(
            name.AsSpan(0, host), removeHost ? "" : name.AsSpan(host, realm - host), removeRealm ? "" : name.AsSpan(realm));
    }
}
