namespace Akka.Zab.Client;

/// <summary>What an ACL entry permits. The bits are ZooKeeper's.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read data, stat and the list of children.</summary>
    Read = 1,

    /// <summary>Set data.</summary>
    Write = 2,

    /// <summary>Create children.</summary>
    Create = 4,

    /// <summary>Delete children.</summary>
    Delete = 8,

    /// <summary>Set the ACL.</summary>
    Admin = 16,

    /// <summary>All five.</summary>
    All = Read | Write | Create | Delete | Admin,
}

/// <summary>One entry of a znode's access control list: who may do what.</summary>
/// <param name="Permissions">What is permitted.</param>
/// <param name="Scheme">
/// How the client is identified: <c>world</c>, <c>auth</c>, <c>digest</c>, <c>ip</c>, <c>x509</c>, <c>sasl</c>.
/// </param>
/// <param name="Id">Who, in the scheme's own form; <c>anyone</c> for <c>world</c>.</param>
public sealed record Acl(Permissions Permissions, string Scheme, string Id)
{
    /// <summary>Everybody may do everything: the ACL of a znode that does not say otherwise.</summary>
    public static IReadOnlyList<Acl> Open { get; } =
        new Acl[] { new(Permissions.All, "world", "anyone") };

    /// <summary>Everybody may read, and nobody may do more.</summary>
    public static IReadOnlyList<Acl> ReadOnly { get; } =
        new Acl[] { new(Permissions.Read, "world", "anyone") };

    /// <summary>
    /// Whoever the creating connection is known as, by <see cref="ZabClient.AddAuthAsync"/> or its certificate, may do
    /// everything, and nobody else anything. A create with it by one who is not known fails with
    /// <see cref="InvalidAclException"/>.
    /// </summary>
    public static IReadOnlyList<Acl> Creator { get; } =
        new Acl[] { new(Permissions.All, "auth", "") };
}
