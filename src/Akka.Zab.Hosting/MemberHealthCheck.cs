using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.Zab.Hosting;

/// <summary>
/// Live while the member's actors answer, whether there is a leader or not: who restarts what is not live would only
/// make a lost majority worse. Ready while it serves clients.
/// </summary>
internal sealed class MemberHealthCheck(Zab member, bool asksForReadiness) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failing = context.Registration.FailureStatus;
        if (member.WhenStopped is { IsCompletedSuccessfully: true, Result: var reason })
            return new HealthCheckResult(
                failing, reason is null ? "The member has stopped." : $"The member has failed: {reason}");
        ZabStatus status;
        try
        {
            status = await member.StatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new HealthCheckResult(failing, "The member does not answer.");
        }
        var isFine = status.Serving || !asksForReadiness;
        return new HealthCheckResult(
            isFine ? HealthStatus.Healthy : failing,
            status.Serving ? $"Serving: {status.Role}." : "The member does not serve: it has no leader to follow.",
            null, Data(status));
    }

    private static Dictionary<string, object> Data(ZabStatus status) => new()
    {
        ["server"] = status.ServerId,
        ["role"] = status.Role.ToString(),
        ["serving"] = status.Serving,
        ["leader"] = status.Leader,
        ["epoch"] = status.Epoch,
        ["zxid"] = $"0x{status.LastApplied:x}",
        ["sessions"] = status.Sessions,
        ["connections"] = status.Connections,
        ["znodes"] = status.Znodes,
    };
}
