using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Zab.Extensions;

/// <summary>
/// Stands for an election for as long as the host runs, and has a service running while it leads. The lead is not let
/// go before the service has stopped; when it was lost, the service is stopped before this stands again.
/// </summary>
/// <param name="path">The znode of the election.</param>
/// <param name="id">What this candidate calls itself.</param>
/// <param name="scopes">Makes a scope for each lead.</param>
/// <param name="clients">Where sessions come from.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class LeaderService<T>(
    string path, string id, IServiceScopeFactory scopes, IZabClientProvider clients, TimeProvider time,
    ILogger<LeaderService<T>> log) : BackgroundService where T : class, IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private bool _serviceFailed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var zab = await clients.GetAsync(stoppingToken).ConfigureAwait(false);
                await new ZabElection(zab, path, id).RunWhileLeadingAsync(LeadAsync, stoppingToken)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ZabException e) when (!_serviceFailed)
            {
                StandsAgain(log, path, e.Message);
                if (e.Error != ZabError.SessionExpired)
                    await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LeadAsync(Hold lead, CancellationToken stop)
    {
        Leads(log, path, lead.FencingToken);
        try
        {
            await RunAsync(lead, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What happens to a service whose lead is gone is no failure of its own. It may know before it is told.
            _serviceFailed = lead.IsHeld;
            if (_serviceFailed) throw;
            FailedAfterLoss(log, e, path);
        }
        finally
        {
            LeadsNoMore(log, path);
        }
    }

    private async Task RunAsync(Hold lead, CancellationToken stop)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        scope.ServiceProvider.GetRequiredService<Leadership>().Lead = lead;
        var service = scope.ServiceProvider.GetRequiredService<T>();
        try
        {
            await service.StartAsync(stop).ConfigureAwait(false);
            var stopped = Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
            // One that has nothing more to do keeps the lead, as it would stay in a host; one that fails does not.
            if (service is BackgroundService { ExecuteTask: { } running }
                && await Task.WhenAny(running, stopped).ConfigureAwait(false) == running)
                await running.ConfigureAwait(false);
            await stopped.ConfigureAwait(false);
        }
        finally
        {
            // However long it takes: who leads next must not find it still at work.
            await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    [LoggerMessage(LogLevel.Information, "This process leads at {Path}, with fencing token {FencingToken}.")]
    private static partial void Leads(ILogger log, string path, long fencingToken);

    [LoggerMessage(LogLevel.Information, "This process leads at {Path} no more.")]
    private static partial void LeadsNoMore(ILogger log, string path);

    [LoggerMessage(LogLevel.Warning, "What ran at {Path} failed after it had lost the lead.")]
    private static partial void FailedAfterLoss(ILogger log, Exception e, string path);

    [LoggerMessage(LogLevel.Warning, "This process stands again at {Path}: {Reason}")]
    private static partial void StandsAgain(ILogger log, string path, string reason);
}
