using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;

namespace Akka.Engine.Tests.Remote;

public sealed class TlsTests : IDisposable
{
    private const string Password = "secret";
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pfx");

    public TlsTests()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(_path, certificate.Export(X509ContentType.Pfx, Password));
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Two_systems_with_a_certificate_talk()
    {
        await using var a = new Node("a", Tls(suppress: true));
        await using var b = new Node("b", Tls(suppress: true));
        b.Echo();
        Assert.StartsWith("akka.ssl.tcp://", b.Address.ToString());
        var echo = await a.FindAsync(b, "/user/echo");
        var data = new byte[1 << 20];
        Assert.Equal(data, (await echo.Ask<Note>(new Note(1, "over TLS", data), Node.Patience)).Data);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var a = new Node("a", Tls(suppress: false));
        await using var b = new Node("b", Tls(suppress: true));
        b.Echo();
        await Assert.ThrowsAnyAsync<Exception>(
            () => a.System.ActorSelection($"{b.Address}/user/echo").ResolveOne(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_system_without_TLS_is_refused_by_one_with_it()
    {
        await using var a = new Node("a");
        await using var b = new Node("b", Tls(suppress: true));
        b.Echo();
        await Assert.ThrowsAnyAsync<Exception>(
            () => a.System.ActorSelection($"{b.Address}/user/echo").ResolveOne(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_certificate_that_is_not_there_stops_the_start()
    {
        File.Delete(_path);
        var refused = Assert.ThrowsAny<Exception>(() => new Node("a", Tls(suppress: true)));
        // Akka.NET says no more than that there is no such file.
        if (BundledFactAttribute.IsBundled)
            Assert.Contains(_path, refused.ToString());
    }

    private string Tls(bool suppress) => $$"""
        akka.remote.dot-netty.tcp {
          enable-ssl = true
          ssl {
            suppress-validation = {{(suppress ? "on" : "off")}}
            certificate {
              path = "{{_path}}"
              password = "{{Password}}"
            }
          }
        }
        """;
}
