using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// Settings that all clients share: a znode with a JSON document, of which each has a copy that follows it. It goes on
/// over lost connections and other servers; a document that is none changes nothing.
/// </summary>
/// <typeparam name="T">What the document is: a record, best, as it is handed to everybody.</typeparam>
public sealed class ZabConfiguration<T> : IAsyncDisposable where T : class
{
    private readonly ZabClient _zab;
    private readonly string _path;
    private readonly JsonTypeInfo<T> _json;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Channel<T?>> _readers = [];
    private readonly Task _following;
    private volatile T? _current;
    private volatile JsonException? _invalid;
    private Exception? _failure;
    private bool _ended;

    private ZabConfiguration(ZabClient zab, string path, JsonTypeInfo<T> json)
    {
        _zab = zab;
        _path = Paths.Check(path);
        _json = json;
        _following = FollowAsync();
    }

    /// <summary>
    /// The settings as they were last told; null if there are none: the znode does not exist, or is empty.
    /// </summary>
    public T? Current => _current;

    /// <summary>
    /// Why the document that is there now is none, while <see cref="Current"/> stays what it was; null if it is one.
    /// </summary>
    public JsonException? Invalid => _invalid;

    /// <summary>Reads the settings and begins to follow them.</summary>
    /// <param name="zab">The client.</param>
    /// <param name="path">The znode with the document; it need not exist.</param>
    /// <param name="json">
    /// How to read it, from a <c>JsonSerializerContext</c> of yours: <c>Settings.Default.Limits</c>, say.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public static async Task<ZabConfiguration<T>> StartAsync(
        ZabClient zab, string path, JsonTypeInfo<T> json, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        ArgumentNullException.ThrowIfNull(json);
        var configuration = new ZabConfiguration<T>(zab, path, json);
        try
        {
            await configuration._first.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return configuration;
        }
        catch
        {
            await configuration.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The settings as they are now, and again whenever they have changed. A reader who is slow gets the last of what
    /// he has missed. It ends when this is disposed of.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it any more.</exception>
    public async IAsyncEnumerable<T?> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var told = Channel.CreateBounded<T?>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            told.Writer.TryWrite(_current);
            _readers.Add(told);
            if (_ended) told.Writer.TryComplete(_failure);
        }
        try
        {
            await foreach (var settings in told.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return settings;
        }
        finally
        {
            lock (_lock) _readers.Remove(told);
        }
    }

    /// <summary>
    /// Changes the settings for everybody, however many others do so at the same time; creates the znode if need be.
    /// </summary>
    /// <param name="change">
    /// The new settings from the present ones, null if there are none; a pure function, as it may be called several
    /// times.
    /// </param>
    /// <param name="cancellation">Stops the waiting; the change may have been made.</param>
    /// <returns>The settings that were set. <see cref="Current"/> follows.</returns>
    /// <exception cref="JsonException">What is there is no such document.</exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the settings have been changed since by others, so that nobody can tell whether this
    /// change was made: read them to decide whether to make it again.
    /// </exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over. If that came while the request was under way, the change may have been made.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read them, or set them.</exception>
    public async Task<T> UpdateAsync(Func<T?, T> change, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        T? changed = null;
        await new ZabValue(_zab, _path).UpdateAsync(
            data =>
            {
                changed = change(Read(data));
                return JsonSerializer.SerializeToUtf8Bytes(changed, _json);
            },
            cancellation).ConfigureAwait(false);
        return changed!;
    }

    /// <summary>Stops following.</summary>
    /// <remarks>Throws nothing.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var state in _zab.WatchDataAsync(_path, _stop.Token).ConfigureAwait(false))
            {
                Take(state.Data);
                _first.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
            End(null);
        }
        catch (ZabException e)
        {
            End(e);
        }
    }

    private void Take(byte[]? data)
    {
        T? settings;
        try
        {
            settings = Read(data);
        }
        catch (JsonException e)
        {
            _invalid = e;
            return;
        }
        lock (_lock)
        {
            _invalid = null;
            _current = settings;
            foreach (var reader in _readers) reader.Writer.TryWrite(settings);
        }
    }

    private T? Read(byte[]? data) => data is { Length: > 0 } ? JsonSerializer.Deserialize(data, _json) : null;

    private void End(ZabException? failure)
    {
        lock (_lock)
        {
            _ended = true;
            _failure = failure;
            foreach (var reader in _readers) reader.Writer.TryComplete(failure);
        }
        if (failure is null) _first.TrySetCanceled();
        else _first.TrySetException(failure);
    }
}
