namespace Akka.Zab.Examples;

/// <summary>A lock that one process of all holds at a time, in the order in which they asked.</summary>
public class Mutex(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Do_something_alone(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var storage = new FencedStorage();

        await using (var hold = await new ZabMutex(zab, "/locks/orders").AcquireAsync(Stop))
            await storage.WriteAsync("order 1", hold.FencingToken, hold.Lost);

        Assert.Equal("order 1", storage.Value);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Do_something_alone_unless_another_does(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var other = await ConnectAsync(via);

        await using var hold = await new ZabMutex(zab, "/locks/orders").TryAcquireAsync(TimeSpan.Zero, Stop);
        Assert.NotNull(hold);
        Assert.Null(await new ZabMutex(other, "/locks/orders").TryAcquireAsync(TimeSpan.FromMilliseconds(10), Stop));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_method_that_locks_calls_another_that_does(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var mutex = new ZabMutex(zab, "/locks/orders", reentrant: true);
        await using var outer = await mutex.AcquireAsync(Stop);
        await using var inner = await mutex.AcquireAsync(Stop); // the same flow: at once
        Assert.Equal(outer.FencingToken, inner.FencingToken);
    }

    /// <summary>
    /// No lock over a network is certain: its holder may have been asleep since it last looked. So what it protects
    /// refuses tokens lower than one it has seen.
    /// </summary>
    private sealed class FencedStorage
    {
        private long _highest;

        public string? Value { get; private set; }

        public Task WriteAsync(string value, long fencingToken, CancellationToken lost)
        {
            lost.ThrowIfCancellationRequested();
            if (fencingToken < _highest) throw new InvalidOperationException("Another has the lock by now.");
            (_highest, Value) = (fencingToken, value);
            return Task.CompletedTask;
        }
    }
}
