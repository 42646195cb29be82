using Akka.Actor;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit.Internal;

/// <summary>Applies filters: an event counts if one of them picks it.</summary>
sealed class EventFilterApplier(TestKitBase testKit, ActorSystem system, IReadOnlyList<LogFilter> filters)
    : IEventFilterApplier
{
    public EventFilterFactory And => new(testKit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func,
        CancellationToken cancellationToken = default) => ExpectAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, null, Block(action), cancellationToken).Await();

    public void Expect(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, timeout, Block(action), cancellationToken).Await();

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, null, () => Task.FromResult(func()), cancellationToken).Await();

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func,
        CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, timeout, () => Task.FromResult(func()), cancellationToken).Await();

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, null, Block(actionAsync), cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, TimeSpan? timeout,
        CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, timeout, Block(actionAsync), cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action,
        CancellationToken cancellationToken = default) =>
        CountAsync(expectedCount, timeout, Block(action), cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func,
        CancellationToken cancellationToken = default) => CountAsync(expectedCount, null, func, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func,
        CancellationToken cancellationToken = default) => CountAsync(expectedCount, timeout, func, cancellationToken);

    public void Mute(Action action, CancellationToken cancellationToken = default) =>
        CountAsync(null, null, Block(action), cancellationToken).Await();

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        CountAsync(null, null, () => Task.FromResult(func()), cancellationToken).Await();

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        CountAsync(null, null, Block(action), cancellationToken);

    public Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        CountAsync(null, null, func, cancellationToken);

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new Mute(filters));
        return new Muted(system, filters);
    }

    static Func<Task<bool>> Block(Action action) => () =>
    {
        action();
        return Task.FromResult(true);
    };

    static Func<Task<bool>> Block(Func<Task> action) => async () =>
    {
        await action();
        return true;
    };

    /// <summary>Runs the block with the filters in force; with an expected count, waits for that many events.</summary>
    async Task<T> CountAsync<T>(int? expected, TimeSpan? timeout, Func<Task<T>> block,
        CancellationToken cancellationToken)
    {
        var count = 0;
        void CountOne() => Interlocked.Increment(ref count);

        var limit = timeout is { } given
            ? testKit.Dilated(given)
            : TestKitExtension.For(system).TestEventFilterLeeway;
        foreach (var filter in filters) filter.Matched += CountOne;
        system.EventStream.Publish(new Mute(filters));
        try
        {
            var result = await block();
            if (expected is { } wanted)
            {
                await testKit.AwaitConditionNoThrowAsync(
                    () => Volatile.Read(ref count) >= Math.Max(wanted, 1), limit, cancellationToken: cancellationToken);
                var got = Volatile.Read(ref count);
                if (got != wanted)
                    throw testKit.Failure($"Expected {wanted} log events ({string.Join(" or ", filters)}), "
                        + (got < wanted ? $"but only {got} came within {limit}." : $"but {got} came."));
            }
            return result;
        }
        finally
        {
            foreach (var filter in filters) filter.Matched -= CountOne;
            system.EventStream.Publish(new Unmute(filters));
        }
    }

    sealed class Muted(ActorSystem system, IReadOnlyList<LogFilter> filters) : IUnmutableFilter
    {
        int _unmuted;

        public void Unmute()
        {
            if (Interlocked.Exchange(ref _unmuted, 1) == 0) system.EventStream.Publish(new Unmute(filters));
        }

        public void Dispose() => Unmute();
    }
}
