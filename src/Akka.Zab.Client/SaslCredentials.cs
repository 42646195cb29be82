namespace Akka.Zab.Client;

/// <summary>
/// Who logs in with SASL's mechanism DIGEST-MD5, as ZooKeeper's clients do with a JAAS file of DigestLoginModule. The
/// password does not travel. The connection is known as <c>sasl:USER</c> then.
/// </summary>
/// <param name="User">The user's name; not empty.</param>
/// <param name="Password">The password.</param>
public sealed record SaslCredentials(string User, string Password)
{
    /// <summary>Without the password: what is printed may be logged.</summary>
    public override string ToString() => $"{nameof(SaslCredentials)} {{ User = {User} }}";
}
