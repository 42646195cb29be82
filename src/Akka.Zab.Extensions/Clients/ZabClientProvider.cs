using Akka.Zab.Client;

namespace Akka.Zab.Extensions;

/// <summary>Has one client at a time, shared by all who ask, and makes a new one when its session has ended.</summary>
/// <param name="connect">Opens a session.</param>
internal sealed class ZabClientProvider(Func<CancellationToken, Task<ZabClient>> connect)
    : IZabClientProvider, IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private ZabClient? _client;
    private Task<ZabClient>? _connecting;
    private Task? _closed;

    public ZabClient? Current
    {
        get
        {
            lock (_lock) return IsAlive(_client) ? _client : null;
        }
    }

    /// <summary>The client that there was last, its session alive or not; null if there never was one.</summary>
    public ZabClient? Last
    {
        get
        {
            lock (_lock) return _client;
        }
    }

    /// <summary>Why the last attempt came to nothing; null if it did not.</summary>
    public Exception? LastFailure { get; private set; }

    public ValueTask<ZabClient> GetAsync(CancellationToken cancellation = default)
    {
        Task<ZabClient> connecting;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed is not null, this);
            if (IsAlive(_client)) return ValueTask.FromResult(_client!);
            connecting = _connecting ??= Task.Run(ConnectAsync, CancellationToken.None);
        }
        return new ValueTask<ZabClient>(connecting.WaitAsync(cancellation));
    }

    /// <summary>Waits until a client's session has ended.</summary>
    public static async Task WhenOverAsync(ZabClient client, CancellationToken cancellation)
    {
        await foreach (var state in client.ReadStatesAsync(cancellation).ConfigureAwait(false))
            if (state is ConnectionState.Expired or ConnectionState.Closed) return;
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock) _closed ??= CloseAsync(_connecting);
        return new ValueTask(_closed);
    }

    /// <summary>For a container that is not disposed of asynchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<ZabClient> ConnectAsync()
    {
        try
        {
            // What it held is gone; this stops its actor.
            if (Last is { } over) await over.DisposeAsync().ConfigureAwait(false);
            var client = await connect(_stop.Token).ConfigureAwait(false);
            lock (_lock)
            {
                LastFailure = null;
                _client = client;
                _connecting = null;
            }
            return client;
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                LastFailure = e;
                _connecting = null;
            }
            throw;
        }
    }

    private async Task CloseAsync(Task<ZabClient>? connecting)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (connecting is not null)
            await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Last is { } client) await client.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static bool IsAlive(ZabClient? client) =>
        client?.State is not (null or ConnectionState.Expired or ConnectionState.Closed);
}
