using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>What the servers of a pair are set to, ZooKeeper's and ours alike.</summary>
internal sealed record PairSettings
{
    /// <summary>How many servers there are of each; the sessions are spread over them.</summary>
    public int Servers { get; init; } = 1;

    /// <summary>
    /// Whether the servers do things by themselves: sessions may have short timeouts, and containers and znodes with a time
    /// to live are deleted soon. Some sessions come over TLS, with certificates.
    /// </summary>
    public bool Acts { get; init; }

    /// <summary>The section of ZooKeeper's JAAS file; empty for none.</summary>
    public string Jaas { get; init; } = "";

    /// <summary>Properties of Java's for ZooKeeper, beside those that every comparison needs.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>HOCON for ours, over what every comparison needs.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>Whether new sessions are local ones; a ZooKeeper by itself has none.</summary>
    public bool LocalSessions { get; init; }

    /// <summary>Whether local sessions are upgraded when they make an ephemeral znode.</summary>
    public bool UpgradesSessions { get; init; }

    /// <summary>Milliseconds of a tick.</summary>
    public int TickMs => Acts ? 500 : 2000;

    /// <summary>Milliseconds of the shortest session timeout.</summary>
    public int ShortestTimeoutMs { get => field > 0 ? field : Acts ? 1000 : 60_000; init; }
}

/// <summary>The servers of one kind.</summary>
internal interface IPairServers
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>A connection for a session, to another server each time it moves.</summary>
    Link Dial(int session, int moves);
}

/// <summary>Ports of servers.</summary>
internal static class Ports
{
    static readonly ConcurrentDictionary<int, bool> s_given = [];

    /// <summary>
    /// One that this process has not been given yet. Not one that the system gives to outgoing connections: who dials
    /// such a port before its server listens may be connected to himself.
    /// </summary>
    public static int Free()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(12_000, 20_000));
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (s_given.TryAdd(port, true)) return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }

    /// <summary>Waits until the server serves, and gives its version.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="failed">Why it will never serve, or null.</param>
    public static async Task<string> ServesAsync(int port, Func<string?> failed)
    {
        // A ZooKeeper that starts may answer that it does not serve yet, and leave the connection open for ever.
        var answerTime = TimeSpan.FromSeconds(5);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            if (failed() is { } why) throw new InvalidOperationException(why);
            var answer = await WordClient.AskAsync("127.0.0.1", port, "srvr", answerTime, patience.Token);
            var lines = answer?.Split('\n') ?? [];
            if (Array.Exists(lines, line => line.StartsWith("Mode:", StringComparison.Ordinal)))
                return lines[0].Split(' ', ',', '-')[2];
            await Task.Delay(100, patience.Token);
        }
    }
}

/// <summary>An authority that both servers trust, with a certificate for them and for the sessions that come over TLS.</summary>
internal sealed class PairCertificates : IDisposable
{
    public const string Carol = "CN=carol,OU=tests,O=Example";
    public const string Dave = "CN=dave,O=Example";
    public const string Password = "secret";

    readonly string _folder = Directory.CreateTempSubdirectory("certificates-").FullName;
    readonly X509Certificate2 _authority;
    readonly X509Certificate2[] _clients;

    public PairCertificates()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Authority, _authority.ExportCertificatePem() + "\n");
        using var server = Sign("CN=server", 1);
        File.WriteAllBytes(Server, server.Export(X509ContentType.Pfx, Password));
        _clients = [Sign("CN=carol, OU=tests, O=Example", 2), Sign("CN=dave, O=Example", 3)];
    }

    /// <summary>The file with the authority's certificate, PEM.</summary>
    public string Authority => Path.Combine(_folder, "authority.pem");

    /// <summary>The file with the servers' certificate and key, PKCS#12.</summary>
    public string Server => Path.Combine(_folder, "server.p12");

    /// <summary>
    /// How a session comes: the last two show a certificate, the others nothing, which is to say not over TLS.
    /// </summary>
    public SslClientAuthenticationOptions? Of(int session) => session < Script.Sessions - _clients.Length ? null : new()
    {
        TargetHost = "127.0.0.1",
        ClientCertificates = [_clients[session - (Script.Sessions - _clients.Length)]],
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    public void Dispose()
    {
        _authority.Dispose();
        foreach (var client in _clients) client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    X509Certificate2 Sign(string subject, byte serial)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            _authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), [serial]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
