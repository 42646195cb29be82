using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Who a connection is: everything that it was identified by. Immutable, so one object goes with all its requests.
/// </summary>
internal sealed class Identities
{
    public const string World = "world";
    public const string Auth = "auth";
    public const string Digest = "digest";
    public const string Ip = "ip";
    public const string X509 = "x509";
    public const string Sasl = "sasl";
    public const string Super = "super";

    private readonly Identity[] all;

    private Identities(Identity[] all)
    {
        this.all = all;
        foreach (var identity in all)
            IsSuper |= identity.Scheme == Super;
    }

    /// <summary>Nobody in particular.</summary>
    public static Identities None { get; } = new([]);

    /// <summary>Whether it may do everything.</summary>
    public bool IsSuper { get; }

    public ReadOnlySpan<Identity> All => all;

    /// <summary>Whether it is known by this scheme.</summary>
    public bool Has(string scheme)
    {
        foreach (var identity in all)
        {
            if (identity.Scheme == scheme)
                return true;
        }

        return false;
    }

    public static Identities Of(ReadOnlySpan<Identity> identities) =>
        identities.IsEmpty ? None : new Identities(identities.ToArray());

    public Identities With(Identity identity) =>
        Array.IndexOf(all, identity) >= 0 ? this : new Identities([.. all, identity]);

    /// <summary>Whether an entry of an ACL means this connection.</summary>
    public bool IsMeantBy(Acl entry)
    {
        if (entry is { Scheme: World, Id: "anyone" })
            return true;
        foreach (ref readonly var identity in all.AsSpan())
        {
            if (identity.Scheme != entry.Scheme)
                continue;
            if (identity.Scheme == Ip ? IpRange.Holds(entry.Id, identity.Id) : identity.Id == entry.Id)
                return true;
            // Whoever is known by SASL as "super" is meant by every entry of that scheme; so ZooKeeper has it.
            if (identity is { Scheme: Sasl, Id: Super })
                return true;
        }

        return false;
    }
}
