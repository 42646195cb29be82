using System.Diagnostics;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Diagnostics;

/// <summary>What recipes tell of what they hold: the wait for it, whether it is held, and its loss.</summary>
internal sealed class MeasuredHold
{
    private readonly ClientTelemetry _client;
    private readonly string _recipe;
    private readonly bool _counted;
    private int _ended;

    private MeasuredHold(ClientTelemetry client, string recipe)
    {
        _client = client;
        _recipe = recipe;
        _counted = Instruments.Holds.Enabled;
        if (_counted) Instruments.Holds.Add(1, Tags);
    }

    private TagList Tags
    {
        get
        {
            var tags = _client.Tags;
            tags.Add("zab.recipe", _recipe);
            return tags;
        }
    }

    /// <summary>It is held no more: let go or lost, whichever was first.</summary>
    public void Ended(bool isLoss)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        if (isLoss) Instruments.HoldLosses.Add(1, Tags);
        if (_counted) Instruments.Holds.Add(-1, Tags);
    }

    /// <summary>Waits for a hold, and measures it if somebody listens.</summary>
    /// <param name="zab">The client that is to hold it.</param>
    /// <param name="recipe">What it is called where it is counted.</param>
    /// <param name="path">The znode of the recipe.</param>
    /// <param name="self">Handed to <paramref name="acquire"/>, which so needs no closure.</param>
    /// <param name="acquire">What waits; null in the end if it was not to be had.</param>
    /// <param name="cancellation">Handed on, too.</param>
    public static Task<T> WaitAsync<TRecipe, T>(
        ZabClient zab, string recipe, string path, TRecipe self, Func<TRecipe, CancellationToken, Task<T>> acquire,
        CancellationToken cancellation) where T : Hold? =>
        ClientTelemetry.IsHoldWanted
            ? MeasuredAsync(zab.Telemetry, recipe, path, self, acquire, cancellation)
            : acquire(self, cancellation);

    private static async Task<T> MeasuredAsync<TRecipe, T>(
        ClientTelemetry client, string recipe, string path, TRecipe self,
        Func<TRecipe, CancellationToken, Task<T>> acquire, CancellationToken cancellation) where T : Hold?
    {
        using var span = Instruments.Spans.StartActivity(recipe);
        span?.SetTag("zab.recipe", recipe).SetTag("zab.path", path);
        var began = Stopwatch.GetTimestamp();
        string? failure = "busy";
        try
        {
            var hold = await acquire(self, cancellation).ConfigureAwait(false);
            if (hold is null) return hold;
            failure = null;
            span?.SetTag("zab.fencing_token", hold.FencingToken);
            hold.Measure(new MeasuredHold(client, recipe));
            return hold;
        }
        catch (OperationCanceledException)
        {
            failure = "cancelled";
            throw;
        }
        catch (ZabException e)
        {
            failure = OperationNames.NameOf(e.Error);
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            var tags = client.Tags;
            tags.Add("zab.recipe", recipe);
            if (failure is not null)
            {
                tags.Add("error.type", failure);
                span?.SetTag("error.type", failure);
            }
            Instruments.HoldWaits.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
        }
    }
}
