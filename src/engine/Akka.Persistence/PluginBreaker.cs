using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>
/// Guards the calls of a journal or snapshot store: a call that takes longer than <c>call-timeout</c> fails, and after
/// <c>max-failures</c> failures in a row calls fail at once until <c>reset-timeout</c> has gone by. No call waits for
/// this, and none sets a timer of its own: calls in flight stand in a queue, and one timer watches its head.
/// </summary>
/// <remarks>
/// The time of a call is counted in ticks of that timer, so that only time in which this process runs counts: a process
/// that was stopped, or a machine that slept, finds its calls as it left them.
/// </remarks>
sealed class PluginBreaker
{
    const int TicksOfACall = 10;

    readonly Lock _gate = new();
    readonly Queue<Call> _inFlight = new();
    readonly IScheduler _scheduler;
    readonly string _plugin;
    readonly int _maxFailures;
    readonly TimeSpan _callTimeout;
    readonly TimeSpan _resetTimeout;
    int _failures;
    TimeSpan _openUntil;
    long _ticks;
    bool _timerSet;

    public PluginBreaker(IScheduler scheduler, string plugin, Config config)
    {
        _scheduler = scheduler;
        _plugin = plugin;
        _maxFailures = config.GetInt("circuit-breaker.max-failures", 10);
        _callTimeout = config.GetTimeSpan("circuit-breaker.call-timeout", TimeSpan.FromSeconds(10));
        _resetTimeout = config.GetTimeSpan("circuit-breaker.reset-timeout", TimeSpan.FromSeconds(30));
    }

    /// <summary>Runs a call. The task ends with the call's own end, or with the breaker's verdict.</summary>
    public Task<T> Run<TState, T>(TState state, Func<TState, Task<T>> call)
    {
        if (Volatile.Read(ref _failures) >= _maxFailures && Refuse() is { } refusal)
            return Task.FromException<T>(refusal);
        Task<T> task;
        try
        {
            task = call(state);
        }
        catch (Exception e)
        {
            task = Task.FromException<T>(e);
        }
        if (!task.IsCompleted)
            return Watch(task);
        Count(task.IsCompletedSuccessfully);
        return task;
    }

    Task<T> Watch<T>(Task<T> task)
    {
        Call<T> call;
        lock (_gate)
        {
            while (_inFlight.TryPeek(out var head) && head.IsDone)
                _inFlight.Dequeue();
            // The tick that is under way does not count.
            call = new Call<T>(this, task, _ticks + TicksOfACall + 1);
            _inFlight.Enqueue(call);
            if (!_timerSet)
                SetTimer();
        }
        call.Start();
        return call.Result;
    }

    void SetTimer()
    {
        _timerSet = true;
        _scheduler.Advanced.ScheduleOnce(_callTimeout / TicksOfACall, Tick);
    }

    void Tick()
    {
        List<Call>? expired = null;
        lock (_gate)
        {
            _ticks++;
            while (_inFlight.TryPeek(out var head) && (head.IsDone || head.LastTick <= _ticks))
            {
                _inFlight.Dequeue();
                if (!head.IsDone)
                    (expired ??= []).Add(head);
            }
            _timerSet = false;
            if (_inFlight.Count > 0)
                SetTimer();
        }
        foreach (var call in expired ?? [])
            call.Expire();
    }

    Exception? Refuse()
    {
        lock (_gate)
        {
            if (_failures < _maxFailures)
                return null;
            var now = _scheduler.HighResMonotonicClock;
            if (now < _openUntil)
                return new InvalidOperationException(
                    $"{_plugin} failed {_failures} times in a row; it is left alone for " +
                    $"{_resetTimeout.TotalSeconds} s before it is tried again.");
            // One call may try; the others wait for another reset-timeout unless it succeeds.
            _openUntil = now + _resetTimeout;
            return null;
        }
    }

    void Count(bool success)
    {
        if (success)
        {
            if (Volatile.Read(ref _failures) != 0)
                Volatile.Write(ref _failures, 0);
            return;
        }
        lock (_gate)
        {
            if (++_failures >= _maxFailures)
                _openUntil = _scheduler.HighResMonotonicClock + _resetTimeout;
        }
    }

    abstract class Call(long lastTick)
    {
        public long LastTick { get; } = lastTick;

        public abstract bool IsDone { get; }

        public abstract void Expire();
    }

    sealed class Call<T>(PluginBreaker breaker, Task<T> task, long lastTick) : Call(lastTick)
    {
        // Continuations run where the call ended, so that results leave in the order in which calls end.
        readonly TaskCompletionSource<T> _result = new();

        public Task<T> Result => _result.Task;

        public override bool IsDone => _result.Task.IsCompleted;

        public void Start() =>
            task.ContinueWith(
                static (_, state) => ((Call<T>)state!).End(), this, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        public override void Expire()
        {
            if (_result.TrySetException(new TimeoutException(
                $"{breaker._plugin} did not answer within {breaker._callTimeout.TotalSeconds} s.")))
                breaker.Count(success: false);
        }

        void End()
        {
            breaker.Count(task.IsCompletedSuccessfully);
            if (task.IsCompletedSuccessfully)
                _result.TrySetResult(task.Result);
            else if (task.IsCanceled)
                _result.TrySetCanceled();
            else
                _result.TrySetException(task.Exception!.InnerExceptions);
        }
    }
}
