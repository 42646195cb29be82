using System.Globalization;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// A queue whose items are taken, worked on and then acknowledged: an item whose taker dies comes back. Items come in
/// order of priority, then of arrival, and not before their time.
/// </summary>
/// <remarks>
/// For thousands of items, not millions: each is a znode, and the znodes of one queue are siblings. An item may be
/// worked on twice, when its taker dies before the acknowledgement. When an item comes, one taker is woken.
/// </remarks>
/// <param name="zab">The client.</param>
/// <param name="path">A znode for this queue alone; created when missing.</param>
/// <param name="time">The clock by which delays are measured; null for the system's.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabQueue(ZabClient zab, string path, TimeProvider? time = null)
{
    /// <summary>The priority of an item unless another is given.</summary>
    public const int DefaultPriority = 500;

    private const int MaxPriority = 999;
    private const long MaxWaitMs = 24 * 60 * 60 * 1000;

    private readonly string _items = Paths.Check(path) + "/items";
    private readonly string _claims = path + "/claims";
    private readonly string _sent = path + "/sent";
    private readonly ZabMutex _takers = new(zab, path + "/takers");
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Adds an item, once, whatever breaks meanwhile.</summary>
    /// <param name="data">The item; with its request at most 1 MiB.</param>
    /// <param name="priority">0, which comes first, to 999.</param>
    /// <param name="delay">
    /// How long it stays out of sight, by the clocks of sender and taker; zero for not at all.
    /// </param>
    /// <param name="cancellation">Stops the waiting; the item may have been added.</param>
    /// <exception cref="ArgumentOutOfRangeException">The priority is another.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over. If that came while the request was under way, the item may have been added.
    /// </exception>
    /// <exception cref="ZabMultiException">
    /// It was not added: the ACLs do not permit it (<see cref="ZabError.NoAuth"/>), or a hard quota would be exceeded
    /// (<see cref="ZabError.QuotaExceeded"/>).
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client create the queue.</exception>
    public async Task EnqueueAsync(
        byte[] data, int priority = DefaultPriority, TimeSpan delay = default, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, MaxPriority);
        var due = delay > TimeSpan.Zero ? (_time.GetUtcNow() + delay).ToUnixTimeMilliseconds() : 0;
        var id = Guid.NewGuid().ToString("N");
        // By itself the item would not tell, after a lost connection, that it was added: it may be done with by then.
        var receipt = Paths.Child(_sent, id);
        var name = string.Create(CultureInfo.InvariantCulture, $"{priority:D3}-{due:D15}-{id}-");
        while (true)
        {
            try
            {
                await zab.MultiAsync(
                    [
                        new Create(Paths.Child(_items, name), data, Acl.Open, CreateMode.PersistentSequential),
                        new Create(receipt, [], Acl.Open, CreateMode.Ephemeral),
                    ], cancellation).ConfigureAwait(false);
                break;
            }
            catch (ZabException e) when (e.Error == ZabError.NoNode)
            {
                await zab.CreatePathAsync(_items, CreateMode.Persistent, cancellation).ConfigureAwait(false);
                await zab.CreatePathAsync(_sent, CreateMode.Persistent, cancellation).ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                await zab.SyncAsync(cancellation).ConfigureAwait(false);
                if (await zab.ExistsAsync(receipt, false, cancellation).ConfigureAwait(false) is not null) break;
            }
        }
        _ = Hold.DeleteAsync(zab, receipt);
    }

    /// <summary>Waits for an item and takes it.</summary>
    /// <param name="cancellation">Stops the waiting; nothing is taken.</param>
    /// <remarks>A lost connection is no failure: it finds out over the next one whether an item was taken.</remarks>
    /// <exception cref="SessionExpiredException">The session is over; nothing is taken.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read the queue, or create it.</exception>
    /// <exception cref="ZabMultiException">
    /// The ACLs do not let this client take items (<see cref="ZabError.NoAuth"/>).
    /// </exception>
    public async Task<QueueItem> TakeAsync(CancellationToken cancellation = default)
    {
        // One taker at a time looks, so one is woken when something comes.
        await using var turn = await _takers.AcquireAsync(cancellation).ConfigureAwait(false);
        await zab.CreatePathAsync(_items, CreateMode.Persistent, cancellation).ConfigureAwait(false);
        await zab.CreatePathAsync(_claims, CreateMode.Persistent, cancellation).ConfigureAwait(false);
        using var items = zab.Hub.Listen(_items);
        using var claims = zab.Hub.Listen(_claims);
        while (true)
        {
            var taken = await NamesAsync(_claims, cancellation).ConfigureAwait(false);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var nextDue = long.MaxValue;
            foreach (var name in (await NamesAsync(_items, cancellation).ConfigureAwait(false)).Order(ByTurn.Instance))
            {
                if (taken.Contains(name)) continue;
                if (DueOf(name) > now)
                {
                    nextDue = Math.Min(nextDue, DueOf(name));
                    continue;
                }
                if (await ClaimAsync(name).ConfigureAwait(false) is { } item) return item;
            }
            await ChangeAsync(items, claims, nextDue - now, nextDue != long.MaxValue, cancellation)
                .ConfigureAwait(false);
        }
    }

    /// <summary>How many items there are, those taken but not acknowledged among them.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<int> CountAsync(CancellationToken cancellation = default) =>
        await zab.ExistsAsync(_items, false, cancellation).ConfigureAwait(false) is { } stat ? stat.ChildCount : 0;

    private async Task<QueueItem?> ClaimAsync(string name)
    {
        var claim = Paths.Child(_claims, name);
        var unsure = false; // whether it is ours although nobody said so
        while (true)
        {
            try
            {
                // Only if it is still there: its taker may have acknowledged it since the list was read.
                await zab.MultiAsync([
                    new Check(Paths.Child(_items, name)), new Create(claim, [], Acl.Open, CreateMode.Ephemeral)])
                    .ConfigureAwait(false);
                return await ReadAsync(name, claim).ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.NodeExists)
            {
                var owner = await zab.ExistsAsync(claim).ConfigureAwait(false);
                return unsure && e.Error == ZabError.NodeExists && owner?.EphemeralOwner == zab.SessionId
                    ? await ReadAsync(name, claim).ConfigureAwait(false)
                    : null;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                unsure = true;
                await zab.SyncAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<QueueItem> ReadAsync(string name, string claim)
    {
        var item = Paths.Child(_items, name);
        var data = await zab.GetDataAsync(item).ConfigureAwait(false);
        var stat = await zab.ExistsAsync(claim).ConfigureAwait(false)
            ?? throw ZabException.For(ZabError.NoNode, claim);
        return new QueueItem(zab, item, claim, data.Data ?? [], stat.CreatedZxid);
    }

    private async Task<HashSet<string>> NamesAsync(string at, CancellationToken cancellation)
    {
        var reply = await zab.CallAsync(new GetChildren(at, Watch: true), cancellation).ConfigureAwait(false);
        return [.. ZabClient.Expect<ChildrenReply>(reply, at).Names];
    }

    private async Task ChangeAsync(
        WatchListener items, WatchListener claims, long untilDue, bool anyDue, CancellationToken cancellation)
    {
        // A timer cannot be set for months; to look again each day costs nothing.
        var wait = anyDue ? TimeSpan.FromMilliseconds(Math.Min(untilDue, MaxWaitMs)) : Timeout.InfiniteTimeSpan;
        using var due = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, due.Token);
        try
        {
            await WatchListener.EitherAsync(items, claims, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Something is due.
        }
    }

    private static long DueOf(string name) =>
        name.Split('-') is [_, var due, ..]
            && long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? at
            : 0;

    /// <summary>By priority, then by the counter at the end of the name.</summary>
    private sealed class ByTurn : IComparer<string>
    {
        public static readonly ByTurn Instance = new();

        public int Compare(string? x, string? y)
        {
            var byPriority = string.CompareOrdinal(x, 0, y, 0, 3);
            return byPriority != 0 ? byPriority : string.CompareOrdinal(x![^10..], y![^10..]);
        }
    }
}

/// <summary>An item that was taken from a queue. Disposed of without acknowledgement, it goes back.</summary>
public sealed class QueueItem : Hold
{
    private readonly ZabClient _zab;
    private readonly string _item;
    private volatile bool _isDone;

    internal QueueItem(ZabClient zab, string item, string claim, byte[] data, long zxid)
        : base(zab, claim, zxid)
    {
        _zab = zab;
        _item = item;
        Data = data;
    }

    /// <summary>The item; do not change it.</summary>
    public byte[] Data { get; }

    // Whoever takes the item next has a claim of the same name; once it is acknowledged, there is none.
    private protected override Task ReleaseAsync() =>
        _isDone ? Task.CompletedTask : NameHold.DeleteOwnAsync(_zab, Path, FencingToken);

    /// <summary>Says that the work on it is done: it is deleted.</summary>
    /// <remarks>If the connection breaks meanwhile, it is tried again over the next one.</remarks>
    /// <exception cref="ZabMultiException">
    /// With <see cref="ZabError.NoNode"/>: it was not held any more, and another may be working on it.
    /// </exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over, and another may be working on it; if that came while the request was under way, it may have
    /// been done.
    /// </exception>
    public async Task AcknowledgeAsync()
    {
        var unsure = false;
        while (true)
        {
            try
            {
                await _zab.MultiAsync([new Delete(Path), new Delete(_item)]).ConfigureAwait(false);
                _isDone = true;
                return;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                unsure = true;
            }
            catch (ZabException e) when (e.Error == ZabError.NoNode && unsure
                && _zab.Hub.State is not (ConnectionState.Expired or ConnectionState.Closed))
            {
                // The first attempt did it: the session is the same, so nobody else could have had it.
                return;
            }
        }
    }
}
