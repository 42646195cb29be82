using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// A number of permits, given out in the order in which they were asked for. Those who wait stand in a line of which
/// only the first watches the permits.
/// </summary>
/// <param name="zab">The client. Its session holds the permits.</param>
/// <param name="path">
/// A znode for this semaphore alone; created when missing, gone some time after its last use.
/// </param>
/// <param name="permits">
/// How many permits there are; at least 1, and the same for all who use it: each client goes by its own number.
/// </param>
/// <param name="time">The clock; null for the system's.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root; there is no permit.</exception>
public sealed class ZabSemaphore(ZabClient zab, string path, int permits, TimeProvider? time = null)
{
    private readonly WaitingLine _waiting = new(zab, Paths.Check(path) + "/waiting");
    private readonly WaitingLine _given = new(zab, path + "/given");
    private readonly int _permits = permits > 0
        ? permits
        : throw new ArgumentOutOfRangeException(nameof(permits), permits, "There must be at least one permit.");
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Waits for a permit.</summary>
    /// <param name="cancellation">Leaves the line.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over, and the place in the line with it.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold> AcquireAsync(CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "semaphore", path, this, static (semaphore, cancelled) => semaphore.TakeAsync(cancelled),
            cancellation);

    private async Task<Hold> TakeAsync(CancellationToken cancellation)
    {
        var (turn, _) = await _waiting.JoinAsync(LockRules.Exclusive, [], cancellation).ConfigureAwait(false);
        try
        {
            await _waiting.WaitAsync(turn, LockRules.First, cancellation).ConfigureAwait(false);
            var (permit, zxid) = await _given.JoinAsync(LockRules.Shared, [], cancellation).ConfigureAwait(false);
            try
            {
                await FreeAsync(cancellation).ConfigureAwait(false);
                await Hold.EnsureAliveAsync(zab, cancellation).ConfigureAwait(false);
                return new Hold(zab, _given.PathOf(permit), zxid);
            }
            catch
            {
                _ = _given.LeaveAsync(permit);
                throw;
            }
        }
        finally
        {
            // Nobody has to wait for that: with the connection broken it may take long.
            _ = _waiting.LeaveAsync(turn);
        }
    }

    /// <summary>Takes a permit if that is possible within a time.</summary>
    /// <param name="patience">How long to wait; zero to take it only if it is to be had at once.</param>
    /// <param name="cancellation">Leaves the line.</param>
    /// <returns>The hold, or null if others are in the way.</returns>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over; nothing is held.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold?> TryAcquireAsync(TimeSpan patience, CancellationToken cancellation = default) =>
        patience > TimeSpan.Zero
            ? Patience.WithinAsync(AcquireAsync, patience, _time, cancellation)
            : MeasuredHold.WaitAsync(
                zab, "semaphore", path, this, static (semaphore, cancelled) => semaphore.TryTakeAsync(cancelled),
                cancellation);

    /// <summary>How many permits are out, or asked for by the one whose turn it is.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<int> CountAsync(CancellationToken cancellation = default) =>
        await zab.ExistsAsync(_given.Path, false, cancellation).ConfigureAwait(false) is { } stat ? stat.ChildCount : 0;

    private async Task<Hold?> TryTakeAsync(CancellationToken cancellation)
    {
        var first = await _waiting.TryJoinAsync(LockRules.Exclusive, LockRules.First, cancellation)
            .ConfigureAwait(false);
        if (first is not var (turn, _)) return null;
        try
        {
            var given = await _given.TryJoinAsync(LockRules.Shared, Busy, cancellation).ConfigureAwait(false);
            return given is var (permit, zxid) ? new Hold(zab, _given.PathOf(permit), zxid) : null;
        }
        finally
        {
            // Nobody has to wait for that: with the connection broken it may take long.
            _ = _waiting.LeaveAsync(turn);
        }
    }

    private Ticket? Busy(IReadOnlyList<Ticket> permits, Ticket mine) => permits.Count > _permits ? permits[0] : null;

    private async Task FreeAsync(CancellationToken cancellation)
    {
        using var listener = zab.Hub.Listen(_given.Path);
        while (true)
        {
            var reply = await zab.CallAsync(new GetChildren(_given.Path, Watch: true), cancellation)
                .ConfigureAwait(false);
            var children = ZabClient.Expect<ChildrenReply>(reply, _given.Path);
            if (WaitingLine.Order(children.Names).Count <= _permits) return;
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }
}
