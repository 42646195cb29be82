using System.Security.Cryptography;
using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>The scheme <c>digest</c>: the id of whoever knows <c>user:password</c>.</summary>
internal static class DigestId
{
    /// <summary><c>user:</c> and the base64 of the SHA-1 of the whole, as ZooKeeper computes it.</summary>
    public static string Of(ReadOnlySpan<byte> credentials)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        // SHA-1 is what ZooKeeper's ACLs are written with; nothing here rests on its collision resistance.
#pragma warning disable CA5350
        SHA1.HashData(credentials, hash);
#pragma warning restore CA5350
        var colon = credentials.IndexOf((byte)':');
        var user = Encoding.UTF8.GetString(colon < 0 ? credentials : credentials[..colon]);
        return user + ":" + Convert.ToBase64String(hash);
    }

    /// <summary>As <c>whoAmI</c> shows them: of an id of this scheme only the user.</summary>
    /// <param name="who">The connection.</param>
    /// <param name="hideSuper">Whether everybody is the superuser, which says nothing then.</param>
    public static Identity[] WithoutSecrets(Identities who, bool hideSuper = false)
    {
        var shown = who.All.ToArray();
        if (hideSuper) shown = Array.FindAll(shown, static identity => identity.Scheme != Identities.Super);
        foreach (ref var identity in shown.AsSpan())
        {
            if (identity.Scheme == Identities.Digest)
                identity = identity with { Id = identity.Id[..identity.Id.IndexOf(':')] };
        }
        return shown;
    }
}
