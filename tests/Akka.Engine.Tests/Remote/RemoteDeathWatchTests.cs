using Akka.Actor;
using Akka.Remote;

namespace Akka.Engine.Tests.Remote;

public class RemoteDeathWatchTests
{
    private const string Eager = """
        akka.remote.watch-failure-detector {
          heartbeat-interval = 100ms
          acceptable-heartbeat-pause = 1s
          unreachable-nodes-reaper-interval = 100ms
          expected-response-after = 100ms
        }
        """;

    [Fact]
    public async Task The_end_of_a_remote_actor_reaches_its_watcher()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var echo = b.Echo();
        var inbox = a.NewInbox();
        var remote = await a.FindAsync(b, "/user/echo");
        inbox.Watch(remote);
        b.System.Stop(echo);
        var terminated = await inbox.ExpectAsync<Terminated>();
        Assert.Equal(remote, terminated.ActorRef);
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task Watching_an_actor_that_never_was_ends_at_once()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var inbox = a.NewInbox();
        inbox.Watch(((ExtendedActorSystem)a.System).Provider.ResolveActorRef($"{b.Address}/user/nobody#12345"));
        Assert.False((await inbox.ExpectAsync<Terminated>()).ExistenceConfirmed);
    }

    [Fact]
    public async Task The_crash_of_a_node_ends_its_actors_for_their_watchers_and_quarantines_it()
    {
        await using var a = new Node("a", Eager);
        var b = new Node("b");
        b.Echo();
        var inbox = a.NewInbox();
        var events = a.NewInbox();
        a.System.EventStream.Subscribe(events.Ref, typeof(QuarantinedEvent));
        var remote = await a.FindAsync(b, "/user/echo");
        inbox.Watch(remote);
        await remote.Ask<Note>(new Note(1, "sync"), Node.Patience);
        // The remote system answers nothing any more, although its process goes on.
        b.System.Stop(await b.System.ActorSelection("/system/remote-watcher").ResolveOne(Node.Patience));
        var terminated = await inbox.ExpectAsync<Terminated>();
        Assert.Equal(remote, terminated.ActorRef);
        Assert.True(terminated.AddressTerminated);
        Assert.Equal(b.Address, (await events.ExpectAsync<QuarantinedEvent>()).Address);
        await b.AbortAsync();
    }

    [Fact]
    public async Task Every_local_watcher_of_a_remote_actor_is_told()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var echo = b.Echo();
        var inboxes = Enumerable.Range(0, 5).Select(_ => a.NewInbox()).ToArray();
        var remote = await a.FindAsync(b, "/user/echo");
        foreach (var inbox in inboxes) inbox.Watch(remote);
        await remote.Ask<Note>(new Note(1, "sync"), Node.Patience);
        b.System.Stop(echo);
        foreach (var inbox in inboxes) await inbox.ExpectAsync<Terminated>();
    }

    [Fact]
    public async Task What_an_actor_said_last_comes_before_the_news_of_its_end()
    {
        await using var a = new Node("a");
        await using var b = new Node("b");
        var echo = b.Echo();
        var inbox = a.NewInbox();
        var remote = await a.FindAsync(b, "/user/echo");
        inbox.Watch(remote);
        for (var i = 0; i < 1000; i++) remote.Tell(new Note(i, "n"), inbox.Ref);
        remote.Tell(PoisonPill.Instance, inbox.Ref);
        var notes = 0;
        while (await inbox.ExpectAsync<object>() is var message && message is not Terminated)
            if (message is Note)
                notes++;
        Assert.Equal(1000, notes);
    }
}
