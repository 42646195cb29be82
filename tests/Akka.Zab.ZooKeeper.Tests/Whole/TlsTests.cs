using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Tree;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>The port with TLS, client certificates, and the scheme x509; ZOOKEEPER-PROTOCOL.md, section 9.</summary>
public sealed class TlsTests : IDisposable
{
    readonly Certificates _certificates = new();
    readonly string _folder = Directory.CreateTempSubdirectory("zab-tls-").FullName;

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    string File(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    Task<TestServer> StartAsync(string tls = "", string more = "")
    {
        using var server = _certificates.Sign("CN=server");
        var path = File("server.p12", server.Export(X509ContentType.Pfx, "secret"));
        var authorities = File("authorities.pem", System.Text.Encoding.ASCII.GetBytes(_certificates.Pem));
        return TestServer.StartAsync(
            $$"""
              akka.remote.dot-netty.tcp.ssl.certificate { path = "{{path}}", password = "secret" }
              akka.zab.client-port.tls { enabled = on, host = "127.0.0.1", port = 0, authorities = "{{authorities}}"
                {{tls}} }
              akka.zab.four-letter-words = ["*"]
              {{more}}
              """);
    }

    static async Task<RawSession> OpenAsync(Stream stream)
    {
        var session = new RawSession(stream);
        await session.ConnectAsync();
        return session;
    }

    static async Task<string> WhoAmIAsync(RawSession session)
        => System.Text.Encoding.UTF8.GetString((await session.CallAsync(107)).Body);

    [Fact]
    public async Task A_client_with_a_certificate_is_known_by_its_subject_and_ACLs_can_name_it()
    {
        await using var server = await StartAsync(more: "akka.zab.acl.super-certificate = \"CN=admin,O=Example\"");
        using var certificate = _certificates.Sign("CN=bob, OU=tests, O=Example");
        using var bob = await OpenAsync(await _certificates.DialAsync(server.Port.SecureEndpoint!, certificate));
        Assert.Contains("x509\0\0\0\u0019CN=bob,OU=tests,O=Example", await WhoAmIAsync(bob));
        Assert.Equal(0, (await bob.CallAsync(100, frame => frame.Int(0).String("x509").Buffer([]))).Error);
        foreach (var (path, scheme, id) in new[] { ("/a", "auth", ""), ("/b", "x509", "CN=bob,OU=tests,O=Example") })
        {
            Assert.Equal(0, (await bob.CallAsync(1, frame => frame
                .String(path).Buffer("his"u8.ToArray()).Int(1).Int(31).String(scheme).String(id).Int(0))).Error);
        }
        Assert.Equal(-114, (await bob.CallAsync(1, frame => frame
            .String("/c").Buffer([]).Int(1).Int(31).String("x509").String("nobody at all").Int(0))).Error);

        using var otherCertificate = _certificates.Sign("CN=eve, O=Example");
        using var eve = await OpenAsync(await _certificates.DialAsync(server.Port.SecureEndpoint!, otherCertificate));
        using var plain = await server.ConnectAsync();
        using var adminCertificate = _certificates.Sign("CN=admin, O=Example");
        using var admin = await OpenAsync(await _certificates.DialAsync(server.Port.SecureEndpoint!, adminCertificate));
        foreach (var path in new[] { "/a", "/b" })
        {
            Assert.Equal("his", await bob.GetAsync(path));
            Assert.Null(await eve.GetAsync(path));
            Assert.Null(await plain.GetAsync(path));
            Assert.Equal("his", await admin.GetAsync(path));
        }
        Assert.Equal(-115, (await plain.CallAsync(100, frame => frame.Int(0).String("x509").Buffer([]))).Error);
        Assert.Contains($"secureClientPort={server.Port.SecureEndpoint!.Port}\n", await server.WordAsync("conf"));
    }

    [Fact]
    public async Task A_client_without_a_good_certificate_does_not_come_in_and_others_notice_nothing()
    {
        await using var server = await StartAsync();
        using var stranger = new Certificates("CN=Somebody else");
        using var bad = stranger.Sign("CN=bob");
        using var good = _certificates.Sign("CN=bob");
        using var live = await OpenAsync(await _certificates.DialAsync(server.Port.SecureEndpoint!, good));
        foreach (var certificate in new[] { null, bad })
            await Assert.ThrowsAnyAsync<Exception>(async () =>
                await OpenAsync(await _certificates.DialAsync(server.Port.SecureEndpoint!, certificate)));
        // No TLS at all.
        await using (var noise = await RawSession.DialAsync(server.Port.SecureEndpoint!))
        {
            await noise.WriteAsync(Tests.Jute.Frame.Connect());
            var left = new byte[100];
            Assert.Equal(0, await ReadOrZeroAsync(noise, left));
        }
        Assert.Equal(0, await live.CreateAsync("/a"));
    }

    static async Task<int> ReadOrZeroAsync(Stream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [Fact]
    public async Task Certificates_of_clients_may_be_optional()
    {
        await using var server = await StartAsync("client-certificates = optional");
        using var anonymous = await OpenAsync(await _certificates.DialAsync(server.Port.SecureEndpoint!, null));
        Assert.DoesNotContain("x509", await WhoAmIAsync(anonymous));
        Assert.Equal(-115, (await anonymous.CallAsync(100, frame => frame.Int(0).String("x509").Buffer([]))).Error);
    }

    [Fact]
    public async Task The_port_without_TLS_can_be_left_closed_and_words_are_answered_over_TLS()
    {
        await using var server = await StartAsync("client-certificates = none", "akka.zab.client-port.enabled = off");
        Assert.Equal(server.Endpoint, server.Port.SecureEndpoint);
        await using var stream = await _certificates.DialAsync(server.Port.SecureEndpoint!, null);
        await stream.WriteAsync("ruok"u8.ToArray());
        var answer = new byte[4];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("imok"u8.ToArray(), answer);
    }

    [Fact]
    public async Task A_certificate_that_is_missing_or_cannot_be_read_is_told_in_one_sentence()
    {
        var none = await Assert.ThrowsAnyAsync<Exception>(() => TestServer.StartAsync(
            "akka.zab.client-port.tls { enabled = on, host = \"127.0.0.1\", port = 0 }"));
        Assert.Equal(
            "akka.zab.client-port.tls is on, but akka.remote.dot-netty.tcp.ssl.certificate.path is empty.",
            none.GetBaseException().Message);
        var missing = await Assert.ThrowsAnyAsync<Exception>(() => TestServer.StartAsync(
            """
            akka.zab.client-port.tls { enabled = on, host = "127.0.0.1", port = 0 }
            akka.remote.dot-netty.tcp.ssl.certificate.path = "/nowhere/server.p12"
            """));
        Assert.StartsWith(
            "akka.remote.dot-netty.tcp.ssl.certificate.path: /nowhere/server.p12 cannot be read:",
            missing.Message);
    }

    [Theory]
    [InlineData("CN=bob", "CN=bob")]
    [InlineData("CN=bob, OU=tests, O=Example, C=DE", "CN=bob,OU=tests,O=Example,C=DE")]
    [InlineData("CN=\"Smith, John\", O=\"A+B; <C>\"", "CN=Smith\\, John,O=A\\+B\\; \\<C\\>")]
    [InlineData("E=me@example.com, CN=bob", "1.2.840.113549.1.9.1=#160e6d65406578616d706c652e636f6d,CN=bob")]
    public void Subjects_are_written_as_RFC_2253_has_it(string subject, string expected)
    {
        var written = SubjectName.Of(new X500DistinguishedName(subject));
        Assert.Equal(expected, written, ignoreCase: true);
        Assert.True(SubjectName.IsValid("CN=bob,O=Example"));
        Assert.False(SubjectName.IsValid(""));
        Assert.False(SubjectName.IsValid("bob"));
    }
}
