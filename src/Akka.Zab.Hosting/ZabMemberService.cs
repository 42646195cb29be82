using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Zab.Hosting;

/// <summary>
/// Runs a member within a host: it is there before the host's other services start, and goes when they have stopped, so
/// that these can use it as long as they run.
/// </summary>
internal sealed partial class ZabMemberService(
    IServiceProvider services, ZabMemberOptions options, IHostApplicationLifetime lifetime,
    ILogger<ZabMemberService> log) : IHostedLifecycleService
{
    private ActorSystem? _system;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _system = services.GetRequiredService<ActorSystem>();
        var member = services.GetRequiredService<Zab>();
        var watching = WatchAsync(member);
        if (options.StartTimeout == TimeSpan.Zero) return;
        try
        {
            await Task.WhenAny(member.WhenServingAsync(cancellationToken), watching)
                .WaitAsync(options.StartTimeout, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (TimeoutException)
        {
            DoesNotServeYet(log, options.StartTimeout);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_system is null || options.Configuration is null) return;
        var shutdown = CoordinatedShutdown.Get(_system).Run(HostStops.Instance);
        try
        {
            await shutdown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            DoesNotStop(log);
        }
    }

    private async Task WatchAsync(Zab member)
    {
        if (await member.WhenStopped.ConfigureAwait(false) is not { } failure) return;
        HasFailed(log, failure);
        if (options.StopHostOnFailure) lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Warning,
        "The member does not serve after {Timeout}; it takes a majority of the ensemble. The host starts without.")]
    private static partial void DoesNotServeYet(ILogger log, TimeSpan timeout);

    [LoggerMessage(LogLevel.Critical, "The member of the ensemble in this process has failed: {Reason}")]
    private static partial void HasFailed(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The member has not stopped in the time that the host gives.")]
    private static partial void DoesNotStop(ILogger log);

    private sealed class HostStops : CoordinatedShutdown.Reason
    {
        public static readonly HostStops Instance = new();
    }
}
