using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.Configuration;

namespace Akka.Zab.Extensions;

/// <summary>
/// Configuration that follows znodes. It has a client of its own, as configuration is there before any service is. What
/// it has read last it keeps, whatever becomes of the connection, of the session, or of a document that is none.
/// </summary>
internal sealed class ZabConfigurationProvider(
    ZabConfigurationOptions options, Func<CancellationToken, Task<ZabClient>> connect)
    : ConfigurationProvider, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _following;
    private Exception? _lastFailure;

    public override void Load()
    {
        if (_following is { IsCompleted: false }) return; // it is up to date
        _following = Task.Run(() => options.ReloadOnChange ? FollowAsync() : ReadOnceAsync());
        try
        {
            (options.ReloadOnChange ? _first.Task : _following).WaitAsync(options.LoadTimeout).GetAwaiter().GetResult();
        }
        catch (Exception e) when (options.Optional)
        {
            options.OnError?.Invoke(e);
        }
        catch (Exception e)
        {
            _stop.Cancel();
            throw new InvalidOperationException($"The configuration at {options.Path} cannot be read: {Why(e)}", e);
        }
    }

    /// <summary>Ends it, and its session with it; who disposes of a configuration does not wait for servers.</summary>
    public void Dispose() => _stop.Cancel();

    private async Task ReadOnceAsync()
    {
        var zab = await connect(_stop.Token).ConfigureAwait(false);
        await using var _ = zab.ConfigureAwait(false);
        await foreach (var values in ReadAsync(zab).ConfigureAwait(false))
        {
            Publish(values ?? throw Missing());
            return;
        }
    }

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var zab = await connect(_stop.Token).ConfigureAwait(false);
                await using var _ = zab.ConfigureAwait(false);
                await foreach (var values in ReadAsync(zab).ConfigureAwait(false))
                {
                    Take(values);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _lastFailure = e;
                // What another server or another moment may mend is waited for.
                if (e is not ZabException
                    {
                        Error: ZabError.OperationTimeout or ZabError.SessionExpired
                    or ZabError.ConnectionLoss
                    }) _first.TrySetException(e);
                options.OnError?.Invoke(e);
            }
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The values, again and again; null while the znode does not exist.</summary>
    private IAsyncEnumerable<Dictionary<string, string?>?> ReadAsync(ZabClient zab) =>
        options.Format == ZabConfigurationFormat.Json ? ReadJsonAsync(zab) : ReadSubtreeAsync(zab);

    private async IAsyncEnumerable<Dictionary<string, string?>?> ReadJsonAsync(ZabClient zab)
    {
        await foreach (var state in zab.WatchDataAsync(options.Path, _stop.Token).ConfigureAwait(false))
        {
            Dictionary<string, string?>? values;
            try
            {
                values = state.Exists ? ConfigurationValues.OfJson(options.Path, state.Data) : null;
            }
            catch (FormatException e) when (_first.Task.IsCompletedSuccessfully)
            {
                options.OnError?.Invoke(e);
                continue; // the last values stay, until somebody mends the document
            }
            yield return values;
        }
    }

    private async IAsyncEnumerable<Dictionary<string, string?>?> ReadSubtreeAsync(ZabClient zab)
    {
        var cache = await ZnodeCache.StartAsync(zab, options.Path, _stop.Token).ConfigureAwait(false);
        await using var _ = cache.ConfigureAwait(false);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var changes = cache.ReadChangesAsync(ended.Token).GetAsyncEnumerator(ended.Token);
        await using var __ = changes.ConfigureAwait(false);
        var changed = Task.FromResult(true);
        try
        {
            while (await changed.ConfigureAwait(false))
            {
                // Asked first: there is no change between the state that is given and this one.
                changed = changes.MoveNextAsync().AsTask();
                var current = cache.Current;
                yield return current.Count == 0 ? null : ConfigurationValues.OfSubtree(options.Path, current);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(Dictionary<string, string?>? values)
    {
        if (values is null && !options.Optional)
        {
            // Not there yet, or deleted: what was there is kept until it is back.
            if (!_first.TrySetException(Missing())) options.OnError?.Invoke(Missing());
            return;
        }
        Publish(values ?? new(StringComparer.OrdinalIgnoreCase));
        _first.TrySetResult();
    }

    private void Publish(Dictionary<string, string?> values)
    {
        Data = values;
        OnReload();
    }

    private string Why(Exception e) => e is not TimeoutException
        ? e.Message
        : $"no server answered within {options.LoadTimeout:c}" +
          (_lastFailure is { } last ? $"; the last attempt: {last.Message}" : ".");

    private InvalidOperationException Missing() => new($"the znode {options.Path} does not exist.");
}
