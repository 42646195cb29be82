using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.Client.Sasl;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>Passwords are never logged, at whatever level.</summary>
public sealed class SecretsTests
{
    const string Password = "correct-horse-battery-staple";

    [Fact]
    public async Task Neither_a_password_nor_what_becomes_of_it_is_in_any_log()
    {
        await using var server = await TestServer.StartAsync(
            $$"""
            akka.zab.sasl.users = [{ name = bob, password = "{{Password}}" }]
            akka { loglevel = DEBUG, stdout-loglevel = OFF, loggers = [], log-config-on-start = on
              actor.debug { receive = on, autoreceive = on, lifecycle = on, unhandled = on, event-stream = on } }
            """);
        var log = new ConcurrentQueue<string>();
        var listener = server.System.ActorOf(Props.Create(typeof(LogListener), log));
        server.System.EventStream.Subscribe(listener, typeof(LogEvent));
        server.System.EventStream.Subscribe(listener, typeof(DeadLetter));
        server.System.EventStream.Subscribe(listener, typeof(UnhandledMessage));

        var credentials = System.Text.Encoding.UTF8.GetBytes("bob:" + Password);
        using (var session = await server.ConnectAsync())
        {
            Assert.Equal(0, (await session.CallAsync(
                100, frame => frame.Int(0).String("digest").Buffer(credentials))).Error);
            Assert.Equal(0, (await session.CallAsync(1, frame => frame
                .String("/bobs").Buffer([]).Int(1).Int(31).String("auth").String("").Int(0))).Error);
            // Refused: a scheme that there is not, with the same secret.
            Assert.Equal(-115, (await session.CallAsync(
                100, frame => frame.Int(0).String("kerberos").Buffer(credentials))).Error);
        }
        var sasl = new SaslCredentials("bob", Password);
        await Assert.ThrowsAsync<AuthFailedException>(() => ZabClient.ConnectAsync(
            server.System, [], new ZabClientOptions { Sasl = sasl with { User = "eve" } }));
        await using (var client = await ZabClient.ConnectAsync(
            server.System, [], new ZabClientOptions { Sasl = sasl }))
        {
            Assert.Contains(new Identity("sasl", "bob"), await client.WhoAmIAsync());
            server.System.DeadLetters.Tell(sasl);
            server.System.DeadLetters.Tell(new SaslLogin(credentials));
            server.System.DeadLetters.Tell(new SaslReply(credentials));
            await client.AddAuthAsync("digest", credentials);
            await client.SetDataAsync("/bobs", [1]);
            server.System.DeadLetters.Tell(new AddAuth("digest", credentials));
            server.System.DeadLetters.Tell(new ClientRequests([new NumberedRequest(1, new AddAuth("digest", credentials))]));
        }
        await listener.Ask<string>("done?");
        Assert.NotEmpty(log);
        Assert.Contains(log, line => line.Contains("there is no such user"));
        var saslHash = DigestMd5.Hash("bob", Password);
        var hash = Sessions.DigestId.Of(credentials)["bob:".Length..];
        Assert.All(log, line =>
        {
            Assert.DoesNotContain(Password, line);
            Assert.DoesNotContain(hash, line);
            Assert.DoesNotContain(Convert.ToHexString(saslHash), line, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("response=", line);
            Assert.DoesNotContain(Convert.ToBase64String(credentials), line);
            Assert.DoesNotContain(string.Join(", ", credentials), line);
        });
    }

    sealed class LogListener(ConcurrentQueue<string> log) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is string) Sender.Tell("done");
            else log.Enqueue(message is DeadLetter dead ? dead.Message + " " + dead : message.ToString() ?? "");
        }
    }
}
