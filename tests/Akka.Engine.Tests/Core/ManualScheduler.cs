using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Engine.Tests.Core;

/// <summary>A scheduler whose time stands still until the test moves it on.</summary>
public sealed class ManualScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log),
    IDateTimeOffsetNowTimeProvider
{
    public const string Hocon =
        "akka.scheduler.implementation = \"Akka.Engine.Tests.Core.ManualScheduler, Akka.Engine.Tests\"";

    readonly Lock _lock = new();
    readonly PriorityQueue<Job, (TimeSpan, long)> _jobs = new();
    TimeSpan _now;
    long _number;

    public override TimeSpan MonotonicClock => _now;

    public override TimeSpan HighResMonotonicClock => _now;

    protected override DateTimeOffset TimeNow => DateTimeOffset.UnixEpoch + _now;

    /// <summary>How many jobs wait that nobody has called off.</summary>
    public int Pending
    {
        get
        {
            lock (_lock)
                return _jobs.UnorderedItems.Count(job => job.Element.Cancelable is not { IsCancellationRequested: true });
        }
    }

    public void Advance(TimeSpan time)
    {
        var until = _now + time;
        while (Next(until) is { } job)
            job.Run();
        _now = until;
    }

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message,
        IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender!), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender!), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(delay, null, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Add(delay, null, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable? cancelable) =>
        Add(initialDelay, interval, action.Run, cancelable);

    void Add(TimeSpan delay, TimeSpan? interval, Action run, ICancelable? cancelable)
    {
        lock (_lock)
            _jobs.Enqueue(new Job(_now + delay, interval, run, cancelable), (_now + delay, _number++));
    }

    Job? Next(TimeSpan until)
    {
        lock (_lock)
        {
            while (_jobs.TryPeek(out var job, out _) && job.Due <= until)
            {
                _jobs.Dequeue();
                if (job.Cancelable is { IsCancellationRequested: true })
                    continue;
                _now = job.Due;
                if (job.Interval is { } interval)
                    _jobs.Enqueue(job with { Due = job.Due + interval }, (job.Due + interval, _number++));
                return job;
            }

            return null;
        }
    }

    sealed record Job(TimeSpan Due, TimeSpan? Interval, Action Run, ICancelable? Cancelable);
}
