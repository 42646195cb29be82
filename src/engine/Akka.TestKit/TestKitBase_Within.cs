using Akka.TestKit.Internal;

namespace Akka.TestKit;

// Blocks with a time limit, which every expectation in them shares.
public abstract partial class TestKitBase
{
    /// <summary>The block ends in time.</summary>
    /// <param name="max">The limit; also that of the expectations in the block.</param>
    /// <param name="action">The block.</param>
    /// <param name="epsilonValue">How much too late is still in time.</param>
    /// <param name="cancellationToken">Ends the wait for the block.</param>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>The block ends in time, and not too early.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(min, max, () =>
        {
            action();
            return true;
        }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, () => Task.FromResult(function()), hint, epsilonValue, cancellationToken).Await();

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, async () =>
        {
            await actionAsync();
            return true;
        }, hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        min.CheckFinite(nameof(min));
        max = Dilated(max.CheckFinite(nameof(max)));
        var start = Now;
        var outerEnd = _end;
        var limit = outerEnd is { } end ? max.Min(end - start) : max;
        if (limit < min) throw Failure($"The block shall take at least {min}, but only {limit} is left{Hinted(hint)}.");

        _lastWasSilence = false;
        _end = start + limit;
        T result;
        try
        {
            result = await Ended(function(), limit, hint, cancellationToken);
        }
        finally
        {
            _end = outerEnd;
        }

        var elapsed = Now - start;
        if (elapsed < min) throw Failure($"The block took {elapsed}; it should take at least {min}{Hinted(hint)}.");
        if (elapsed > limit + (epsilonValue ?? TimeSpan.Zero) && !_lastWasSilence)
            throw Failure($"The block took {elapsed}; it may take no more than {limit}{Hinted(hint)}.");
        return result;
    }

    // The block itself shall say what it is waiting for, so it has a little more time than its expectations.
    async Task<T> Ended<T>(Task<T> block, TimeSpan limit, string? hint, CancellationToken cancellationToken)
    {
        var longest = limit + TimeSpan.FromMilliseconds(200);
        await ((Task)block).WaitAsync(longest, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (block.IsCompleted) return await block;
        cancellationToken.ThrowIfCancellationRequested();
        throw Failure($"The block did not end within {limit}{Hinted(hint)}.");
    }
}
