using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose clock moves only when the test says so. What is due happens on the thread that moves the clock,
/// in the order of the due times, and for equal times in the order of scheduling.
/// </summary>
/// <remarks>
/// The clock jumps: when a due item runs, <see cref="Now"/> is already the time advanced to. An item that repeats runs
/// once in each jump that reaches it, and is due again its interval after the jump's end.
/// </remarks>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    readonly Lock _lock = new();
    readonly PriorityQueue<Item, (long Due, long Order)> _items = new();
    readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    DateTimeOffset _now;
    long _order;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _now = _start;

    public DateTimeOffset Now => TimeNow;

    protected DateTimeOffset TimeNow
    {
        get
        {
            lock (_lock) return _now;
        }
    }

    /// <summary>Virtual time since the scheduler was made.</summary>
    public TimeSpan MonotonicClock => TimeNow - _start;

    /// <summary>Virtual time since the scheduler was made.</summary>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    /// <summary>Moves the clock on, then runs everything that was due by then when the clock moved.</summary>
    public void Advance(TimeSpan offset)
    {
        var due = new List<(long Time, Item Item)>();
        lock (_lock)
        {
            _now += offset;
            while (_items.TryPeek(out var item, out var when) && when.Due <= _now.Ticks)
            {
                _items.Dequeue();
                due.Add((when.Due, item));
            }
        }

        // What is due belongs to the system under test, whose awaits must not end up where those of the test do.
        var testContext = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Run(due);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(testContext);
        }
    }

    public void AdvanceTo(DateTimeOffset when)
    {
        var offset = when - TimeNow;
        if (offset < TimeSpan.Zero)
            throw new InvalidOperationException($"Time does not go back: it is {TimeNow}, not {when}.");
        Advance(offset);
    }

    void ITellScheduler.ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Enqueue(delay, new Item(() => receiver.Tell(message, sender), null, null));

    void ITellScheduler.ScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Enqueue(delay, new Item(() => receiver.Tell(message, sender), null, cancelable));

    void ITellScheduler.ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Enqueue(initialDelay, new Item(() => receiver.Tell(message, sender), interval, null));

    void ITellScheduler.ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef? sender, ICancelable? cancelable) =>
        Enqueue(initialDelay, new Item(() => receiver.Tell(message, sender), interval, cancelable));

    public void ScheduleOnce(TimeSpan delay, Action action) => Enqueue(delay, new Item(action, null, null));

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Enqueue(delay, new Item(action, null, cancelable));

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Enqueue(initialDelay, new Item(action, interval, null));

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Enqueue(initialDelay, new Item(action, interval, cancelable));

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Enqueue(delay, new Item(action.Run, null, null));

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Enqueue(delay, new Item(action.Run, null, cancelable));

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        Enqueue(initialDelay, new Item(action.Run, interval, null));

    public void ScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Enqueue(initialDelay, new Item(action.Run, interval, cancelable));

    void Run(List<(long Time, Item Item)> due)
    {
        for (var first = 0; first < due.Count;)
        {
            var end = first;
            while (end < due.Count && due[end].Time == due[first].Time) end++;
            for (var i = first; i < end; i++)
                if (!due[i].Item.IsCancelled) due[i].Item.Run();
            for (var i = first; i < end; i++)
                if (due[i].Item is { Interval: { } interval, IsCancelled: false } again) Enqueue(interval, again);
            first = end;
        }
    }

    void Enqueue(TimeSpan delay, Item item)
    {
        lock (_lock) _items.Enqueue(item, ((_now + delay).Ticks, _order++));
    }

    sealed record Item(Action Run, TimeSpan? Interval, ICancelable? Cancelable)
    {
        public bool IsCancelled => Cancelable is { IsCancellationRequested: true };
    }
}
