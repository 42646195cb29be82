using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>
/// Guards the calls of a journal or snapshot store: a call that takes longer than <c>call-timeout</c> fails, and after
/// <c>max-failures</c> failures in a row calls fail at once until <c>reset-timeout</c> has gone by. No call waits for
/// this, and none sets a timer of its own: calls in flight stand in a queue, and one timer watches its head.
/// </summary>
sealed class PluginBreaker
{
    readonly Lock _gate = new();
    readonly Queue<Call> _inFlight = new();
    readonly IScheduler _scheduler;
    readonly string _plugin;
    readonly int _maxFailures;
    readonly TimeSpan _callTimeout;
    readonly TimeSpan _resetTimeout;
    int _failures;
    TimeSpan _openUntil;
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
        var call = new Call<T>(this, task, _scheduler.HighResMonotonicClock + _callTimeout);
        lock (_gate)
        {
            while (_inFlight.TryPeek(out var head) && head.IsDone)
                _inFlight.Dequeue();
            _inFlight.Enqueue(call);
            if (!_timerSet)
            {
                _timerSet = true;
                _scheduler.Advanced.ScheduleOnce(_callTimeout, ExpireCalls);
            }
        }
        call.Start();
        return call.Result;
    }

    void ExpireCalls()
    {
        while (true)
        {
            Call head;
            lock (_gate)
            {
                if (!_inFlight.TryPeek(out head!))
                {
                    _timerSet = false;
                    return;
                }
                var left = head.Deadline - _scheduler.HighResMonotonicClock;
                if (!head.IsDone && left > TimeSpan.Zero)
                {
                    _scheduler.Advanced.ScheduleOnce(left, ExpireCalls);
                    return;
                }
                _inFlight.Dequeue();
            }
            head.Expire();
        }
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

    abstract class Call(TimeSpan deadline)
    {
        public TimeSpan Deadline { get; } = deadline;

        public abstract bool IsDone { get; }

        public abstract void Expire();
    }

    sealed class Call<T>(PluginBreaker breaker, Task<T> task, TimeSpan deadline) : Call(deadline)
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
