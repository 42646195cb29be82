using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Akka.Zab.Client.Recipes;

/// <summary>A znode in a <see cref="ZnodeCache"/>.</summary>
/// <param name="Data">Its data; do not change it.</param>
/// <param name="CreatedZxid">The transaction that created it.</param>
/// <param name="ModifiedZxid">The transaction that last set its data.</param>
/// <param name="Version">How often its data was set.</param>
public sealed record CachedZnode(byte[]? Data, long CreatedZxid, long ModifiedZxid, int Version)
{
    internal bool IsSame(CachedZnode? other) =>
        other is not null && CreatedZxid == other.CreatedZxid && ModifiedZxid == other.ModifiedZxid;
}

/// <summary>A difference between one state of a <see cref="ZnodeCache"/> and the next.</summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Before">As it was; null if it has been created.</param>
/// <param name="After">As it is; null if it has been deleted.</param>
public sealed record ZnodeChange(string Path, CachedZnode? Before, CachedZnode? After);

/// <summary>
/// A copy of a subtree that follows the original. Each of its states is one that the original had, whole: what one
/// transaction did is never seen by halves, and states never go back. It goes on over lost connections and other
/// servers.
/// </summary>
/// <remarks>
/// After a change only the znodes that it touched are read again, in one request; after a lost connection everything
/// is. The whole subtree is in memory.
/// </remarks>
public sealed class ZnodeCache : IAsyncDisposable
{
    private readonly ZabClient _zab;
    private readonly string _path;
    private readonly WatchListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Channel<ImmutableSortedDictionary<string, CachedZnode>>> _readers = [];
    private readonly Task _following;
    private volatile ImmutableSortedDictionary<string, CachedZnode> _current = Empty;
    private ZabException? _failure;
    private bool _ended;

    private static readonly ImmutableSortedDictionary<string, CachedZnode> Empty =
        ImmutableSortedDictionary.Create<string, CachedZnode>(StringComparer.Ordinal);

    private ZnodeCache(ZabClient zab, string path)
    {
        _zab = zab;
        _path = path;
        _listener = zab.Hub.Listen(path, recursive: true);
        _following = FollowAsync();
    }

    /// <summary>
    /// The znodes by path, in ordinal order, as they were at one time. Empty while the root does not exist.
    /// </summary>
    public IReadOnlyDictionary<string, CachedZnode> Current => _current;

    /// <summary>The same, to compare other states with.</summary>
    internal ImmutableSortedDictionary<string, CachedZnode> State => _current;

    /// <summary>The changes that lead from nothing to a state.</summary>
    internal static IReadOnlyList<ZnodeChange> FromNothing(ImmutableSortedDictionary<string, CachedZnode> state) =>
        Changes(Empty, state);

    /// <summary>Reads a subtree and begins to follow it.</summary>
    /// <param name="zab">The client; needs permission to read all of it, what it may not read is left out.</param>
    /// <param name="path">The root of the subtree; it need not exist.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    public static async Task<ZnodeCache> StartAsync(
        ZabClient zab, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        ArgumentNullException.ThrowIfNull(path);
        var cache = new ZnodeCache(zab, path);
        try
        {
            await cache._first.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return cache;
        }
        catch
        {
            await cache.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The changes from the state of the call on, state by state. A reader who is slow gets the sum of what he has
    /// missed.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    public async IAsyncEnumerable<IReadOnlyList<ZnodeChange>> ReadChangesAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ImmutableSortedDictionary<string, CachedZnode> last;
        lock (_lock) last = _current;
        await foreach (var changes in ReadChangesAsync(last, cancellation).ConfigureAwait(false)) yield return changes;
    }

