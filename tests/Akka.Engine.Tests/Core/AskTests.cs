using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Core;

public class AskTests : ActorSystemTest
{
    readonly IActorRef _echo;
    readonly IActorRef _mute;

    public AskTests()
    {
        _echo = Actor((context, message) =>
        {
            context.Sender.Tell(message, context.Self);
            return true;
        });
        _mute = Actor((_, _) => true);
    }

    [Fact]
    public async Task The_answer_ends_the_task()
    {
        Assert.Equal("hello", await _echo.Ask<string>("hello", Patience));
        Assert.Equal(5, await _echo.Ask<int>(5));
        Assert.Equal("untyped", await _echo.Ask("untyped", Patience));
    }

    [Fact]
    public async Task No_answer_in_time_is_an_AskTimeoutException() =>
        await Assert.ThrowsAsync<AskTimeoutException>(() => _mute.Ask<string>("hello", TimeSpan.FromMilliseconds(1)));

    [Fact]
    public async Task The_configured_timeout_holds_where_none_is_given()
    {
        using var system = NewSystem("akka.actor.ask-timeout = 1ms");
        var mute = system.ActorOf(Props.Create(() => new Inline((_, _) => true)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => mute.Ask<string>("hello"));
        await system.Terminate();
    }

    [Fact]
    public async Task A_failure_as_an_answer_is_thrown()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _echo.Ask<string>(new Status.Failure(new InvalidOperationException("no")), Patience));
        Assert.Equal("no", e.Message);
    }

    [Fact]
    public async Task A_failure_can_be_asked_for_as_an_object() =>
        Assert.IsType<Status.Failure>(await _echo.Ask<object>(new Status.Failure(new InvalidOperationException("no")),
            Patience));

    [Fact]
    public async Task An_answer_of_another_type_is_an_ArgumentException() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _echo.Ask<string>(5, Patience));

    [Fact]
    public async Task Cancelling_cancels_the_task()
    {
        using var cancel = new CancellationTokenSource();
        var task = _mute.Ask<string>("hello", cancel.Token);
        Assert.False(task.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        var letters = NewProbe();
        System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var twice = Actor((context, _) =>
        {
            context.Sender.Tell("one");
            context.Sender.Tell("two");
            return true;
        });
        Assert.Equal("one", await twice.Ask<string>("ask", Patience));
        Assert.Equal("two", (await letters.Next<DeadLetter>()).Message);
    }

    [Fact]
    public async Task The_asker_can_be_named_in_the_message()
    {
        var answering = Actor((_, message) =>
        {
            ((IActorRef)message).Tell("found you");
            return true;
        });
        Assert.Equal("found you", await answering.Ask<string>(asker => asker, Patience, CancellationToken.None));
    }

    [Fact]
    public async Task The_asker_can_be_resolved_by_its_path_while_it_waits()
    {
        var resolving = Actor((context, _) =>
        {
            var path = context.Sender.Path.ToSerializationFormat();
            ((ExtendedActorSystem)context.System).Provider.ResolveActorRef(path).Tell("by path");
            return true;
        });
        Assert.Equal("by path", await resolving.Ask<string>("ask", Patience));
    }

    [Fact]
    public async Task PipeTo_sends_the_result_or_the_failure()
    {
        var probe = NewProbe();
        await Task.FromResult("result").PipeTo(probe.Ref, _echo);
        await probe.Expect("result");
        Assert.Equal(_echo, probe.LastSender);
        await Task.FromException<string>(new InvalidOperationException("no")).PipeTo(probe.Ref);
        Assert.IsType<InvalidOperationException>((await probe.Next<Status.Failure>()).Cause);
        await Task.FromResult(5).PipeTo(probe.Ref, success: i => i + 1);
        await probe.Expect(6);
        await Task.FromException<int>(new InvalidOperationException("no")).PipeTo(probe.Ref, failure: e => e.Message);
        await probe.Expect("no");
        await Task.CompletedTask.PipeTo(probe.Ref, success: () => "done");
        await probe.Expect("done");
        await Task.CompletedTask.PipeTo(probe.Ref);
        await probe.ExpectNothingMore();
    }

    [Fact]
    public async Task Many_asks_at_once_each_get_their_own_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => _echo.Ask<int>(i, Patience)));
        Assert.Equal(Enumerable.Range(0, 10_000), answers);
    }
}
