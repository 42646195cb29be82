using Akka.Actor;

namespace Akka.Engine.Tests.Remote;

/// <summary>A system that does not trust those who connect to it.</summary>
public class UntrustedTests
{
    const string Untrusted =
        """akka.remote { untrusted-mode = on, trusted-selection-paths = ["/user/echo"] }""";

    [Fact]
    public async Task Ordinary_messages_pass_and_harmful_ones_do_not()
    {
        await using var a = new Node("a");
        await using var b = new Node("b", Untrusted);
        b.Echo();
        var echo = await a.FindAsync(b, "/user/echo");
        echo.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        ((IInternalActorRef)echo).Stop();
        Assert.Equal(new Note(1, "still here"), await echo.Ask<Note>(new Note(1, "still here"), Node.Patience));
    }

    [Fact]
    public async Task A_remote_system_may_still_watch()
    {
        await using var a = new Node("a");
        await using var b = new Node("b", Untrusted);
        var echo = b.Echo();
        var remote = await a.FindAsync(b, "/user/echo");
        var watcher = a.NewInbox();
        watcher.Watch(remote);
        for (var i = 0; i < 5; i++) await remote.Ask<Note>(new Note(i, "sync"), Node.Patience);
        await echo.GracefulStop(Node.Patience);
        Assert.Equal(remote, (await watcher.ExpectAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task Selections_reach_trusted_paths_only()
    {
        await using var a = new Node("a");
        await using var b = new Node("b", Untrusted);
        b.Echo();
        b.Echo("secret");
        await a.FindAsync(b, "/user/echo");
        await Assert.ThrowsAsync<ActorNotFoundException>(
            () => a.System.ActorSelection($"{b.Address}/user/secret").ResolveOne(TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<ActorNotFoundException>(
            () => a.System.ActorSelection($"{b.Address}/user/*").ResolveOne(TimeSpan.FromSeconds(1)));
    }
}
