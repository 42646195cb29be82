using Akka.Configuration;
using Akka.Persistence;
using Akka.TestKit;

namespace Akka.Engine.Tests.Persistence.Bundled;

/// <summary>The circuit breaker around journals and snapshot stores, in virtual time.</summary>
public sealed class PluginBreakerTests() : Akka.TestKit.Xunit2.TestKit(
    """akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
{
    static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_call_that_takes_too_long_fails()
    {
        var (breaker, time) = Create();
        var call = breaker.Run(new TaskCompletionSource<int>(), static source => source.Task);
        for (var second = 0; second < 10; second++)
        {
            Assert.False(call.IsCompleted);
            time.Advance(s_second);
        }
        time.Advance(s_second);
        Assert.Equal("journal did not answer within 10 s.", call.Exception!.InnerException!.Message);
    }

    [Fact]
    public async Task A_call_has_its_time_again_after_the_process_was_stopped()
    {
        var (breaker, time) = Create();
        var source = new TaskCompletionSource<int>();
        var call = breaker.Run(source, static s => s.Task);
        time.Advance(s_second);
        time.Advance(TimeSpan.FromHours(1));
        for (var second = 0; second < 8; second++)
            time.Advance(s_second);
        Assert.False(call.IsCompleted);
        source.SetResult(7);
        Assert.Equal(7, await call);
    }

    [Fact]
    public async Task After_enough_failures_calls_fail_at_once_until_one_may_try()
    {
        var (breaker, time) = Create();
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAsync<InvalidDataException>(
                () => breaker.Run(0, static _ => Task.FromException<int>(new InvalidDataException())));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => breaker.Run(0, static _ => Task.FromResult(1)));
        Assert.StartsWith("journal failed 2 times in a row", refusal.Message);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1, await breaker.Run(0, static _ => Task.FromResult(1)));
        Assert.Equal(2, await breaker.Run(0, static _ => Task.FromResult(2)));
    }

    (PluginBreaker Breaker, TestScheduler Time) Create() => (
        new PluginBreaker(Sys.Scheduler, "journal", ConfigurationFactory.ParseString(
            "circuit-breaker { max-failures = 2, call-timeout = 10s, reset-timeout = 30s }")),
        (TestScheduler)Sys.Scheduler);
}
