using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Zab.Extensions.Tests;

/// <summary>Locks by name, from the service provider.</summary>
[Collection(OneServerCollection.Name)]
public sealed class LockTests(OneServer server) : IAsyncLifetime
{
    private IHost _host = null!;

    public async Task InitializeAsync()
    {
        var builder = OneServer.Builder();
        builder.Services.AddZabClient(await server.RootAsync());
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private IZabLockProvider Locks => _host.Services.GetRequiredService<IZabLockProvider>();

    [Fact]
    public async Task A_lock_is_had_by_one_at_a_time_and_its_token_grows()
    {
        var orders = Locks.CreateLock("orders/4711 …");
        long first;
        await using (var handle = await orders.AcquireAsync())
        {
            first = handle.FencingToken;
            Assert.Null(await orders.TryAcquireAsync());
            await Assert.ThrowsAsync<TimeoutException>(() => orders.AcquireAsync(TimeSpan.FromMilliseconds(20)));
            await using var another = await Locks.CreateLock("orders").TryAcquireAsync();
            Assert.NotNull(another);
            Assert.False(handle.HandleLost.IsCancellationRequested);
        }
        await using var next = await orders.TryAcquireAsync();
        Assert.True(next!.FencingToken > first);
    }

    [Fact]
    public async Task Readers_share_a_lock_that_a_writer_has_alone()
    {
        var stock = Locks.CreateReaderWriterLock("stock");
        await using (await stock.Reader.AcquireAsync())
        await using (var second = await stock.Reader.TryAcquireAsync())
        {
            Assert.NotNull(second);
            Assert.Null(await stock.Writer.TryAcquireAsync());
        }
        await using var writer = await stock.Writer.TryAcquireAsync();
        Assert.NotNull(writer);
        Assert.Null(await stock.Reader.TryAcquireAsync());
    }

    [Fact]
    public async Task A_semaphore_is_had_by_so_many()
    {
        var two = Locks.CreateSemaphore("two", 2);
        await using var a = await two.AcquireAsync();
        await using var b = await two.TryAcquireAsync();
        Assert.NotNull(b);
        Assert.Null(await two.TryAcquireAsync());
        Assert.Throws<ArgumentOutOfRangeException>(() => Locks.CreateSemaphore("none", 0));
    }

    [Fact]
    public async Task A_lock_is_lost_with_its_session_and_had_again_with_the_next()
    {
        var clients = _host.Services.GetRequiredService<IZabClientProvider>();
        var orders = Locks.CreateLock("orders");
        await using var handle = await orders.AcquireAsync();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = handle.HandleLost.Register(lost.SetResult);
        var client = await clients.GetAsync();
        client.Abandon();
        await lost.Task.WaitAsync(OneServer.Patience);
        // The server lets go when the session has timed out; until then it is in the way of its own successor.
        await using var again = await orders.AcquireAsync(OneServer.Patience);
        Assert.True(again.FencingToken > handle.FencingToken);
    }

    [Fact]
    public async Task Who_waits_in_a_line_whose_session_ends_waits_again_in_the_next()
    {
        var attempts = 0;
        var orders = new ZabLock(
            "orders", _host.Services.GetRequiredService<IZabClientProvider>(),
            (zab, cancellation) => attempts++ == 0
                ? throw new SessionExpiredException(null)
                : new ZabMutex(zab, "/m").AcquireAsync(cancellation),
            (_, _, _) => Task.FromResult<Hold?>(null));
        await using var handle = await orders.AcquireAsync();
        Assert.Equal(2, attempts);
        Assert.Null(await orders.TryAcquireAsync());
    }

    [Fact]
    public void Names_that_differ_are_znodes_that_differ()
    {
        var locks = new ZabLockProvider(null!, "/locks", TimeProvider.System);
        string[] names = ["a", "a/b", "a%2Fb", ".", "..", "%2E", "A", " ", "ä"];
        var paths = names.Select(name => locks.PathOf("mutex", name)).ToList();
        Assert.Equal(names.Length, paths.Distinct(StringComparer.Ordinal).Count());
        Assert.All(paths, path => Assert.Equal(3, path.Count(character => character == '/')));
        Assert.All(paths, path => Assert.DoesNotContain("/.", path, StringComparison.Ordinal));
    }
}
