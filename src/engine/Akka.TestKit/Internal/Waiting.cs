namespace Akka.TestKit.Internal;

/// <summary>Blocks the calling thread until an asynchronous expectation is decided.</summary>
static class Waiting
{
    public static T Wait<T>(this ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    public static void Wait(this ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }

    public static T Await<T>(this Task<T> task) => task.GetAwaiter().GetResult();

    public static void Await(this Task task) => task.GetAwaiter().GetResult();

    public static List<T> ToList<T>(this IAsyncEnumerable<T> items, CancellationToken cancellationToken) =>
        items.ToListAsync(cancellationToken).Wait();
}
