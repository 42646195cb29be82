using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class AsyncHandlerTests : ActorSystemTest
{
    readonly Probe _probe;

    public AsyncHandlerTests() => _probe = NewProbe();

    [Fact]
    public async Task The_actor_takes_no_message_until_an_asynchronous_handler_has_ended()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Asynchronous(_probe.Ref, gate.Task)));
        actor.Tell("wait");
        actor.Tell("next");
        await _probe.Expect("begin");
        await _probe.ExpectNothingMore();
        gate.SetResult();
        await _probe.Expect("end", "next");
    }

    [Fact]
    public async Task Context_and_sender_are_those_of_the_message_after_an_await()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Asynchronous(_probe.Ref, gate.Task)), "async");
        var answer = actor.Ask<IActorRef>("who", Patience);
        actor.Tell("next");
        gate.SetResult();
        Assert.Equal(actor, await answer);
        await _probe.Expect("next");
    }

    [Fact]
    public async Task A_failure_after_an_await_is_one_of_the_actor()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Asynchronous(_probe.Ref, gate.Task)));
        actor.Tell("fail");
        actor.Tell("next");
        gate.SetResult();
        await _probe.Expect("restarted: fail at fail", "next");
    }

    [Fact]
    public async Task A_failure_before_the_first_await_is_one_of_the_actor()
    {
        var actor = System.ActorOf(Props.Create(() => new Asynchronous(_probe.Ref, Task.CompletedTask)));
        actor.Tell("fail");
        actor.Tell("next");
        await _probe.Expect("restarted: fail at fail", "next");
    }

    [Fact]
    public async Task A_handler_may_await_what_the_actor_asks_another()
    {
        var echo = Actor((context, message) =>
        {
            context.Sender.Tell(message);
            return true;
        });
        var actor = System.ActorOf(Props.Create(() => new Asks(echo)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => actor.Ask<int>(i, Patience)));
        Assert.Equal(Enumerable.Range(0, 1000), answers);
    }

    [Fact]
    public async Task An_actor_that_is_stopped_while_it_awaits_ends()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Asynchronous(_probe.Ref, gate.Task)));
        actor.Tell("wait");
        await _probe.Expect("begin");
        await _probe.WatchAndWait(actor);
        System.Stop(actor);
        await _probe.Next<Terminated>();
        gate.SetResult();
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_child_that_fails_while_its_parent_awaits_is_treated_afterwards()
    {
        var gate = new TaskCompletionSource();
        var parent = System.ActorOf(Props.Create(() => new Asynchronous(_probe.Ref, gate.Task)));
        var child = await parent.Ask<IActorRef>("child", Patience);
        parent.Tell("wait");
        await _probe.Expect("begin");
        child.Tell("fail");
        child.Tell("after");
        await _probe.Expect("failing");
        for (var i = 0; i < 100; i++)
            await Handled(_probe.Ref);
        await _probe.ExpectNothingMore();
        gate.SetResult();
        await _probe.Expect("end", "deciding", "after");
    }

    [Fact]
    public async Task A_handler_may_run_several_tasks()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new RunsTwo(_probe.Ref, gate.Task)));
        actor.Tell("two");
        actor.Tell("next");
        await _probe.ExpectNothingMore();
        gate.SetResult();
        await _probe.Expect("ended", "ended", "next");
    }

    [BundledFact] // On Akka.NET the time runs on; what comes of it is handled after the handler.
    public async Task A_receive_timeout_does_not_come_while_a_handler_awaits()
    {
        using var system = NewSystem(ManualScheduler.Hocon);
        var time = (ManualScheduler)system.Scheduler;
        var probe = new Probe(system);
        var gate = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new WaitsForTimeout(probe.Ref, gate.Task)));
        await Handled(actor);
        actor.Tell("await");
        await probe.Expect("begin");
        while (time.Pending > 0)
            await Task.Yield();
        time.Advance(TimeSpan.FromMinutes(5));
        gate.SetResult();
        await probe.Expect("end");
        await Handled(actor);
        await probe.ExpectNothingMore();
        time.Advance(TimeSpan.FromSeconds(10));
        await probe.Next<ReceiveTimeout>();
        await system.Terminate();
    }

    sealed class WaitsForTimeout : ReceiveActor
    {
        public WaitsForTimeout(IActorRef probe, Task gate)
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(10));
            Receive<ReceiveTimeout>(t => probe.Tell(t));
            ReceiveAsync<string>(async _ =>
            {
                probe.Tell("begin");
                await gate;
                probe.Tell("end");
            });
        }
    }

    sealed class RunsTwo : ReceiveActor
    {
        public RunsTwo(IActorRef probe, Task gate)
        {
            Receive<string>(s => s == "two", _ =>
            {
                RunTask(Wait);
                RunTask(Wait);
            });
            Receive<string>(s => probe.Tell(s));

            async Task Wait()
            {
                await gate;
                probe.Tell("ended");
            }
        }
    }

    sealed class Asynchronous : ReceiveActor
    {
        readonly IActorRef _probe;

        public Asynchronous(IActorRef probe, Task gate)
        {
            _probe = probe;
            ReceiveAsync<string>(s => s == "wait", async _ =>
            {
                probe.Tell("begin");
                await gate;
                Assert.NotNull(Context);
                probe.Tell("end");
            });
            ReceiveAsync<string>(s => s == "who", async _ =>
            {
                await gate;
                await Task.Yield();
                Sender.Tell(Context.Self);
            });
            ReceiveAsync<string>(s => s == "fail", async _ =>
            {
                await gate;
                throw new InvalidOperationException("fail");
            });
            Receive<string>(s => s == "child", _ =>
                Sender.Tell(Context.ActorOf(Props.Create(() => new Inline((_, m) => Handle(m))))));
            Receive<string>(s => probe.Tell(s));
        }

        protected override void PreRestart(Exception reason, object message) =>
            _probe.Tell($"restarted: {reason.Message} at {message}");

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _probe.Tell("deciding");
            return Directive.Restart;
        });

        bool Handle(object message)
        {
            if (message is "fail")
            {
                _probe.Tell("failing");
                throw new InvalidOperationException("child");
            }

            _probe.Tell(message);
            return true;
        }
    }

    sealed class Asks : ReceiveActor
    {
        public Asks(IActorRef echo) => ReceiveAsync<int>(async i =>
        {
            var answer = await echo.Ask<int>(i);
            Sender.Tell(answer);
        });
    }
}
