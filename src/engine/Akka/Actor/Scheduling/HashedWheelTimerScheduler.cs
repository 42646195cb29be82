using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The default scheduler: one thread that sleeps until the next job is due. It bears Akka.NET's name, so that
/// configurations that name it work; inside it is a queue ordered by time, which fires within about a millisecond
/// rather than a wheel's tick.
/// </summary>
public class HashedWheelTimerScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    // Below this many jobs, cancelled ones just wait for their time to come.
    const int FewJobs = 1024;

    readonly object _lock = new();
    readonly PriorityQueue<Job, (long Due, long Number)> _jobs = new();
    Thread? _thread;
    long _number;
    int _sweepAt = FewJobs;
    bool _stopped;

    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
    }

    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    public override TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(0);

    protected override DateTimeOffset TimeNow => DateTimeOffset.UtcNow;

    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            _jobs.Clear();
            Monitor.PulseAll(_lock);
        }
    }

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message,
        IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, new TellJob(receiver, message, sender, cancelable));

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, new TellJob(receiver, message, sender, cancelable) { Interval = interval.Ticks });

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(delay, new ActionJob(action, cancelable));

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Add(delay, new ActionJob(action.Run, cancelable));

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Add(initialDelay, new ActionJob(action, cancelable) { Interval = interval.Ticks });

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable? cancelable) =>
        Add(initialDelay, new ActionJob(action.Run, cancelable) { Interval = interval.Ticks });

    static long Ticks => Stopwatch.GetElapsedTime(0).Ticks;

    void Add(TimeSpan delay, Job job)
    {
        if (job.IsCancelled)
            return;
        job.Due = Ticks + Math.Min(delay.Ticks, TimeSpan.TicksPerDay * 36500);
        lock (_lock)
        {
            if (_stopped)
                throw new SchedulerException("The scheduler has been stopped; the actor system is terminating.");
            if (_jobs.Count >= _sweepAt)
                Sweep();
            Enqueue(job);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "akka-scheduler" };
                _thread.Start();
            }
            else if (_jobs.Peek() == job)
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    void Enqueue(Job job) => _jobs.Enqueue(job, (job.Due, _number++));

    // Jobs that are set and called off all the time must not fill the memory until each is due.
    void Sweep()
    {
        var live = _jobs.UnorderedItems.Where(item => !item.Element.IsCancelled).ToArray();
        _jobs.Clear();
        _jobs.EnqueueRange(live);
        _sweepAt = Math.Max(FewJobs, live.Length * 2);
    }

    void Run()
    {
        while (Next() is { } job)
        {
            try
            {
                job.Execute();
            }
            catch (Exception e)
            {
                Log.Error(e, "A scheduled job failed: {0}", e.Message);
            }
        }
    }

    Job? Next()
    {
        lock (_lock)
        {
            while (!_stopped)
            {
                if (_jobs.Count == 0)
                {
                    Monitor.Wait(_lock);
                    continue;
                }

                var job = _jobs.Peek();
                var now = Ticks;
                if (job.IsCancelled)
                {
                    _jobs.Dequeue();
                }
                else if (job.Due > now)
                {
                    var wait = (job.Due - now + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
                    Monitor.Wait(_lock, (int)Math.Min(wait, int.MaxValue));
                }
                else
                {
                    _jobs.Dequeue();
                    if (job.Interval > 0)
                    {
                        // At a fixed rate, but what was missed (a machine that slept) is not made up for in a burst.
                        job.Due = Math.Max(job.Due + job.Interval, now);
                        Enqueue(job);
                    }

                    return job;
                }
            }

            return null;
        }
    }

    abstract class Job(ICancelable? cancelable)
    {
        public long Due { get; set; }

        public long Interval { get; init; }

        public bool IsCancelled => cancelable is { IsCancellationRequested: true };

        public abstract void Execute();
    }

    sealed class TellJob(ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable)
        : Job(cancelable)
    {
        public override void Execute() => receiver.Tell(message, sender);
    }

    sealed class ActionJob(Action action, ICancelable? cancelable) : Job(cancelable)
    {
        public override void Execute() => action();
    }
}
