using Akka.Event;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Discovery;

/// <summary>Keeps this node on the list of a service, session after session, until it is ended.</summary>
internal sealed class OwnListing
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Func<Task<ZabServiceRegistry>> _registry;
    private readonly string _service;
    private readonly ServiceInstance _instance;
    private readonly ILoggingAdapter _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listing;

    public OwnListing(
        Func<Task<ZabServiceRegistry>> registry, string service, ServiceInstance instance, ILoggingAdapter log)
    {
        _registry = registry;
        _service = service;
        _instance = instance;
        _log = log;
        _listing = ListAsync();
    }

    /// <summary>Takes it off the list.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listing.ConfigureAwait(false);
    }

    private async Task ListAsync()
    {
        var told = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var registry = await _registry().WaitAsync(_stop.Token).ConfigureAwait(false);
                await using var listed = await registry
                    .RegisterAsync(_service, _instance, cancellation: _stop.Token).ConfigureAwait(false);
                _log.Info("{0} is listed as {1} of {2}.", _instance.Address, _instance.Id, _service);
                told = false;
                await CancelledAsync(listed.Lost).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Ended.
            }
            catch (Exception e)
            {
                // Taken is the id by this node's earlier run, for as long as that session lives.
                if (!told) _log.Warning("{0} is not listed in {1} yet: {2}", _instance.Id, _service, e.Message);
                told = true;
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits for this, or for the end.</summary>
    private async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = token.UnsafeRegister(_ => cancelled.TrySetResult(), null).ConfigureAwait(false);
        await using var second = _stop.Token.UnsafeRegister(_ => cancelled.TrySetResult(), null).ConfigureAwait(false);
        await cancelled.Task.ConfigureAwait(false);
    }
}
