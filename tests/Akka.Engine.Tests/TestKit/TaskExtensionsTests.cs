using Akka.TestKit.Extensions;

namespace Akka.Engine.Tests.TestKit;

public class TaskExtensionsTests
{
    [Fact]
    public async Task A_task_in_time_is_told_from_one_that_is_not()
    {
        Assert.True(await Task.CompletedTask.AwaitWithTimeout(TimeSpan.FromSeconds(20)));
        Assert.False(await new TaskCompletionSource().Task.AwaitWithTimeout(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task How_a_task_fails_is_told_too() =>
        await Assert.ThrowsAsync<TimeoutException>(
            () => Task.FromException(new TimeoutException("its own")).AwaitWithTimeout(TimeSpan.FromSeconds(20)));

    [Fact]
    public async Task A_task_that_ends_just_as_the_time_is_up_is_one_or_the_other()
    {
        var limit = TimeSpan.FromMilliseconds(1);
        // That it does not throw is the point: either answer is right.
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Delay(limit).AwaitWithTimeout(limit)));
    }
}
