using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Zab.Simulation.Machines;

/// <summary>The scheduler of a <see cref="Machine"/>: in the virtual time of its world.</summary>
public sealed class SimulatedScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    /// <summary>Where this is the scheduler.</summary>
    internal Machine Machine { get; } = Machine.BeingMade!;

    public override TimeSpan MonotonicClock => Machine.Monotonic;

    public override TimeSpan HighResMonotonicClock => Machine.Monotonic;

    protected override DateTimeOffset TimeNow => Machine.WallClock;

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Machine.Schedule(delay, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) =>
        Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Machine.Schedule(delay, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Machine.Schedule(delay, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action.Run, cancelable);

    private void Repeat(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        Machine.Schedule(initialDelay, Run, cancelable);

        void Run()
        {
            action();
            Machine.Schedule(interval, Run, cancelable);
        }
    }
}
