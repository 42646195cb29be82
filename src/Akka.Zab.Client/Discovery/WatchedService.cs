using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Discovery;

/// <summary>The instances of one service, kept up to date from when somebody first asks.</summary>
/// <param name="watch">
/// The instances as they are, and again whenever they change; it fails when the session is over, and is begun anew when
/// somebody asks after that.
/// </param>
internal sealed class WatchedService(Func<IAsyncEnumerable<IReadOnlyList<ServiceInstance>>> watch)
{
    private readonly Lock _lock = new();
    private Task<IReadOnlyList<ServiceInstance>>? _latest;

    /// <summary>As they were last seen; if nobody follows them yet, when they have been read.</summary>
    /// <exception cref="ZabException">They could not be read.</exception>
    public Task<IReadOnlyList<ServiceInstance>> InstancesAsync()
    {
        TaskCompletionSource<IReadOnlyList<ServiceInstance>> first;
        lock (_lock)
        {
            if (_latest is not null) return _latest;
            first = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _latest = first.Task;
        }
        _ = FollowAsync(first);
        return first.Task;
    }

    private async Task FollowAsync(TaskCompletionSource<IReadOnlyList<ServiceInstance>> first)
    {
        try
        {
            await foreach (var instances in watch().ConfigureAwait(false))
            {
                lock (_lock) _latest = Task.FromResult(instances);
                first.TrySetResult(instances);
            }
            first.TrySetCanceled();
        }
        catch (Exception e)
        {
            // Later than the first it is nobody's affair: whoever asks next has it read anew.
            if (e is OperationCanceledException) first.TrySetCanceled();
            else first.TrySetException(e);
        }
        finally
        {
            lock (_lock) _latest = null;
        }
    }
}
