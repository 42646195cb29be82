using Akka.TestKit.Internal;

namespace Akka.TestKit;

// Conditions that come true some time.
public abstract partial class TestKitBase
{
    static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Repeats the assertions until they pass.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(assertion, duration, interval, cancellationToken).Await();

    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(() =>
        {
            assertion();
            return Task.CompletedTask;
        }, duration, interval, cancellationToken);

    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default)
    {
        var stop = Now + RemainingOrDilated(duration);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pause = (stop - Now).Min(interval ?? DefaultInterval);
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (pause > TimeSpan.Zero && Now + pause < stop)
            {
                // Not yet.
            }
            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>Asks for the condition until it holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, cancellationToken).Await();

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max,
        CancellationToken cancellationToken = default) =>
        HoldsAsync(Async(conditionIsFulfilled), max, null, null, cancellationToken).Await();

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        HoldsAsync(Async(conditionIsFulfilled), max, null, message, cancellationToken).Await();

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval,
        string? message = null, CancellationToken cancellationToken = default) =>
        HoldsAsync(Async(conditionIsFulfilled), max, interval, message, cancellationToken).Await();

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        HoldsAsync(Async(conditionIsFulfilled), null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        HoldsAsync(Async(conditionIsFulfilled), max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval,
        string? message = null, CancellationToken cancellationToken = default) =>
        HoldsAsync(Async(conditionIsFulfilled), max, interval, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled,
        CancellationToken cancellationToken = default) =>
        HoldsAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max,
        CancellationToken cancellationToken = default) =>
        HoldsAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        HoldsAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval,
        string? message = null, CancellationToken cancellationToken = default) =>
        HoldsAsync(conditionIsFulfilled, max, interval, message, cancellationToken);

    /// <summary>Asks for the condition until it holds, and tells whether it did.</summary>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(conditionIsFulfilled, max, interval, cancellationToken).Await();

    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max,
        TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(Async(conditionIsFulfilled), max, interval, cancellationToken);

    public Task<bool> AwaitConditionNoThrowAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max,
        TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        ComesTrueAsync(conditionIsFulfilled, max, interval ?? DefaultInterval, cancellationToken);

    async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan? max, TimeSpan? interval, string? message,
        CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(max);
        LogCall("Waiting up to {0} for a condition", limit);
        if (!await ComesTrueAsync(condition, limit, interval ?? limit / 10, cancellationToken))
            throw Failure($"Timeout {limit} while waiting for a condition{Hinted(message)}.");
    }

    static async Task<bool> ComesTrueAsync(Func<Task<bool>> condition, TimeSpan max, TimeSpan interval,
        CancellationToken cancellationToken)
    {
        var stop = Now + max.CheckFinite(nameof(max));
        while (!await condition())
        {
            var left = stop - Now;
            if (left <= TimeSpan.Zero) return false;
            await Task.Delay(left.Min(interval), cancellationToken);
        }
        return true;
    }

    static Func<Task<bool>> Async(Func<bool> condition) => () => Task.FromResult(condition());
}
