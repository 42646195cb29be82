namespace Akka.Zab.Client.Recipes;

/// <summary>Waiting for no longer than one wants to.</summary>
internal static class Patience
{
    /// <summary>What was acquired, or null if it was not to be had in time.</summary>
    public static async Task<Hold?> WithinAsync(
        Func<CancellationToken, Task<Hold>> acquire, TimeSpan patience, TimeProvider time,
        CancellationToken cancellation)
    {
        using var patient = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patient.Token);
        try
        {
            return await acquire(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
