using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class SupervisionTests : ActorSystemTest
{
    readonly Probe _probe;

    public SupervisionTests() => _probe = NewProbe();

    [Fact]
    public async Task A_restart_runs_the_hooks_in_order_and_keeps_the_mailbox()
    {
        Parent(_ => Directive.Restart, out var children);
        var child = children[0];
        await _probe.Expect("a: PreStart");
        child.Tell("fail");
        child.Tell("after");
        await _probe.Expect("a: PreRestart fail", "a: PostStop", "a: new", "a: PostRestart fail", "a: PreStart",
            "a: after");
    }

    [Fact]
    public async Task Resume_keeps_the_state()
    {
        Parent(_ => Directive.Resume, out var children);
        await _probe.Expect("a: PreStart");
        children[0].Tell("count");
        children[0].Tell("fail");
        children[0].Tell("count");
        await _probe.Expect("a: 1", "a: 2");
    }

    [Fact]
    public async Task Restart_forgets_the_state()
    {
        Parent(_ => Directive.Restart, out var children);
        await _probe.Expect("a: PreStart");
        children[0].Tell("count");
        await _probe.Expect("a: 1");
        children[0].Tell("fail");
        await _probe.Expect("a: PreRestart fail", "a: PostStop", "a: new", "a: PostRestart fail", "a: PreStart");
        children[0].Tell("count");
        await _probe.Expect("a: 1");
    }

    [Fact]
    public async Task Stop_ends_the_child()
    {
        Parent(_ => Directive.Stop, out var children);
        await _probe.Expect("a: PreStart");
        await _probe.WatchAndWait(children[0]);
        children[0].Tell("fail");
        await _probe.Expect("a: PostStop");
        Assert.Equal(children[0], (await _probe.Next<Terminated>()).ActorRef);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task Escalate_fails_the_parent_whose_restart_replaces_the_child()
    {
        Parent(_ => Directive.Escalate, out var children);
        await _probe.Expect("a: PreStart");
        await _probe.WatchAndWait(children[0]);
        children[0].Tell("fail");
        await _probe.Expect("a: PostStop");
        object[] both = [await _probe.Next(), await _probe.Next()];
        Assert.Contains("parent restarted: fail", both);
        Assert.Equal(children[0], Assert.Single(both.OfType<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task One_for_one_leaves_the_siblings_alone()
    {
        Parent(_ => Directive.Restart, out var children, "a", "b");
        await BothStarted();
        children[1].Tell("count");
        await _probe.Expect("b: 1");
        children[0].Tell("fail");
        await _probe.Expect("a: PreRestart fail", "a: PostStop", "a: new", "a: PostRestart fail", "a: PreStart");
        children[1].Tell("count");
        await _probe.Expect("b: 2");
    }

    [Fact]
    public async Task All_for_one_restarts_the_siblings_too()
    {
        var strategy = new AllForOneStrategy(_ => Directive.Restart);
        System.ActorOf(Props.Create(() => new Supervisor(_probe.Ref, strategy, new[] { "a", "b" })));
        var children = await _probe.Next<IActorRef[]>();
        await BothStarted();
        children[1].Tell("count");
        await _probe.Expect("b: 1");
        children[0].Tell("fail");
        var events = new List<object>();
        for (var i = 0; i < 10; i++)
            events.Add(await _probe.Next());
        Assert.Equal(["b: PreRestart fail", "b: PostStop", "b: new", "b: PostRestart fail", "b: PreStart"],
            events.Where(e => ((string)e).StartsWith('b')).Cast<string>());
        children[1].Tell("count");
        await _probe.Expect("b: 1");
    }

    [Fact]
    public async Task A_child_that_fails_too_often_is_stopped()
    {
        var strategy = new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart);
        System.ActorOf(Props.Create(() => new Supervisor(_probe.Ref, strategy, new[] { "a" })));
        var child = (await _probe.Next<IActorRef[]>())[0];
        await _probe.Expect("a: PreStart");
        for (var i = 0; i < 2; i++)
        {
            child.Tell("fail");
            await _probe.Expect("a: PreRestart fail", "a: PostStop", "a: new", "a: PostRestart fail", "a: PreStart");
        }

        child.Tell("fail");
        await _probe.Expect("a: PostStop");
    }

    [Fact]
    public async Task The_strategy_of_the_props_goes_before_that_of_the_class()
    {
        var props = Props.Create(() => new Supervisor(_probe.Ref, SupervisorStrategy.DefaultStrategy, new[] { "a" }))
            .WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy);
        System.ActorOf(props);
        var child = (await _probe.Next<IActorRef[]>())[0];
        await _probe.Expect("a: PreStart");
        child.Tell("fail");
        await _probe.Expect("a: PostStop");
    }

    [Fact]
    public async Task An_actor_that_cannot_be_created_is_stopped()
    {
        var actor = System.ActorOf(Props.Create(() => new FailsToStart()));
        _probe.Watch(actor);
        Assert.Equal(actor, (await _probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task Kill_is_a_failure_that_stops_by_default()
    {
        var actor = Actor((_, _) => true);
        await _probe.WatchAndWait(actor);
        actor.Tell(Kill.Instance);
        Assert.Equal(actor, (await _probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task The_failed_message_is_given_to_PreRestart()
    {
        Parent(_ => Directive.Restart, out var children);
        await _probe.Expect("a: PreStart");
        children[0].Tell("fail");
        Assert.Equal("a: PreRestart fail", await _probe.Next());
    }

    [Fact]
    public async Task Children_end_before_their_parent_is_restarted()
    {
        var actor = System.ActorOf(Props.Create(() => new Nested(_probe.Ref)));
        await _probe.Expect("child started");
        actor.Tell("fail");
        await _probe.Expect("child stopped", "new parent", "child started");
    }

    [Fact]
    public async Task Children_end_before_their_parent_does()
    {
        var actor = System.ActorOf(Props.Create(() => new Nested(_probe.Ref)));
        await _probe.Expect("child started");
        await _probe.WatchAndWait(actor);
        System.Stop(actor);
        await _probe.Expect("child stopped", "parent stopped");
        await _probe.Next<Terminated>();
    }

    [Fact]
    public async Task A_failure_while_failing_does_not_take_the_system_down()
    {
        var actor = System.ActorOf(Props.Create(() => new FailsEverywhere()));
        for (var i = 0; i < 20; i++)
            actor.Tell(new object());
        _probe.Watch(actor);
        System.Stop(actor);
        await _probe.Next<Terminated>();
        var other = Actor((context, message) =>
        {
            context.Sender.Tell(message);
            return true;
        });
        Assert.Equal("alive", await other.Ask<string>("alive", Patience));
    }

    [Fact]
    public async Task An_exception_of_any_kind_is_only_the_failure_of_its_actor()
    {
        foreach (var failure in new Exception[] { new OutOfMemoryException(), new AccessViolationException(),
            new ThreadInterruptedException(), new StackOverflowException(), new OperationCanceledException() })
        {
            var actor = Actor((context, message) =>
            {
                if (message is Exception e)
                    throw e;
                context.Sender.Tell(message);
                return true;
            });
            actor.Tell(failure);
            Assert.Equal("alive", await actor.Ask<string>("alive", Patience));
        }
    }

    [Fact]
    public async Task The_guardian_follows_the_configured_strategy()
    {
        using var system =
            NewSystem("akka.actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\"");
        var probe = new Probe(system);
        var actor = system.ActorOf(Props.Create(() => new Inline((_, _) => Fail())));
        await probe.WatchAndWait(actor);
        actor.Tell("anything");
        Assert.Equal(actor, (await probe.Next<Terminated>()).ActorRef);
        await system.Terminate();
    }

    async Task BothStarted() =>
        Assert.Equal(["a: PreStart", "b: PreStart"],
            new[] { await _probe.Next<string>(), await _probe.Next<string>() }.Order());

    static bool Fail() => throw new InvalidOperationException("on purpose");

    void Parent(Func<Exception, Directive> decider, out IActorRef[] children, params string[] names)
    {
        var strategy = new OneForOneStrategy(decider);
        var all = names.Length == 0 ? ["a"] : names;
        System.ActorOf(Props.Create(() => new Supervisor(_probe.Ref, strategy, all)));
        children = _probe.Next<IActorRef[]>().GetAwaiter().GetResult();
    }

    sealed class Supervisor : ReceiveActor
    {
        readonly SupervisorStrategy _strategy;
        readonly IActorRef _probe;

        public Supervisor(IActorRef probe, SupervisorStrategy strategy, string[] names)
        {
            _probe = probe;
            _strategy = strategy;
            Names = names;
        }

        string[] Names { get; }

        protected override void PreStart()
        {
            // A failing child must not be quicker than the list of the children.
            var gates = Names.Select(_ => new TaskCompletionSource()).ToArray();
            var children = Names.Select((name, i) =>
                Context.ActorOf(Props.Create(() => new Child(_probe, name, gates[i].Task)), name)).ToArray();
            _probe.Tell(children);
            foreach (var gate in gates)
                gate.SetResult();
        }

        protected override void PostRestart(Exception reason) => _probe.Tell("parent restarted: " + reason.Message);

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;
    }

    sealed class Child : ReceiveActor
    {
        static readonly ConcurrentDictionary<IActorRef, bool> Started = new();

        readonly IActorRef _probe;
        readonly string _name;
        readonly Task _gate;
        int _count;

        public Child(IActorRef probe, string name, Task gate)
        {
            _probe = probe;
            _name = name;
            _gate = gate;
            if (Started.ContainsKey(Self))
                _probe.Tell($"{name}: new");
            Receive<string>(s => s == "fail", _ => throw new InvalidOperationException("fail"));
            Receive<string>(s => s == "count", _ => _probe.Tell($"{_name}: {++_count}"));
            Receive<string>(s => _probe.Tell($"{_name}: {s}"));
        }

        protected override void PreStart()
        {
            _gate.Wait();
            Started[Self] = true;
            _probe.Tell($"{_name}: PreStart");
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _probe.Tell($"{_name}: PreRestart {message ?? reason.Message}");
            base.PreRestart(reason, message!);
        }

        protected override void PostRestart(Exception reason)
        {
            _probe.Tell($"{_name}: PostRestart {reason.Message}");
            base.PostRestart(reason);
        }

        protected override void PostStop() => _probe.Tell($"{_name}: PostStop");
    }

    sealed class FailsToStart : ReceiveActor
    {
        public FailsToStart() => throw new InvalidOperationException("on purpose");
    }

    sealed class FailsEverywhere : ReceiveActor
    {
        public FailsEverywhere() => ReceiveAny(_ => throw new InvalidOperationException("receive"));

        protected override void PreRestart(Exception reason, object message) =>
            throw new InvalidOperationException("PreRestart");

        protected override void PostStop() => throw new InvalidOperationException("PostStop");
    }

    sealed class Nested : ReceiveActor
    {
        readonly IActorRef _probe;
        bool _fresh = true;

        public Nested(IActorRef probe)
        {
            _probe = probe;
            ReceiveAny(_ => throw new InvalidOperationException("on purpose"));
        }

        protected override void PreStart()
        {
            _fresh = false;
            Context.ActorOf(Props.Create(() => new Leaf(_probe)), "leaf");
        }

        protected override void PreRestart(Exception reason, object message)
        {
            foreach (var child in Context.GetChildren())
                Context.Stop(child);
        }

        protected override void PostRestart(Exception reason)
        {
            Assert.True(_fresh);
            _probe.Tell("new parent");
            PreStart();
        }

        protected override void PostStop() => _probe.Tell("parent stopped");
    }

    sealed class Leaf(IActorRef probe) : ReceiveActor
    {
        protected override void PreStart() => probe.Tell("child started");

        protected override void PostStop() => probe.Tell("child stopped");
    }
}
