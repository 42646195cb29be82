using System.Runtime.CompilerServices;

namespace Akka.Zab.Client.Recipes;

/// <summary>A znode as it was at some time.</summary>
/// <param name="Data">Its data; null also where it does not exist.</param>
/// <param name="Stat">Its stat; null if it does not exist.</param>
public sealed record ZnodeState(byte[]? Data, Stat? Stat)
{
    /// <summary>Whether it exists.</summary>
    public bool Exists => Stat is not null;
}

/// <summary>
/// Watching as streams. They go on over lost connections and other servers, never give the same state twice or an older
/// one later, and always come to the last state; of states that follow each other faster than they are read, only the
/// last is given.
/// </summary>
public static class WatchStreams
{
    /// <summary>A znode: as it is now, and then whenever it was created, set or deleted.</summary>
    /// <param name="zab">The client.</param>
    /// <param name="path">The znode's absolute path; it need not exist.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public static async IAsyncEnumerable<ZnodeState> WatchDataAsync(
        this ZabClient zab, string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        using var listener = zab.Hub.Listen(path);
        (bool Told, (long, long)? Version) last = default;
        while (true)
        {
            var data = await zab.ReadWatchedAsync<DataReply>(new GetData(path, Watch: true), cancellation)
                .ConfigureAwait(false);
            var state = new ZnodeState(data?.Data, data?.Stat);
            (long, long)? version = state.Stat is { } stat ? (stat.CreatedZxid, stat.ModifiedZxid) : null;
            if (!last.Told || last.Version != version)
            {
                last = (true, version);
                yield return state;
            }
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The children of a znode: as they are now, and then whenever one was created or deleted.</summary>
    /// <param name="zab">The client.</param>
    /// <param name="path">The znode's absolute path; while it does not exist, null is given.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public static async IAsyncEnumerable<ChildrenReply?> WatchChildrenAsync(
        this ZabClient zab, string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        using var listener = zab.Hub.Listen(path);
        (bool Told, (long, long)? Version) last = default;
        while (true)
        {
            var children = await zab.ReadWatchedAsync<ChildrenReply>(new GetChildren(path, Watch: true), cancellation)
                .ConfigureAwait(false);
            (long, long)? version = children is null ? null : (children.Stat.CreatedZxid, children.Stat.ChildrenZxid);
            if (!last.Told || last.Version != version)
            {
                last = (true, version);
                yield return children;
            }
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A subtree: first as it is now, each znode as one that was created, be it none; then its changes, state by state.
    /// What one transaction did comes together, nothing is left out over lost connections and other servers, and
    /// nothing comes twice: each batch leads from the state that the one before it led to, to a later one that the
    /// subtree had. A reader who is slow gets the sum of what he has missed.
    /// </summary>
    /// <param name="zab">The client; what it may not read is left out.</param>
    /// <param name="path">The root of the subtree, which need not exist. All of it is kept in memory.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<ZnodeChange>> WatchSubtreeAsync(
        this ZabClient zab, string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        var cache = await ZnodeCache.StartAsync(zab, path, cancellation).ConfigureAwait(false);
        await using var _ = cache.ConfigureAwait(false);
        var first = cache.State;
        yield return ZnodeCache.FromNothing(first);
        await foreach (var changes in cache.ReadChangesAsync(first, cancellation).ConfigureAwait(false))
            yield return changes;
    }

    /// <summary>Reads with a watch that is left in any case: null with one on the creation of a missing znode.</summary>
    internal static async Task<T?> ReadWatchedAsync<T>(
        this ZabClient zab, ReadRequest read, CancellationToken cancellation) where T : Reply
    {
        while (true)
        {
            if (await zab.TryReadAsync<T>(read, cancellation).ConfigureAwait(false) is { } there) return there;
            var exists = new Exists(read.Path, Watch: true);
            if (await zab.TryReadAsync<StatReply>(exists, cancellation).ConfigureAwait(false) is null) return null;
            // Created in between: read it.
        }
    }

    /// <summary>Reads a znode that may be missing: null then.</summary>
    internal static async Task<T?> TryReadAsync<T>(
        this ZabClient zab, ReadRequest read, CancellationToken cancellation) where T : Reply
    {
        var reply = await zab.CallAsync(read, cancellation).ConfigureAwait(false);
        return reply is ErrorReply { Error: ZabError.NoNode } ? null : ZabClient.Expect<T>(reply, read.Path);
    }
}
