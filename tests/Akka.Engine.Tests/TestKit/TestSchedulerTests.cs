using Akka.Actor;
using Akka.TestKit;

namespace Akka.Engine.Tests.TestKit;

public class TestSchedulerTests()
    : Akka.TestKit.Xunit2.TestKit("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
{
    TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    void After(double seconds, object message, ICancelable? cancelable = null) =>
        Sys.Scheduler.ScheduleTellOnce(Seconds(seconds), TestActor, message, ActorRefs.NoSender, cancelable!);

    [Fact]
    public void Time_moves_only_when_told_to()
    {
        var before = Scheduler.Now;
        After(1, "tick");
        Scheduler.Advance(Seconds(0.999));
        ExpectNoMsg(TimeSpan.Zero);
        Scheduler.Advance(Seconds(0.001));
        ExpectMsg("tick");
        Assert.Equal(Seconds(1), Scheduler.Now - before);
        Scheduler.AdvanceTo(before + Seconds(5));
        Assert.Equal(Seconds(5), Scheduler.Now - before);
        Assert.Throws<InvalidOperationException>(() => Scheduler.AdvanceTo(before));
    }

    [Fact]
    public void What_is_due_happens_in_the_order_of_time_then_of_scheduling()
    {
        After(3, "d");
        After(2, "b");
        After(1, "a");
        After(2, "c");
        Scheduler.Advance(Seconds(3));
        Assert.Equal(["a", "b", "c", "d"], ReceiveN(4));
    }

    [Fact]
    public void What_was_cancelled_does_not_happen()
    {
        var cancelable = new Cancelable(Sys.Scheduler);
        After(1, "never", cancelable);
        cancelable.Cancel();
        Scheduler.Advance(Seconds(2));
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Repetitions_go_on_until_they_are_cancelled()
    {
        var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellRepeatedly(Seconds(1), Seconds(2), TestActor, "tick", ActorRefs.NoSender, cancelable);
        Scheduler.Advance(Seconds(1));
        ExpectMsg("tick");
        Scheduler.Advance(Seconds(1));
        ExpectNoMsg(TimeSpan.Zero);
        Scheduler.Advance(Seconds(1));
        ExpectMsg("tick");
        cancelable.Cancel();
        Scheduler.Advance(Seconds(2));
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Actions_run_on_the_thread_that_moves_the_clock()
    {
        var threads = new List<int>();
        Sys.Scheduler.Advanced.ScheduleOnce(Seconds(1), () => threads.Add(Environment.CurrentManagedThreadId));
        Sys.Scheduler.Advanced.ScheduleRepeatedly(Seconds(1), Seconds(1),
            () => threads.Add(Environment.CurrentManagedThreadId));
        Scheduler.Advance(Seconds(1));
        Scheduler.Advance(Seconds(1));
        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 3), threads);
    }

    [BundledFact]
    public void What_awaits_the_scheduler_goes_on_there_and_then()
    {
        var due = new TaskCompletionSource();
        var thread = 0;
        _ = WaitAsync();
        Sys.Scheduler.Advanced.ScheduleOnce(Seconds(1), due.SetResult);
        Scheduler.Advance(Seconds(1));
        Assert.Equal(Environment.CurrentManagedThreadId, thread);

        async Task WaitAsync()
        {
            await due.Task.ConfigureAwait(false);
            thread = Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public void Timers_and_receive_timeouts_of_actors_follow_the_clock()
    {
        // On this thread, because a receive timeout is armed only after the handler, of which the report is a part.
        var props = Props.Create(() => new Timed(TestActor)).WithDispatcher(CallingThreadDispatcher.Id);
        var actor = Sys.ActorOf(props);
        ExpectMsg("started");
        Scheduler.Advance(Seconds(1));
        ExpectMsg("once");
        Scheduler.Advance(Seconds(1));
        ExpectMsg("again");
        Scheduler.Advance(Seconds(2));
        ExpectMsg("again");
        actor.Tell("idle");
        ExpectMsg("idle");
        Scheduler.Advance(Seconds(10));
        ExpectMsg("timeout");
    }

    sealed class Timed : ReceiveActor, IWithTimers
    {
        readonly IActorRef _report;

        public Timed(IActorRef report)
        {
            _report = report;
            Receive<ReceiveTimeout>(_ =>
            {
                Context.SetReceiveTimeout(null);
                report.Tell("timeout");
            });
            Receive<string>(m =>
            {
                if (m == "idle")
                {
                    Timers.CancelAll();
                    Context.SetReceiveTimeout(Seconds(10));
                }
                report.Tell(m);
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartSingleTimer("one", "once", Seconds(1));
            Timers.StartPeriodicTimer("two", "again", Seconds(2));
            _report.Tell("started");
        }
    }
}
