using Akka.Zab.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Zab.Extensions;

/// <summary>
/// Connects a client when the host starts, has a new session made whenever one has expired, and closes it when all of
/// the host's services have stopped, so that these can let go of what they hold. It never keeps the host from starting
/// for longer than it is told to.
/// </summary>
internal sealed partial class ZabClientService(
    ZabClientProvider clients, ZabOptions options, TimeProvider time, ILogger<ZabClientService> log)
    : IHostedLifecycleService
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.ConnectOnStart) return;
        var first = clients.GetAsync(cancellationToken).AsTask();
        _running = KeepAsync(first);
        if (options.StartTimeout == TimeSpan.Zero) return;
        try
        {
            await first.WaitAsync(options.StartTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or ZabException)
        {
            StartsWithout(log, options.StartTimeout);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await clients.DisposeAsync().ConfigureAwait(false);
    }

    private async Task KeepAsync(Task<ZabClient> first)
    {
        var connecting = first;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await connecting.WaitAsync(_stop.Token).ConfigureAwait(false);
                IsConnected(log, client.SessionId);
                await ZabClientProvider.WhenOverAsync(client, _stop.Token).ConfigureAwait(false);
                IsOver(log, client.SessionId);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the ensemble may be back later.
                CannotConnect(log, e.Message);
                await Task.Delay(options.RetryPause, time, _stop.Token).ConfigureAwait(false);
            }
            connecting = clients.GetAsync(_stop.Token).AsTask();
        }
    }

    [LoggerMessage(LogLevel.Information, "Session 0x{Session:x} with the ensemble is open.")]
    private static partial void IsConnected(ILogger log, long session);

    [LoggerMessage(LogLevel.Warning, "Session 0x{Session:x} is over, with all that it held; a new one is opened.")]
    private static partial void IsOver(ILogger log, long session);

    [LoggerMessage(LogLevel.Warning, "No session with the ensemble yet: {Reason}")]
    private static partial void CannotConnect(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The host starts without the ensemble, which did not answer within {Timeout}.")]
    private static partial void StartsWithout(ILogger log, TimeSpan timeout);
}
