using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Configuration;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Client;

/// <summary>The settings of <c>akka.zab.client</c>, checked. <c>reference.conf</c> says what each is.</summary>
/// <param name="OverTheWire">Whether servers are reached by ZooKeeper's protocol, and not by Akka's messages.</param>
/// <param name="Servers">The servers.</param>
/// <param name="Options">Everything else.</param>
internal sealed record ZabClientSettings(bool OverTheWire, IReadOnlyList<string> Servers, ZabClientOptions Options)
{
    /// <summary>The section.</summary>
    public const string Path = "akka.zab.client";

    private const int Hour = 3_600_000;

    /// <summary>The defaults.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource(
        "Akka.Zab.Client.reference.conf", typeof(ZabClientSettings).Assembly);

    /// <summary>Reads and checks what a configuration has under <c>akka.zab.client</c>.</summary>
    /// <exception cref="ConfigurationException">
    /// Something is wrong; the message is one sentence that names the key.
    /// </exception>
    public static ZabClientSettings Read(Config config)
    {
        var reference = Reference.GetConfig(Path);
        var given = config.HasPath(Path) ? config.GetConfig(Path) : ConfigurationFactory.Empty;
        new SettingsReader(given, Path).RefuseUnknownKeys(reference);
        var reader = new SettingsReader(given.WithFallback(reference), Path);
        var wire = reader.Text("transport") switch
        {
            "akka" => false,
            "wire" => true,
            _ => throw reader.Wrong("transport", "akka or wire"),
        };
        return new ZabClientSettings(wire, ReadServers(reader, wire), new ZabClientOptions
        {
            Chroot = ReadChroot(reader),
            SessionTimeout = Time("session-timeout", 24 * Hour),
            ConnectTimeout = Time("connect-timeout", 24 * Hour),
            AttemptTimeout = Time("attempt-timeout", Hour),
            RetryPause = Time("retry-pause", Hour),
            MaxRetryPause = Time("max-retry-pause", Hour),
            Shuffle = reader.Flag("shuffle"),
            AllowReadOnly = reader.Flag("allow-read-only"),
            MaxOutstandingRequests = reader.Int("max-outstanding-requests", 1, 1_000_000),
            MaxFrame = (int)reader.Bytes("max-frame", 1 << 10, 1 << 30),
            Credentials = ReadCredentials(reader),
            Sasl = ReadSasl(reader),
            Tls = ReadTls(reader, wire),
        });

        TimeSpan Time(string key, int max) => TimeSpan.FromMilliseconds(reader.Milliseconds(key, 1, max));
    }

    private static IReadOnlyList<string> ReadServers(SettingsReader reader, bool wire)
    {
        var servers = reader.Texts("servers");
        foreach (var server in servers)
        {
            if (wire && !IsEndpoint(server))
                throw reader.Wrong("servers", "a list such as [\"server1:2181\"] with transport = wire");
            if (!wire && !SettingsReader.IsAddress(server, out _))
                throw reader.Wrong(
                    "servers", "a list such as [\"akka.tcp://zab@server1:4051\"] with transport = akka");
        }
        return wire && servers.Count == 0
            ? throw reader.Wrong("servers", "a list of at least one server with transport = wire")
            : [.. servers];
    }

    private static bool IsEndpoint(string server)
    {
        if (server.AsSpan().IndexOfAny(",/@ ") >= 0) return false;
        try
        {
            ConnectString.ParseServer(server);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string ReadChroot(SettingsReader reader)
    {
        try
        {
            return Client.Chroot.Check(reader.Text("chroot"));
        }
        catch (ArgumentException)
        {
            throw reader.Wrong("chroot", "an absolute path such as /app, or empty");
        }
    }

    private static AddAuth[] ReadCredentials(SettingsReader reader)
    {
        var texts = reader.Texts("auth");
        var credentials = new AddAuth[texts.Count];
        for (var i = 0; i < credentials.Length; i++)
        {
            var colon = texts[i].IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw SettingsReader.WrongSecret(Path, "auth", "a list such as [\"digest:user:password\"]");
            credentials[i] = new AddAuth(texts[i][..colon], Encoding.UTF8.GetBytes(texts[i][(colon + 1)..]));
        }
        return credentials;
    }

    private static SaslCredentials? ReadSasl(SettingsReader reader)
    {
        var (user, password) = (reader.Text("sasl.user"), reader.Text("sasl.password"));
        if (user.Length == 0 != (password.Length == 0))
            throw SettingsReader.WrongSecret(Path, "sasl", "a user and a password, or neither");
        return user.Length == 0 ? null : new SaslCredentials(user, password);
    }

    private static SslClientAuthenticationOptions? ReadTls(SettingsReader reader, bool wire)
    {
        if (!reader.Flag("tls.enabled")) return null;
        if (!wire)
            throw reader.Wrong("tls.enabled", "off with transport = akka, where akka.remote.dot-netty.tcp encrypts");
        var host = reader.Text("tls.host");
        var tls = new SslClientAuthenticationOptions { TargetHost = host.Length == 0 ? null : host };
        var authorities = reader.Text("tls.authorities");
        if (authorities.Length > 0)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            Load("tls.authorities", authorities, policy.CustomTrustStore.ImportFromPemFile);
            if (policy.CustomTrustStore.Count == 0)
                throw new ConfigurationException($"{Path}.tls.authorities: {authorities} has no certificate.");
            tls.CertificateChainPolicy = policy;
        }
        var certificate = reader.Text("tls.certificate");
        if (certificate.Length == 0) return tls;
        Load("tls.certificate", certificate, path => tls.ClientCertificates =
            [X509CertificateLoader.LoadPkcs12FromFile(path, reader.Text("tls.certificate-password"))]);
        return tls;
    }

    private static void Load(string key, string path, Action<string> load)
    {
        try
        {
            load(path);
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{Path}.{key}: {path} cannot be read: {e.Message}", e);
        }
    }
}
