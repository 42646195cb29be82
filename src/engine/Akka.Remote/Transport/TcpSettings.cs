using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Remote.Transport;

/// <summary>The section akka.remote.dot-netty.tcp.</summary>
internal sealed record TcpSettings(
    string Hostname,
    int Port,
    string PublicHostname,
    int PublicPort,
    int MaximumFrameSize,
    int SendBufferSize,
    int ReceiveBufferSize,
    int Backlog,
    bool NoDelay,
    bool KeepAlive,
    bool ReuseAddress,
    TimeSpan ConnectionTimeout,
    TlsSettings? Tls)
{
    public static TcpSettings Create(ActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.remote.dot-netty.tcp");
        if (config.GetString("transport-protocol", "tcp") != "tcp")
            throw new ConfigurationException("akka.remote.dot-netty.tcp.transport-protocol must be tcp.");
        if (config.GetStringList("applied-adapters").Count > 0)
            throw new ConfigurationException(
                "akka.remote.dot-netty.tcp.applied-adapters must be empty: this engine has no transport adapters.");
        var host = config.GetString("hostname");
        if (string.IsNullOrWhiteSpace(host)) host = IPAddress.Any.ToString();
        var publicHost = config.GetString("public-hostname");
        var settings = new TcpSettings(
            host,
            config.GetInt("port"),
            string.IsNullOrWhiteSpace(publicHost) ? host : publicHost,
            config.GetInt("public-port"),
            Size(config, "maximum-frame-size"),
            Size(config, "send-buffer-size"),
            Size(config, "receive-buffer-size"),
            config.GetInt("backlog"),
            config.GetBoolean("tcp-nodelay"),
            config.GetBoolean("tcp-keepalive"),
            config.GetString("tcp-reuse-addr") switch
            {
                "off-for-windows" => !OperatingSystem.IsWindows(),
                var word => word is "on" or "true",
            },
            config.GetTimeSpan("connection-timeout"),
            config.GetBoolean("enable-ssl") ? TlsSettings.Create(config.GetConfig("ssl"), system) : null);
        if (settings.MaximumFrameSize < 32000)
            throw new ConfigurationException(
                "akka.remote.dot-netty.tcp.maximum-frame-size must be at least 32000 bytes.");
        if (settings.Port is < 0 or > 65535 || settings.PublicPort is < 0 or > 65535)
            throw new ConfigurationException("akka.remote.dot-netty.tcp: a port is a number from 0 to 65535.");
        return settings;
    }

    private static int Size(Config config, string key) =>
        config.GetByteSize(key) is { } size and >= 0 and <= int.MaxValue
            ? (int)size
            : throw new ConfigurationException(
                $"akka.remote.dot-netty.tcp.{key} must be a size in bytes from 0 to {int.MaxValue}.");
}

/// <summary>The certificate that both sides of each connection show, and whether they check each other's.</summary>
internal sealed record TlsSettings(X509Certificate2 Certificate, bool SuppressValidation)
{
    public static TlsSettings Create(Config config, ActorSystem system)
    {
        if (system.Settings.Setup.Get<DotNettySslSetup>() is { HasValue: true } setup &&
            string.IsNullOrEmpty(config.GetString("certificate.path")))
            return new TlsSettings(setup.Value.Certificate, setup.Value.SuppressValidation);
        const string key = "akka.remote.dot-netty.tcp.ssl.certificate";
        var suppress = config.GetBoolean("suppress-validation");
        if (config.GetBoolean("certificate.use-thumbprint-over-file"))
            return new TlsSettings(FromStore(config, key, suppress), suppress);
        var path = config.GetString("certificate.path");
        if (string.IsNullOrEmpty(path))
            throw new ConfigurationException($"enable-ssl is on, but {key}.path is empty.");
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(
                path, config.GetString("certificate.password"));
            return certificate.HasPrivateKey
                ? new TlsSettings(certificate, suppress)
                : throw new ConfigurationException($"{key}.path: [{path}] holds no private key.");
        }
        catch (Exception e) when (e is IOException or System.Security.Cryptography.CryptographicException or
                                      UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{key}.path: [{path}] cannot be read: {e.Message}", e);
        }
    }

    private static X509Certificate2 FromStore(Config config, string key, bool suppress)
    {
        var thumbprint = config.GetString("certificate.thumbprint");
        if (string.IsNullOrWhiteSpace(thumbprint))
            throw new ConfigurationException($"{key}.use-thumbprint-over-file is on, but {key}.thumbprint is empty.");
        var location = config.GetString("certificate.store-location") switch
        {
            "local-machine" => StoreLocation.LocalMachine,
            "current-user" => StoreLocation.CurrentUser,
            var other => throw new ConfigurationException(
                $"{key}.store-location is [{other}]; it must be local-machine or current-user."),
        };
        using var store = new X509Store(config.GetString("certificate.store-name"), location);
        store.Open(OpenFlags.ReadOnly);
        var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, !suppress);
        return found.Count > 0
            ? found[0]
            : throw new ConfigurationException($"{key}.thumbprint: the store holds no valid [{thumbprint}].");
    }
}
