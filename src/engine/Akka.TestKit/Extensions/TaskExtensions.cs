namespace Akka.TestKit.Extensions;

/// <summary>Waits for tasks with a limit.</summary>
public static class TaskExtensions
{
    /// <summary>Whether the task ends in time; if it ends by an exception, that is thrown.</summary>
    public static async Task<bool> AwaitWithTimeout(this Task parentTask, TimeSpan timeout,
        CancellationToken cancellationToken = default)
    {
        try
        {
            await parentTask.WaitAsync(timeout, cancellationToken);
            return true;
        }
        catch (TimeoutException) when (!parentTask.IsCompleted)
        {
            return false;
        }
    }

    /// <exception cref="TimeoutException">The task does not end in time.</exception>
    public static Task<T> WithTimeout<T>(this Task<T> parentTask, TimeSpan timeout,
        CancellationToken cancellationToken = default) => parentTask.WaitAsync(timeout, cancellationToken);
}
