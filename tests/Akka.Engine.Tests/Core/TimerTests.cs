using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class TimerTests : ActorSystemTest
{
    readonly ManualScheduler _time;
    readonly Probe _probe;

    public TimerTests()
        : base(ManualScheduler.Hocon)
    {
        _time = (ManualScheduler)System.Scheduler;
        _probe = NewProbe();
    }

    [Fact]
    public async Task A_single_timer_fires_once()
    {
        var actor = await Do(t => t.StartSingleTimer("key", "fired", Seconds(5)));
        await Pass(actor, 4.9);
        await _probe.ExpectNothingMore();
        await Pass(actor, 0.1);
        await _probe.Expect("fired");
        await Pass(actor, 100);
        await _probe.ExpectNothingMore();
        actor.Tell(new Action<ITimerScheduler>(t => _probe.Ref.Tell(t.IsTimerActive("key"))));
        await _probe.Expect(false);
    }

    [Fact]
    public async Task A_periodic_timer_fires_until_it_is_cancelled()
    {
        var actor = await Do(t => t.StartPeriodicTimer("key", "tick", Seconds(1), Seconds(10)));
        await Pass(actor, 1);
        await _probe.Expect("tick");
        await Pass(actor, 30);
        await _probe.Expect("tick", "tick", "tick");
        await Do(actor, t => t.Cancel("key"));
        await Pass(actor, 100);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_timer_that_is_started_anew_replaces_the_one_before()
    {
        var actor = await Do(t =>
        {
            t.StartSingleTimer("key", "old", Seconds(5));
            t.StartSingleTimer("other", "other", Seconds(6));
            t.StartSingleTimer("key", "new", Seconds(7));
        });
        await Pass(actor, 10);
        await _probe.Expect("other", "new");
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_fire_even_if_its_message_is_in_the_mailbox()
    {
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var actor = await Do(t => t.StartSingleTimer("key", "fired", Seconds(5)));
        actor.Tell(new Action<ITimerScheduler>(t =>
        {
            inside.SetResult();
            goOn.Task.Wait();
            t.Cancel("key");
        }));
        await inside.Task.WaitAsync(Patience);
        _time.Advance(Seconds(5));
        goOn.SetResult();
        await Handled(actor);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_restarted_timer_ignores_the_message_of_the_one_before_that_is_in_the_mailbox()
    {
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var actor = await Do(t => t.StartSingleTimer("key", "old", Seconds(5)));
        actor.Tell(new Action<ITimerScheduler>(t =>
        {
            inside.SetResult();
            goOn.Task.Wait();
            t.StartSingleTimer("key", "new", Seconds(5));
        }));
        await inside.Task.WaitAsync(Patience);
        _time.Advance(Seconds(5));
        goOn.SetResult();
        await Handled(actor);
        await _probe.ExpectNothingMore();
        await Pass(actor, 5);
        await _probe.Expect("new");
    }

    [Fact]
    public async Task Timers_end_when_the_actor_is_restarted()
    {
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var actor = await Do(t =>
        {
            t.StartPeriodicTimer("key", "tick", Seconds(5));
            t.StartSingleTimer("other", "fired", Seconds(5));
        });
        actor.Tell(new Action<ITimerScheduler>(_ =>
        {
            inside.SetResult();
            goOn.Task.Wait();
            throw new InvalidOperationException("on purpose");
        }));
        await inside.Task.WaitAsync(Patience);
        _time.Advance(Seconds(5));
        goOn.SetResult();
        await Pass(actor, 100);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task The_message_of_a_timer_from_before_a_restart_is_not_taken_for_one_of_the_timer_after_it()
    {
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new StartsTimer(_probe.Ref)));
        await Handled(actor);
        actor.Tell(new Action(() =>
        {
            inside.SetResult();
            goOn.Task.Wait();
            throw new InvalidOperationException("on purpose");
        }));
        await inside.Task.WaitAsync(Patience);
        _time.Advance(Seconds(5));
        goOn.SetResult();
        await Handled(actor);
        await _probe.ExpectNothingMore();
        await Pass(actor, 5);
        await _probe.Expect("fired");
    }

    [Fact]
    public async Task Timers_end_when_the_actor_stops()
    {
        var actor = await Do(t => t.StartPeriodicTimer("key", "tick", Seconds(5)));
        var letters = NewProbe();
        System.EventStream.Subscribe(letters.Ref, typeof(Event.AllDeadLetters));
        Assert.True(await actor.GracefulStop(Patience));
        _time.Advance(Seconds(100));
        await _probe.ExpectNothingMore();
        await letters.ExpectNothingMore();
    }

    [Fact]
    public async Task CancelAll_cancels_every_timer()
    {
        var actor = await Do(t =>
        {
            t.StartPeriodicTimer(1, "tick", Seconds(5));
            t.StartSingleTimer(2, "fired", Seconds(5));
            _probe.Ref.Tell(t.ActiveTimers.Count);
            t.CancelAll();
            _probe.Ref.Tell(t.ActiveTimers.Count);
        });
        await _probe.Expect(2, 0);
        await Pass(actor, 100);
        await _probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_timer_message_can_be_stashed()
    {
        var actor = System.ActorOf(Props.Create(() => new StashesTimer(_probe.Ref)));
        await Pass(actor, 5);
        actor.Tell("open");
        await _probe.Expect("fired");
    }

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    async Task<IActorRef> Do(Action<ITimerScheduler> action)
    {
        var actor = System.ActorOf(Props.Create(() => new Timed(_probe.Ref)));
        await Do(actor, action);
        return actor;
    }

    static async Task Do(IActorRef actor, Action<ITimerScheduler> action)
    {
        actor.Tell(action);
        await Handled(actor);
    }

    async Task Pass(IActorRef actor, double seconds)
    {
        await Handled(actor);
        _time.Advance(Seconds(seconds));
        await Handled(actor);
    }

    sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef probe)
        {
            Receive<Action<ITimerScheduler>>(action => action(Timers));
            ReceiveAny(message => probe.Tell(message));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    sealed class StartsTimer : ReceiveActor, IWithTimers
    {
        public StartsTimer(IActorRef probe)
        {
            Receive<Action>(action => action());
            ReceiveAny(message => probe.Tell(message));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("key", "fired", Seconds(5));
    }

    sealed class StashesTimer : ReceiveActor, IWithTimers, IWithUnboundedStash
    {
        public StashesTimer(IActorRef probe)
        {
            Receive<string>(s => s == "fired", _ => Stash.Stash());
            Receive<string>(s => s == "open", _ =>
            {
                Become(() => ReceiveAny(message => probe.Tell(message)));
                Stash.UnstashAll();
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        public IStash Stash { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("key", "fired", Seconds(5));
    }
}
