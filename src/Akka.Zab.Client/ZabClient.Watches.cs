using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;

namespace Akka.Zab.Client;

/// <summary>Watches, and what they and the connection tell.</summary>
public sealed partial class ZabClient
{
    /// <summary>
    /// Leaves a watch that stays when it has fired, until it is taken back or the session ends. What happens while the
    /// client is between two servers is not told; <c>WatchSubtreeAsync</c> of the recipes finds that, too.
    /// </summary>
    /// <param name="path">The znode's absolute path; it need not exist.</param>
    /// <param name="mode">What it covers.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">As for every call.</exception>
    public Task AddWatchAsync(
        string path, AddWatchMode mode = AddWatchMode.Persistent, CancellationToken cancellation = default)
    {
        _hub.KeepEvents();
        return Ask<DoneReply>(new AddWatch(path, mode), path, cancellation);
    }

    /// <summary>
    /// Leaves a watch that stays, and is told first what it would have told since a zxid, without a gap: after a break,
    /// or in another process that carries on. The events come as those of other watches do. Servers remember the latest
    /// 16,384 changes.
    /// </summary>
    /// <param name="path">The znode's absolute path; it need not exist.</param>
    /// <param name="sinceZxid">The last zxid up to which everything is known: of an event, or of a stat.</param>
    /// <param name="mode">What it covers.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="UnimplementedException">The server is an Apache ZooKeeper.</exception>
    /// <exception cref="ConnectionLossException">
    /// The watch may be there, and some of the events may have come: they come again if it is asked for again.
    /// </exception>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.ChangesForgotten"/>: that is too long ago; read everything anew. And as for every call.
    /// </exception>
    public Task ResumeWatchAsync(
        string path, long sinceZxid, AddWatchMode mode = AddWatchMode.Persistent,
        CancellationToken cancellation = default)
    {
        _hub.KeepEvents();
        return Ask<DoneReply>(new ResumeWatch(path, mode, sinceZxid), path, cancellation);
    }

    /// <summary>Takes watches back.</summary>
    /// <param name="path">The path that they are on.</param>
    /// <param name="type">Which of them.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ConnectionLossException">The watches may be there still.</exception>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.NoWatcher"/>: there were none. And as for every call.
    /// </exception>
    public Task RemoveWatchesAsync(
        string path, WatchType type = WatchType.Any, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new RemoveWatches(path, type), path, cancellation);

    /// <summary>
    /// Tells <paramref name="subscriber"/> every <see cref="WatchEvent"/> and <see cref="ConnectionStateChanged"/> from
    /// now on, and the present state first, until it stops.
    /// </summary>
    /// <param name="subscriber">An actor.</param>
    public void Subscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        _actor.Tell(new Subscribe(subscriber), ActorRefs.NoSender);
    }

    /// <summary>
    /// The watch events as they come, from the first that was not read yet, until the client is closed. Events are
    /// shared among those who read at the same time: let one reader be enough.
    /// </summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="OperationCanceledException">It was cancelled. It throws nothing else.</exception>
    public async IAsyncEnumerable<WatchEvent> ReadWatchEventsAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        _hub.KeepEvents();
        await foreach (var fired in _hub.Events.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return fired;
    }

    /// <summary>
    /// The state of the connection: as it is now, and then every change, none left out, until the session is over;
    /// <see cref="ConnectionState.Expired"/> or <see cref="ConnectionState.Closed"/> is the last.
    /// </summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="OperationCanceledException">It was cancelled. It throws nothing else.</exception>
    public async IAsyncEnumerable<ConnectionState> ReadStatesAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var states = Channel.CreateUnbounded<ConnectionState>();
        using var told = _hub.OnState(state => states.Writer.TryWrite(state));
        await foreach (var state in states.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            yield return state;
            if (state is ConnectionState.Expired or ConnectionState.Closed) yield break;
        }
    }

    // Who asks for a watch reads the events.
    private bool Kept(bool watch)
    {
        if (watch) _hub.KeepEvents();
        return watch;
    }
}
