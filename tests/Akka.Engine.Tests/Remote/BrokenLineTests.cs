using Akka.Actor;
using Akka.Remote;

namespace Akka.Engine.Tests.Remote;

public class BrokenLineTests
{
    [Fact]
    public async Task The_end_of_an_actor_that_comes_while_the_line_is_cut_is_told_when_it_is_mended()
    {
        using var toA = new BrokenLine();
        using var toB = new BrokenLine();
        await using var a = new Node("a", toA.Config(BrokenLine.FreePort()));
        await using var b = new Node("b", toB.Config(BrokenLine.FreePort()));
        var echo = b.Echo();
        var inbox = a.NewInbox();
        var events = b.NewInbox();
        b.System.EventStream.Subscribe(events.Ref, typeof(DisassociatedEvent));
        var remote = await a.FindAsync(b, "/user/echo");
        inbox.Watch(remote);
        // The watch travels with the messages of one actor to another of the same node, so it is there after these.
        for (var i = 0; i < 10; i++) await remote.Ask<Note>(new Note(i, "sync"), Node.Patience);
        toA.Cut();
        toB.Cut();
        await events.ExpectAsync<DisassociatedEvent>();
        await echo.GracefulStop(Node.Patience);
        toA.Mend();
        toB.Mend();
        Assert.Equal(remote, (await inbox.ExpectAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task Both_sides_hear_of_a_cut_and_talk_again_after_it()
    {
        using var toB = new BrokenLine();
        await using var a = new Node("a");
        await using var b = new Node("b", toB.Config(BrokenLine.FreePort()));
        Assert.Equal(toB.Port, b.Address.Port);
        b.Echo();
        var atA = a.NewInbox();
        var atB = b.NewInbox();
        a.System.EventStream.Subscribe(atA.Ref, typeof(AssociationEvent));
        b.System.EventStream.Subscribe(atB.Ref, typeof(AssociationEvent));
        await a.FindAsync(b, "/user/echo");
        toB.Cut();
        Assert.Equal(b.Address, (await atA.ExpectAsync<DisassociatedEvent>()).RemoteAddress);
        Assert.Equal(a.Address, (await atB.ExpectAsync<DisassociatedEvent>()).RemoteAddress);
        toB.Mend();
        while (!await IsThereAsync(a, b, "/user/echo"))
        {
            // The gate is closed for a while.
        }
        await atA.ExpectAsync<AssociatedEvent>(e => !e.IsInbound);
    }

    [Fact]
    public async Task What_arrives_over_a_line_that_breaks_again_and_again_arrives_in_order_and_once()
    {
        using var toB = new BrokenLine();
        await using var a = new Node("a", "akka.remote.retry-gate-closed-for = 10ms");
        await using var b = new Node("b", toB.Config(BrokenLine.FreePort()));
        var inbox = b.NewInbox("inbox");
        var ended = a.NewInbox();
        a.System.EventStream.Subscribe(ended.Ref, typeof(DisassociatedEvent));
        var remote = await a.FindAsync(b, "/user/inbox");
        var sent = 0;
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 2000; i++) remote.Tell(new Note(sent++, "n"), ActorRefs.NoSender);
            toB.Cut();
            await ended.ExpectAsync<DisassociatedEvent>();
            toB.Mend();
            // What is told before the gate opens is lost; the round ends when something comes through again.
            for (var through = false; !through;)
            {
                remote.Tell(new Note(sent++, "n"), ActorRefs.NoSender);
                through = await IsThereAsync(a, b, "/user/inbox");
            }
        }
        var last = new Note(int.MaxValue, "last");
        remote.Tell(last, ActorRefs.NoSender);
        var before = -1;
        while (await inbox.ExpectAsync<Note>() is { } note)
        {
            Assert.True(note.Number > before);
            before = note.Number;
            if (note.Number == int.MaxValue) break;
        }
    }

    private static Task<bool> IsThereAsync(Node from, Node at, string path) => from.System
        .ActorSelection($"{at.Address}{path}")
        .Ask<ActorIdentity>(new Identify(1), TimeSpan.FromMilliseconds(200))
        .ContinueWith(t => t.IsCompletedSuccessfully && t.Result.Subject is not null);
}
