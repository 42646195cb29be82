using Akka.Zab.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.Zab.Extensions;

/// <summary>
/// Healthy while the client is connected; degraded while it looks for another server and its session may live;
/// unhealthy before the first connection and when the session has ended. It asks nobody: the client knows by its
/// heartbeats.
/// </summary>
internal sealed class ZabHealthCheck(ZabClientProvider clients) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        if (clients.Last is not { } client)
        {
            return Result(
                context.Registration.FailureStatus,
                clients.LastFailure is { } failure
                    ? $"No connection to the ensemble: {failure.Message}"
                    : "No connection to the ensemble yet.");
        }
        var state = client.State;
        data["state"] = state.ToString();
        data["session"] = $"0x{client.SessionId:x}";
        data["zxid"] = $"0x{client.Hub.LastZxid:x}";
        return state switch
        {
            ConnectionState.Connected => Result(HealthStatus.Healthy, "Connected to the ensemble."),
            ConnectionState.ConnectedReadOnly => Result(
                HealthStatus.Degraded, "Connected to a server that has no leader; it answers reads only."),
            ConnectionState.Disconnected => Result(
                HealthStatus.Degraded, "The connection is lost; another server is sought, and the session may live."),
            ConnectionState.Expired => Result(
                context.Registration.FailureStatus, "The session has expired, and with it all that it held."),
            _ => Result(context.Registration.FailureStatus, "The client is closed."),
        };

        Task<HealthCheckResult> Result(HealthStatus status, string description) =>
            Task.FromResult(new HealthCheckResult(status, description, null, data));
    }
}
