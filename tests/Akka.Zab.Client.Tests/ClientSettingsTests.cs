using System.Text;
using Akka.Configuration;

namespace Akka.Zab.Client.Tests;

/// <summary>What <c>akka.zab.client</c> may say, and what is answered to what it may not.</summary>
public class ClientSettingsTests
{
    [Fact]
    public void Without_a_word_they_are_the_defaults_of_the_options()
    {
        var settings = ZabClientSettings.Read(ConfigurationFactory.Empty);
        Assert.False(settings.OverTheWire);
        Assert.Empty(settings.Servers);
        Assert.Equivalent(new ZabClientOptions(), settings.Options);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var settings = Read("""
            transport = wire
            servers = ["a", "b:2182", "[::1]:2183"]
            chroot = "/app/"
            session-timeout = 3s
            connect-timeout = 4s
            attempt-timeout = 5s
            retry-pause = 6ms
            max-retry-pause = 7s
            shuffle = off
            allow-read-only = on
            sasl { user = bob, password = pw }
            max-outstanding-requests = 8
            max-frame = 9MiB
            auth = ["digest:user:pass:word", "x:"]
            tls { enabled = on, host = zab.example.com }
            """);
        Assert.True(settings.OverTheWire);
        Assert.Equal(["a", "b:2182", "[::1]:2183"], settings.Servers);
        var options = settings.Options;
        Assert.Equal("/app", options.Chroot);
        Assert.Equal(
            (3.0, 4.0, 5.0, 0.006, 7.0),
            (options.SessionTimeout.TotalSeconds, options.ConnectTimeout.TotalSeconds,
                options.AttemptTimeout.TotalSeconds, options.RetryPause.TotalSeconds,
                options.MaxRetryPause.TotalSeconds));
        Assert.Equal((false, 8, 9 << 20), (options.Shuffle, options.MaxOutstandingRequests, options.MaxFrame));
        Assert.Equal(["digest", "x"], options.Credentials.Select(auth => auth.Scheme));
        Assert.Equal("user:pass:word", Encoding.UTF8.GetString(options.Credentials[0].Credentials));
        Assert.True(options.AllowReadOnly);
        Assert.Equal(new SaslCredentials("bob", "pw"), options.Sasl);
        Assert.Equal("zab.example.com", options.Tls!.TargetHost);
        Assert.Null(options.Tls.CertificateChainPolicy);
    }

    [Fact]
    public void Servers_of_akka_are_addresses() =>
        Assert.Equal(
            ["akka.tcp://zab@a:4051"], Read("servers = [\"akka.tcp://zab@a:4051\"]").Servers);

    [Theory]
    [InlineData("server = []", "akka.zab.client.server is not a setting of Akka.Zab.")]
    [InlineData("tls.enable = on", "akka.zab.client.tls.enable is not a setting of Akka.Zab.")]
    [InlineData("tls = on", "akka.zab.client.tls is a section, it has no value of its own.")]
    [InlineData("transport = tcp", "akka.zab.client.transport must be akka or wire, not tcp.")]
    [InlineData(
        "transport = wire",
        "akka.zab.client.servers must be a list of at least one server with transport = wire, not [].")]
    [InlineData(
        "transport = wire, servers = [\"akka.tcp://zab@a:1\"]",
        "akka.zab.client.servers must be a list such as [\"server1:2181\"] with transport = wire, not *.")]
    [InlineData(
        "transport = wire, servers = [\"a:99999\"]",
        "akka.zab.client.servers must be a list such as [\"server1:2181\"] with transport = wire, not *.")]
    [InlineData(
        "servers = [\"a:2181\"]",
        "akka.zab.client.servers must be a list such as [\"akka.tcp://zab@server1:4051\"] with transport = akka, not *.")]
    [InlineData("chroot = app", "akka.zab.client.chroot must be an absolute path such as /app, or empty, not app.")]
    [InlineData("session-timeout = 0s", "akka.zab.client.session-timeout must be a time from 1ms to 86400s, not 0s.")]
    [InlineData("connect-timeout = soon", "akka.zab.client.connect-timeout must be a time from 1ms to 86400s, not soon.")]
    [InlineData("shuffle = maybe", "akka.zab.client.shuffle must be on or off, not maybe.")]
    [InlineData(
        "max-outstanding-requests = 0",
        "akka.zab.client.max-outstanding-requests must be a whole number from 1 to 1000000, not 0.")]
    [InlineData("max-frame = 1B", "akka.zab.client.max-frame must be a size from 1KiB to 1GiB, not 1B.")]
    [InlineData("auth = [secret]", "akka.zab.client.auth must be a list such as [\"digest:user:password\"].")]
    [InlineData(
        "tls.enabled = on",
        "akka.zab.client.tls.enabled must be off with transport = akka, where akka.remote.dot-netty.tcp encrypts, not on.")]
    [InlineData(
        "transport = wire, servers = [a], tls { enabled = on, authorities = \"/none.pem\" }",
        "akka.zab.client.tls.authorities: /none.pem cannot be read: *")]
    [InlineData(
        "transport = wire, servers = [a], tls { enabled = on, certificate = \"/none.p12\" }",
        "akka.zab.client.tls.certificate: /none.p12 cannot be read: *")]
    public void What_is_wrong_is_one_sentence_that_names_the_key(string hocon, string sentence)
    {
        var wrong = Assert.Throws<ConfigurationException>(() => Read(hocon));
        var star = sentence.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) Assert.Equal(sentence, wrong.Message);
        else Assert.StartsWith(sentence[..star], wrong.Message);
        Assert.DoesNotContain('\n', wrong.Message);
    }

    [Fact]
    public async Task Over_akka_an_actor_system_is_needed()
    {
        var wrong = await Assert.ThrowsAsync<ConfigurationException>(
            async () => await ZabClient.ConnectAsync(ConfigurationFactory.Empty));
        Assert.Equal("akka.zab.client.transport = akka needs an actor system to connect from.", wrong.Message);
    }

    private static ZabClientSettings Read(string hocon) => ZabClientSettings.Read(
        ConfigurationFactory.ParseString($"akka.zab.client {{\n{hocon}\n}}"));
}
