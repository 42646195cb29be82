namespace Akka.TestKit.Extensions;

/// <summary>Waits for tasks with a limit.</summary>
public static class TaskExtensions
{
    /// <summary>Whether the task ends in time; if it ends by an exception, that is thrown.</summary>
    public static async Task<bool> AwaitWithTimeout(this Task parentTask, TimeSpan timeout,
        CancellationToken cancellationToken = default)
    {
        // A task that ends just as the time is up has ended.
        await parentTask.WaitAsync(timeout, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!parentTask.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        await parentTask;
        return true;
    }

    /// <exception cref="TimeoutException">The task does not end in time.</exception>
    public static Task<T> WithTimeout<T>(this Task<T> parentTask, TimeSpan timeout,
        CancellationToken cancellationToken = default) => parentTask.WaitAsync(timeout, cancellationToken);
}
