using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Engine.Tests.Remote;

public class ConnectionTests
{
    [Fact]
    public async Task A_port_that_is_taken_gives_one_clear_sentence()
    {
        await using var a = new Node("a");
        var refused = Assert.ThrowsAny<Exception>(
            () => new Node("b", $$"""
                akka.remote.dot-netty.tcp { port = {{a.Address.Port}}, tcp-reuse-addr = off }
                """));
        Assert.Contains(a.Address.Port.ToString()!, refused.Message);
        Assert.DoesNotContain("\n", refused.Message);
    }

    [Fact]
    public async Task Both_sides_are_told_of_a_connection_and_of_its_end()
    {
        await using var a = new Node("a");
        var b = new Node("b");
        var events = a.NewInbox();
        a.System.EventStream.Subscribe(events.Ref, typeof(AssociationEvent));
        b.Echo();
        await a.FindAsync(b, "/user/echo");
        Assert.Equal(b.Address, (await events.ExpectAsync<AssociatedEvent>()).RemoteAddress);
        await b.AbortAsync();
        Assert.Equal(b.Address, (await events.ExpectAsync<DisassociatedEvent>()).RemoteAddress);
    }

    [Fact]
    public async Task A_system_that_is_restarted_at_its_address_can_be_reached_again()
    {
        await using var a = new Node("a");
        var b = new Node("b");
        b.Echo();
        await a.FindAsync(b, "/user/echo");
        await b.AbortAsync();
        await using var again = new Node("b", $"akka.remote.dot-netty.tcp.port = {b.Address.Port}");
        again.Echo();
        Assert.Equal(b.Address, again.Address);
        // Its own first word tells that it is back.
        a.Echo();
        await again.FindAsync(a, "/user/echo");
        Assert.Equal(again.Address, (await a.FindAsync(again, "/user/echo")).Path.Address);
    }

    [Fact]
    public async Task Messages_to_nowhere_become_dead_letters()
    {
        await using var a = new Node("a");
        var letters = a.NewInbox();
        a.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var nowhere = ((ExtendedActorSystem)a.System).Provider
            .ResolveActorRef($"akka.tcp://b@127.0.0.1:{BrokenLine.FreePort()}/user/echo");
        nowhere.Tell(new Note(1, "lost"), ActorRefs.NoSender);
        var letter = await letters.ExpectAsync<DeadLetter>(l => l.Message is Note);
        // On Akka.NET the recipient is the mailbox of dead letters.
        if (BundledFactAttribute.IsBundled)
            Assert.Equal(nowhere, letter.Recipient);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("\u0001AKKZAB\u0001\u00ff\u00ff\u00ff\u007f")]
    public async Task Garbage_is_closed_and_does_no_harm(string garbage)
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, b.Address.Port!.Value);
            if (garbage.Length > 0)
                await socket.SendAsync(garbage.Select(c => (byte)c).ToArray());
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[16]).WaitAsync(Node.Patience));
        }
        Assert.NotNull(await a.FindAsync(b, "/user/echo"));
    }

    [Fact]
    public async Task A_system_is_refused_that_looks_for_another_name()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        var events = a.NewInbox();
        a.System.EventStream.Subscribe(events.Ref, typeof(AssociationErrorEvent));
        var wrong = b.Address.WithSystem("other");
        await Assert.ThrowsAnyAsync<Exception>(
            () => a.System.ActorSelection($"{wrong}/user/echo").ResolveOne(TimeSpan.FromSeconds(2)));
    }

    [BundledFact]
    public async Task A_stranger_that_speaks_Akka_NETs_protocol_is_named_in_one_log_line()
    {
        await using var b = new Node("b");
        var log = b.NewInbox();
        b.System.EventStream.Subscribe(log.Ref, typeof(Warning));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, b.Address.Port!.Value);
        await socket.SendAsync(new byte[] { 40, 0, 0, 0, 0x12, 38, 8, 1, 0x12 });
        Assert.Equal(0, await socket.ReceiveAsync(new byte[16]).WaitAsync(Node.Patience));
        await log.ExpectAsync<Warning>(w => w.Message.ToString()!.Contains("Akka.NET"));
    }

    [Fact]
    public async Task A_quarantined_system_gets_nothing_any_more()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var inbox = b.NewInbox("inbox");
        var remote = await a.FindAsync(b, "/user/inbox");
        remote.Tell(new Note(1, "before"), ActorRefs.NoSender);
        await inbox.ExpectAsync<Note>();
        var letters = a.NewInbox();
        a.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var events = a.NewInbox();
        a.System.EventStream.Subscribe(events.Ref, typeof(QuarantinedEvent));
        ((IRemoteActorRefProvider)((ExtendedActorSystem)a.System).Provider)
            .Quarantine(b.Address, AddressUidExtension.Uid(b.System));
        Assert.Equal(b.Address, (await events.ExpectAsync<QuarantinedEvent>()).Address);
        remote.Tell(new Note(2, "after"), ActorRefs.NoSender);
        await letters.ExpectAsync<DeadLetter>(l => l.Message is Note);
        Assert.DoesNotContain(inbox.Drain(), m => m is Note);
    }

    [Fact]
    public async Task A_system_is_told_that_it_is_quarantined()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        a.Echo();
        await a.FindAsync(b, "/user/echo");
        await b.FindAsync(a, "/user/echo");
        var events = b.NewInbox();
        b.System.EventStream.Subscribe(events.Ref, typeof(ThisActorSystemQuarantinedEvent));
        ((IRemoteActorRefProvider)((ExtendedActorSystem)a.System).Provider)
            .Quarantine(b.Address, AddressUidExtension.Uid(b.System));
        // On Akka.NET it hears of it when it next connects, once the old connection is gone.
        var echo = b.System.ActorSelection($"{a.Address}/user/echo");
        using var again = new Timer(_ => echo.Tell(new Note(1, "hello")), null, 0, 100);
        Assert.Equal(a.Address, (await events.ExpectAsync<ThisActorSystemQuarantinedEvent>()).RemoteAddress);
    }
}
