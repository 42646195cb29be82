using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Zab.Extensions;

/// <summary>
/// Lists the application in a service registry from when it has started until it begins to stop, so that nobody is sent
/// to one that does not serve yet or any more; and again, when the session that listed it has ended.
/// </summary>
internal sealed partial class RegistrationService(
    IServiceProvider services, Action<IServiceProvider, ZabServiceRegistrationOptions> configure,
    IZabClientProvider clients, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<RegistrationService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await CancelledAsync(lifetime.ApplicationStarted, stopping.Token).ConfigureAwait(false);
            // Not before: an address may be known only when the application listens.
            var options = new ZabServiceRegistrationOptions();
            configure(services, options);
            await KeepListedAsync(options, options.ToInstance(), stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Off the list.
        }
    }

    private async Task KeepListedAsync(
        ZabServiceRegistrationOptions options, ServiceInstance instance, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var zab = await clients.GetAsync(stopping).ConfigureAwait(false);
                var registration = await new ZabServiceRegistry(zab, options.RegistryPath, time).RegisterAsync(
                    options.Service, instance, Health(options), options.HealthInterval, stopping).ConfigureAwait(false);
                await using var _ = registration.ConfigureAwait(false);
                Listed(log, instance.Id, options.Service);
                await CancelledAsync(registration.Lost, stopping).ConfigureAwait(false);
                Lost(log, instance.Id, options.Service);
            }
            catch (ZabException e)
            {
                // An earlier process of this name may be on the list until its session ends.
                NotListed(log, instance.Id, options.Service, e.Message);
                await Task.Delay(Pause, time, stopping).ConfigureAwait(false);
            }
        }
    }

    private Func<CancellationToken, Task<bool>>? Health(ZabServiceRegistrationOptions options)
    {
        if (!options.ReportHealth) return null;
        var checks = services.GetRequiredService<HealthCheckService>();
        return async cancellation =>
            (await checks.CheckHealthAsync(cancellation).ConfigureAwait(false)).Status != HealthStatus.Unhealthy;
    }

    /// <summary>Waits until the first is cancelled; cancelled by the second.</summary>
    private static async Task CancelledAsync(CancellationToken awaited, CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = awaited.UnsafeRegister(
            static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled).ConfigureAwait(false);
        await cancelled.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Information, "Instance {Id} of service {Service} is on the list.")]
    private static partial void Listed(ILogger log, string id, string service);

    [LoggerMessage(LogLevel.Warning, "Instance {Id} of service {Service} is off the list; it is listed again.")]
    private static partial void Lost(ILogger log, string id, string service);

    [LoggerMessage(LogLevel.Warning, "Instance {Id} of service {Service} cannot be listed yet: {Reason}")]
    private static partial void NotListed(ILogger log, string id, string service, string reason);
}
