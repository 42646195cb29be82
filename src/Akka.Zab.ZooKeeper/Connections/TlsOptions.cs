using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>How the port encrypts: with the certificate of remoting.</summary>
/// <param name="Certificate">The server's own, with its private key.</param>
/// <param name="ClientCertificates">Whether clients show one.</param>
/// <param name="SuppressValidation">Whether any certificate of a client will do.</param>
/// <param name="Authorities">Those that client certificates are trusted of; null for those of the machine.</param>
internal sealed record TlsOptions(
    X509Certificate2 Certificate, ClientCertificates ClientCertificates, bool SuppressValidation,
    X509Certificate2Collection? Authorities)
{
    const string Section = "akka.remote.dot-netty.tcp.ssl";

    /// <summary>Reads the settings of remoting, and the authorities.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the message is one sentence.</exception>
    public static TlsOptions Read(TlsPortSettings settings, Settings system)
    {
        var ssl = system.Config.GetConfig(Section) ?? ConfigurationFactory.Empty;
        var suppress = ssl.GetBoolean("suppress-validation", false);
        var certificate = FromSettings(ssl, suppress);
        if (certificate is null)
        {
            var setup = system.Setup.Get<DotNettySslSetup>();
            if (!setup.HasValue)
            {
                throw new ConfigurationException(
                    $"akka.zab.client-port.tls is on, but {Section}.certificate.path is empty.");
            }
            (certificate, suppress) = (setup.Value.Certificate, setup.Value.SuppressValidation);
        }
        return new TlsOptions(certificate, settings.ClientCertificates, suppress, ReadAuthorities(settings.Authorities));
    }

    /// <summary>The same as the server's end of a handshake takes it.</summary>
    public SslServerAuthenticationOptions ForHandshake() => new()
    {
        ServerCertificate = Certificate,
        ClientCertificateRequired = ClientCertificates != ClientCertificates.None,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is null
            ? ClientCertificates != ClientCertificates.Required
            : IsTrusted((X509Certificate2)certificate, chain, errors),
    };

    bool IsTrusted(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (SuppressValidation) return true;
        if (Authorities is null) return errors == SslPolicyErrors.None;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build(certificate);
    }

    static X509Certificate2? FromSettings(Config ssl, bool suppress)
    {
        if (ssl.GetBoolean("certificate.use-thumbprint-over-file", false)) return FromStore(ssl, suppress);
        var path = ssl.GetString("certificate.path", "");
        if (string.IsNullOrEmpty(path)) return null;
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, ssl.GetString("certificate.password", ""));
            return certificate.HasPrivateKey
                ? certificate
                : throw new ConfigurationException($"{Section}.certificate.path: {path} holds no private key.");
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new ConfigurationException($"{Section}.certificate.path: {path} cannot be read: {e.Message}", e);
        }
    }

    static X509Certificate2 FromStore(Config ssl, bool suppress)
    {
        var location = ssl.GetString("certificate.store-location", "") == "local-machine"
            ? StoreLocation.LocalMachine
            : StoreLocation.CurrentUser;
        using var store = new X509Store(ssl.GetString("certificate.store-name", ""), location);
        store.Open(OpenFlags.ReadOnly);
        var thumbprint = ssl.GetString("certificate.thumbprint", "");
        var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, !suppress);
        return found.Count > 0
            ? found[0]
            : throw new ConfigurationException(
                $"{Section}.certificate.thumbprint: the store has no valid certificate {thumbprint}.");
    }

    static X509Certificate2Collection? ReadAuthorities(string path)
    {
        if (path.Length == 0) return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new ConfigurationException(
                $"akka.zab.client-port.tls.authorities: {path} cannot be read: {e.Message}", e);
        }
        return authorities.Count > 0
            ? authorities
            : throw new ConfigurationException($"akka.zab.client-port.tls.authorities: {path} has no certificate.");
    }

    static bool IsUnreadable(Exception e) => e is IOException or CryptographicException or UnauthorizedAccessException;
}
