using System.Runtime.InteropServices;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab;

/// <summary>How clients log in with Kerberos.</summary>
/// <param name="Realm">Whose clients may.</param>
/// <param name="Keytab">The file with the server's key; empty for that of the machine.</param>
/// <param name="RemoveHost">Whether the host of <c>user/host@REALM</c> is left out of the id.</param>
/// <param name="RemoveRealm">Whether the realm is.</param>
internal sealed record KerberosSettings(string Realm, string Keytab, bool RemoveHost, bool RemoveRealm)
{
    /// <summary>MIT's, for Linux.</summary>
    public const string Library = "libgssapi_krb5.so.2";

    /// <summary>Null if they do not.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the message is one sentence.</exception>
    public static KerberosSettings? Read(SettingsReader reader)
    {
        const string key = "sasl.kerberos.principal";
        const string keytabKey = "sasl.kerberos.keytab";
        var principal = reader.Text(key);
        if (principal.Length == 0) return null;
        var (slash, at) = (principal.IndexOf('/'), principal.IndexOf('@'));
        if (!PrincipalName.IsValid(principal) || slash <= 0 || at < slash + 2 || at == principal.Length - 1)
            throw reader.Wrong(key, "the server's name such as \"zookeeper/host.example.com@EXAMPLE.COM\", or empty");
        var keytab = reader.Text(keytabKey);
        if (keytab.Length > 0 && !File.Exists(keytab)) throw reader.Wrong(keytabKey, "a file, or empty");
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Library, out _))
            throw reader.Wrong(key, $"empty where there is no {Library}, which is in Debian's libgssapi-krb5-2");
        return new KerberosSettings(
            principal[(at + 1)..], keytab, reader.Flag("sasl.kerberos.remove-host"), reader.Flag("sasl.kerberos.remove-realm"));
    }
}
