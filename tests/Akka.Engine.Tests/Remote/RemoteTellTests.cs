using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Remote;

public class RemoteTellTests
{
    [Fact]
    public async Task A_message_and_its_answer_travel_between_systems()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        var echo = await a.FindAsync(b, "/user/echo");
        Assert.Equal(b.Address, echo.Path.Address);
        Assert.Equal("hello", await echo.Ask<string>("hello", Node.Patience));
        var note = new Note(7, "text", [1, 2, 3]);
        var back = await echo.Ask<Note>(note, Node.Patience);
        Assert.Equal(note.Data, back.Data);
        Assert.Equal(note, back with { Data = note.Data });
    }

    [Fact]
    public async Task A_system_on_port_0_has_the_real_port_in_its_address()
    {
        await using var a = new Node("a");
        Assert.Equal("akka.tcp", a.Address.Protocol);
        Assert.InRange(a.Address.Port!.Value, 1, 65535);
    }

    [Fact]
    public async Task References_inside_messages_work_at_the_other_end()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        var inbox = a.NewInbox("inbox");
        var echo = await a.FindAsync(b, "/user/echo");
        var back = await echo.Ask<Introduce>(new Introduce(inbox.Ref), Node.Patience);
        Assert.Equal(inbox.Ref, back.Actor);
        var other = b.NewInbox();
        (await b.FindAsync(a, "/user/inbox")).Tell(new Introduce(other.Ref), ActorRefs.NoSender);
        var remote = (await inbox.ExpectAsync<Introduce>()).Actor;
        remote.Tell(new Note(1, "to b"), inbox.Ref);
        Assert.Equal("to b", (await other.ExpectAsync<Note>()).Text);
    }

    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var inbox = b.NewInbox("inbox");
        var remote = await a.FindAsync(b, "/user/inbox");
        for (var i = 0; i < 20_000; i++) remote.Tell(new Note(i, "n"), ActorRefs.NoSender);
        for (var i = 0; i < 20_000; i++) Assert.Equal(i, (await inbox.ExpectAsync<Note>()).Number);
    }

    [Fact]
    public async Task A_message_of_a_mebibyte_passes_whole()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        var echo = await a.FindAsync(b, "/user/echo");
        var data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        Assert.Equal(data, (await echo.Ask<Note>(new Note(1, "big", data), Node.Patience)).Data);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_logged_and_the_next_one_passes()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var log = a.NewInbox();
        a.System.EventStream.Subscribe(log.Ref, typeof(Error));
        b.Echo();
        var echo = await a.FindAsync(b, "/user/echo");
        echo.Tell(new Note(1, "huge", new byte[5_000_000]), ActorRefs.NoSender);
        Assert.Equal(2, (await echo.Ask<Note>(new Note(2, "small"), Node.Patience)).Number);
        await log.ExpectAsync<Error>(e => e.ToString().Contains("oversized"));
    }

    [BundledFact] // Akka.NET writes it as JSON.
    public async Task A_message_without_a_serializer_is_logged_and_the_next_one_passes()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var log = a.NewInbox();
        a.System.EventStream.Subscribe(log.Ref, typeof(Error));
        b.Echo();
        var echo = await a.FindAsync(b, "/user/echo");
        echo.Tell(new NotOnTheWire(1), ActorRefs.NoSender);
        Assert.Equal(2, (await echo.Ask<Note>(new Note(2, "small"), Node.Patience)).Number);
        await log.ExpectAsync<Error>(e => e.Message.ToString()!.Contains(nameof(NotOnTheWire)));
    }

    [Fact]
    public async Task A_failure_reaches_the_asker_as_its_exception()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        b.Echo();
        var echo = await a.FindAsync(b, "/user/echo");
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => echo.Ask<Note>(new Fail("because"), Node.Patience));
        Assert.Contains("because", failure.ToString());
    }

    [Fact]
    public async Task A_selection_with_a_wildcard_reaches_all_that_match()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var one = b.NewInbox("w1");
        var two = b.NewInbox("w2");
        a.System.ActorSelection($"{b.Address}/user/w*").Tell(new Note(1, "all"), ActorRefs.NoSender);
        await one.ExpectAsync<Note>();
        await two.ExpectAsync<Note>();
    }

    [Fact]
    public async Task An_actor_that_is_not_there_does_not_identify_itself()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var identity = await a.System.ActorSelection($"{b.Address}/user/nobody")
            .Ask<ActorIdentity>(new Identify("id"), Node.Patience);
        Assert.Equal("id", identity.MessageId);
        Assert.Null(identity.Subject);
    }

    [Fact]
    public async Task A_reference_by_path_finds_a_successor_of_the_same_name()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var first = b.NewInbox("same");
        var byPath = ((ExtendedActorSystem)a.System).Provider.ResolveActorRef($"{b.Address}/user/same");
        byPath.Tell(new Note(1, "first"), ActorRefs.NoSender);
        await first.ExpectAsync<Note>();
        await first.Ref.GracefulStop(Node.Patience);
        var second = await NewInboxOnceTheNameIsFree(b, "same");
        byPath.Tell(new Note(2, "second"), ActorRefs.NoSender);
        Assert.Equal(2, (await second.ExpectAsync<Note>()).Number);
    }

    [Fact]
    public async Task A_remote_actor_can_be_stopped_by_a_poison_pill_and_by_Stop()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        foreach (var name in new[] { "one", "two" })
        {
            var local = b.Echo(name);
            var watcher = b.NewInbox();
            watcher.Watch(local);
            var remote = await a.FindAsync(b, "/user/" + name);
            if (name == "one") remote.Tell(PoisonPill.Instance, ActorRefs.NoSender);
            else ((IInternalActorRef)remote).Stop();
            await watcher.ExpectAsync<Terminated>();
        }
    }

    /// <summary>A watcher may hear of the end of an actor a moment before its parent does.</summary>
    private static async Task<Arrivals> NewInboxOnceTheNameIsFree(Node node, string name)
    {
        while (true)
        {
            try
            {
                return node.NewInbox(name);
            }
            catch (InvalidActorNameException)
            {
                await Task.Yield();
            }
        }
    }
}
