using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class DeathWatchTests : ActorSystemTest
{
    readonly Probe _probe;
    readonly IActorRef _watched;

    public DeathWatchTests()
    {
        _probe = NewProbe();
        _watched = Actor((_, _) => true, "watched");
    }

    [Fact]
    public async Task A_watcher_is_told_once_of_the_end_however_often_it_watched()
    {
        await _probe.WatchAndWait(_watched);
        await _probe.WatchAndWait(_watched);
        System.Stop(_watched);
        var terminated = await _probe.Next<Terminated>();
        Assert.Equal(_watched, terminated.ActorRef);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
        await Handled(_probe.Ref);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task Watching_an_actor_that_has_ended_already_tells_of_it_too()
    {
        Assert.True(await _watched.GracefulStop(Patience));
        _probe.Watch(_watched);
        Assert.Equal(_watched, (await _probe.Next<Terminated>()).ActorRef);
        await Handled(_probe.Ref);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task Unwatch_even_drops_a_Terminated_that_is_in_the_mailbox_already()
    {
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var watcher = Actor((context, message) =>
        {
            switch (message)
            {
                case "watch":
                    context.Watch(_watched);
                    break;
                case "block":
                    inside.SetResult();
                    goOn.Task.Wait();
                    break;
                case "unwatch":
                    context.Unwatch(_watched);
                    break;
                case Terminated:
                    _probe.Ref.Tell("terminated");
                    break;
            }

            return true;
        });
        watcher.Tell("watch");
        await Handled(watcher);
        watcher.Tell("block");
        watcher.Tell("unwatch"); // Ahead of the Terminated, which comes when "block" has been handled.
        await inside.Task.WaitAsync(Patience);
        Assert.True(await _watched.GracefulStop(Patience));
        goOn.SetResult();
        await Handled(watcher);
        await Handled(watcher);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task WatchWith_sends_the_given_message_instead()
    {
        var watcher = Actor((context, message) =>
        {
            if (message is "watch")
                context.WatchWith(_watched, "gone");
            else
                _probe.Ref.Tell(message);
            return true;
        });
        watcher.Tell("watch");
        await Handled(watcher);
        System.Stop(_watched);
        await _probe.Expect("gone");
    }

    [Fact]
    public async Task Watching_again_with_another_message_changes_nothing_without_unwatching()
    {
        var watcher = Actor((context, message) =>
        {
            if (message is "watch")
            {
                context.WatchWith(_watched, "first");
                context.WatchWith(_watched, "second");
                context.Watch(_watched);
            }
            else
                _probe.Ref.Tell(message);
            return true;
        });
        watcher.Tell("watch");
        await Handled(watcher);
        System.Stop(_watched);
        await _probe.Expect("first");
    }

    [Fact]
    public async Task A_watcher_that_does_not_handle_Terminated_fails()
    {
        var watcher = Actor((context, message) =>
        {
            if (message is not "watch")
                return false;
            context.Watch(_watched);
            return true;
        });
        await _probe.WatchAndWait(watcher);
        watcher.Tell("watch");
        await Handled(watcher);
        System.Stop(_watched);
        Assert.Equal(watcher, (await _probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task A_parent_may_watch_its_child()
    {
        var parent = Actor((context, message) =>
        {
            if (message is "start")
                context.Watch(context.ActorOf(Props.Create(() => new Inline((_, _) => true)), "child"));
            else if (message is "stop")
                context.Stop(context.Child("child"));
            else if (message is Terminated)
                _probe.Ref.Tell(context.Child("child").IsNobody());
            return true;
        });
        parent.Tell("start");
        parent.Tell("stop");
        await _probe.Expect(true);
        await Handled(parent);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_restart_is_no_end()
    {
        var actor = Actor((_, message) => message is "fail" ? throw new InvalidOperationException() : true);
        await _probe.WatchAndWait(actor);
        actor.Tell("fail");
        await Handled(actor);
        await _probe.ExpectNothingMore();
        System.Stop(actor);
        await _probe.Next<Terminated>();
    }

    [Fact]
    public async Task A_name_is_free_again_once_its_actor_has_ended_and_the_new_actor_is_another()
    {
        var parent = Actor((context, message) =>
        {
            switch (message)
            {
                case "make":
                    try
                    {
                        context.Sender.Tell(context.Watch(context.ActorOf(Props.Create(() =>
                            new Inline((_, _) => true)), "same")));
                    }
                    catch (InvalidActorNameException e)
                    {
                        context.Sender.Tell(e);
                    }

                    break;
                case IActorRef child:
                    context.Stop(child);
                    break;
                case Terminated:
                    _probe.Ref.Tell("free");
                    break;
            }

            return true;
        });
        var first = await parent.Ask<IActorRef>("make", Patience);
        Assert.IsType<InvalidActorNameException>(await parent.Ask<object>("make", Patience));
        parent.Tell(first);
        await _probe.Expect("free");
        var second = await parent.Ask<IActorRef>("make", Patience);
        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
    }

    [Fact]
    public async Task GracefulStop_ends_with_the_actor_and_says_when_its_time_is_up()
    {
        var stubborn = Actor((_, _) => true);
        Assert.False(await stubborn.GracefulStop(TimeSpan.FromMilliseconds(20), "no reason to stop"));
        Assert.True(await stubborn.GracefulStop(Patience));
        Assert.True(await stubborn.GracefulStop(Patience));
    }
}