    /// <summary>The changes from a state that was read before.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<ZnodeChange>> ReadChangesAsync(
        ImmutableSortedDictionary<string, CachedZnode> last,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var states = Channel.CreateBounded<ImmutableSortedDictionary<string, CachedZnode>>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _readers.Add(states);
            states.Writer.TryWrite(_current);
            if (_ended) states.Writer.TryComplete(_failure);
        }
        try
        {
            await foreach (var next in states.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                var changes = Changes(last, next);
                last = next;
                if (changes.Count > 0) yield return changes;
            }
        }
        finally
        {
            lock (_lock) _readers.Remove(states);
        }
    }

    /// <summary>Stops following, and takes the watch back.</summary>
    /// <remarks>Throws nothing.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        // Others of this client may watch the same subtree. Nobody waits for the answer: there may be no connection.
        _zab.Hub.Leave(
            _listener, () => _ = _zab.CallAsync(new RemoveWatches(_path, WatchType.PersistentRecursive), default));
        _stop.Dispose();
    }

    internal static IReadOnlyList<ZnodeChange> Changes(
        ImmutableSortedDictionary<string, CachedZnode> before, ImmutableSortedDictionary<string, CachedZnode> after)
    {
        var changes = new List<ZnodeChange>();
        foreach (var (path, was) in before)
            if (!was.IsSame(after.GetValueOrDefault(path))) changes.Add(new(path, was, after.GetValueOrDefault(path)));
        foreach (var (path, now) in after)
            if (!before.ContainsKey(path)) changes.Add(new(path, null, now));
        return changes;
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                if (!await LoadAsync().ConfigureAwait(false)) continue;
                _first.TrySetResult();
                await FollowUntilLostAsync().ConfigureAwait(false);
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

    /// <summary>Reads everything, watch first, and then again what has changed meanwhile.</summary>
    /// <returns>False if the connection came or went meanwhile, so that something may have been missed.</returns>
    private async Task<bool> LoadAsync()
    {
        var watched = await _zab
            .CallAsync(new AddWatch(_path, AddWatchMode.PersistentRecursive), _stop.Token).ConfigureAwait(false);
        if (watched is ErrorReply refused) throw ZabException.For(refused.Error, _path);
        var tree = Empty.ToBuilder();
        HashSet<string> level = [_path];
        var dirty = new HashSet<string>(StringComparer.Ordinal);
        while (level.Count > 0)
        {
            var children = new HashSet<string>(StringComparer.Ordinal);
            await SubtreeReader.ReadAsync(_zab, level, tree, children, _stop.Token).ConfigureAwait(false);
            level = children;
        }
        return Drain(dirty) && await SettleAsync(tree, dirty).ConfigureAwait(false);
    }

    private async Task FollowUntilLostAsync()
    {
        var dirty = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            if (await _listener.NextAsync(_stop.Token).ConfigureAwait(false) is not { } fired)
            {
                // The connection has come or gone: what happened without it, no watch tells.
                if (_zab.Hub.State != ConnectionState.Disconnected) return;
                continue;
            }
            dirty.Add(fired.Path);
            if (!Drain(dirty) || !await SettleAsync(_current.ToBuilder(), dirty).ConfigureAwait(false)) return;
        }
    }

    /// <summary>
    /// Reads what has changed, in one request, until nothing else has changed before its answer came: then the tree is
    /// that of the answer's time. What is read in that request may have changed again; that is the next state.
    /// </summary>
    /// <returns>False if the connection was lost meanwhile.</returns>
    private async Task<bool> SettleAsync(
        ImmutableSortedDictionary<string, CachedZnode>.Builder tree, HashSet<string> dirty)
    {
        while (true)
        {
            var together = await SubtreeReader.ReadAsync(_zab, dirty, tree, null, _stop.Token).ConfigureAwait(false);
            var since = new HashSet<string>(StringComparer.Ordinal);
            if (!Drain(since)) return false;
            if (since.Count == 0 || (together && since.IsSubsetOf(dirty)))
            {
                Publish(tree.ToImmutable());
                if (since.Count == 0)
                {
                    dirty.Clear();
                    return true;
                }
            }
            if (together) dirty.UnionWith(since);
            else dirty = since;
        }
    }

    /// <summary>Takes what has been told so far.</summary>
    /// <returns>False if the connection was lost meanwhile.</returns>
    private bool Drain(HashSet<string> dirty)
    {
        while (_listener.TryNext(out var fired))
        {
            if (fired is null) return false;
            dirty.Add(fired.Path);
        }
        return true;
    }

    private void Publish(ImmutableSortedDictionary<string, CachedZnode> tree)
    {
        lock (_lock)
        {
            _current = tree;
            foreach (var reader in _readers) reader.Writer.TryWrite(tree);
        }
    }
}
