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
    /// <exception cref="ZabException">
    /// <see cref="ZabError.SessionExpired"/>: the session is over; and others.
    /// </exception>
    public static async IAsyncEnumerable<ZnodeState> WatchDataAsync(
        this ZabClient zab, string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        using var listener = zab.Hub.Listen(path);
        (bool Told, (long, long)? Version) last = default;
        while (true)
        {
            var read = await zab.CallAsync(new GetData(path, Watch: true), cancellation).ConfigureAwait(false);
            ZnodeState state;
            switch (read)
            {
                case DataReply data:
                    state = new ZnodeState(data.Data, data.Stat);
                    break;
                case ErrorReply { Error: ZabError.NoNode }:
                    var exists = await zab.CallAsync(new Exists(path, Watch: true), cancellation).ConfigureAwait(false);
                    if (exists is StatReply) continue; // created in between: read it
                    if (exists is ErrorReply { Error: not ZabError.NoNode } refused)
                        throw new ZabException(refused.Error, path);
                    state = new ZnodeState(null, null);
                    break;
                default:
                    throw new ZabException((read as ErrorReply)?.Error ?? ZabError.MarshallingError, path);
            }
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
    /// <exception cref="ZabException">
    /// <see cref="ZabError.SessionExpired"/>: the session is over; and others.
    /// </exception>
    public static async IAsyncEnumerable<ChildrenReply?> WatchChildrenAsync(
        this ZabClient zab, string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        using var listener = zab.Hub.Listen(path);
        (bool Told, (long, long)? Version) last = default;
        while (true)
        {
            var read = await zab.CallAsync(new GetChildren(path, Watch: true), cancellation).ConfigureAwait(false);
            if (read is ErrorReply { Error: not ZabError.NoNode } failed) throw new ZabException(failed.Error, path);
            if (read is ErrorReply)
            {
                var exists = await zab.CallAsync(new Exists(path, Watch: true), cancellation).ConfigureAwait(false);
                if (exists is StatReply) continue; // created in between: read it
                if (exists is ErrorReply { Error: not ZabError.NoNode } refused)
                    throw new ZabException(refused.Error, path);
            }
            var children = read as ChildrenReply;
            (long, long)? version = children is null ? null : (children.Stat.CreatedZxid, children.Stat.ChildrenZxid);
            if (!last.Told || last.Version != version)
            {
                last = (true, version);
                yield return children;
            }
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }
}
