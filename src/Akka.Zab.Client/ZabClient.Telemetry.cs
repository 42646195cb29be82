using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client;

/// <summary>Calls that are measured where somebody listens; see <see cref="ZabTelemetry"/>.</summary>
public sealed partial class ZabClient
{
    /// <summary>What this client tells of itself.</summary>
    internal ClientTelemetry Telemetry { get; }

    /// <summary>Asks, and gives the answer as it comes.</summary>
    internal Task<Reply> CallAsync(Request request, CancellationToken cancellation) =>
        ClientTelemetry.IsWanted ? MeasuredAsync(request, cancellation) : SendAsync(request, null, cancellation);

    private async Task<Reply> MeasuredAsync(Request request, CancellationToken cancellation)
    {
        var call = MeasuredCall.Begin(Telemetry, request);
        try
        {
            var reply = await SendAsync(request, call.Span, cancellation).ConfigureAwait(false);
            call.Answered(reply);
            return reply;
        }
        catch (OperationCanceledException)
        {
            call.Cancelled();
            throw;
        }
    }
}
