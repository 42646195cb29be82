using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// A lock that one client of the ensemble holds at a time, in the order in which they asked. When a holder leaves or
/// dies, one waiting client is woken.
/// </summary>
/// <remarks>
/// It belongs to the <see cref="Hold"/> that it gives out, not to a thread or to this object: whoever has that, and
/// nobody else, lets go. Not re-entrant unless asked for.
/// </remarks>
public sealed class ZabMutex
{
    private readonly ZabClient _zab;
    private readonly WaitingLine _line;
    private readonly TimeProvider _time;
    private readonly AsyncLocal<Reentry?>? _inside;

    /// <param name="zab">The client. Its session holds the lock.</param>
    /// <param name="path">
    /// A znode for this lock alone, such as <c>/locks/orders</c>; created when missing, gone some time after its last
    /// use.
    /// </param>
    /// <param name="reentrant">
    /// Whether an asynchronous flow that holds it gets it again at once; it is free when every hold is disposed of.
    /// </param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
    public ZabMutex(ZabClient zab, string path, bool reentrant = false, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(zab);
        _zab = zab;
        _line = new WaitingLine(zab, Paths.Check(path));
        _time = time ?? TimeProvider.System;
        _inside = reentrant ? new AsyncLocal<Reentry?>() : null;
    }

    /// <summary>Waits for the lock.</summary>
    /// <param name="cancellation">Leaves the line.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over, and the place in the line with it.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold> AcquireAsync(CancellationToken cancellation = default)
    {
        if (_inside is null) return AcquireNewAsync(cancellation);
        // Not in an asynchronous method: what is noted there is not seen by the caller.
        if (_inside.Value is { } inside && inside.TryEnter()) return inside.AgainAsync(_zab);
        var entry = new Reentry();
        _inside.Value = entry;
        return entry.FirstAsync(AcquireNewAsync(cancellation), _zab);
    }

    /// <summary>Takes the lock if that is possible within a time.</summary>
    /// <param name="patience">How long to wait; zero to take it only if nobody has it.</param>
    /// <param name="cancellation">Leaves the line.</param>
    /// <returns>The hold, or null if somebody else has it.</returns>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over; nothing is held.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold?> TryAcquireAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        if (_inside is null) return TryAcquireNewAsync(patience, cancellation);
        if (_inside.Value is { } inside && inside.TryEnter()) return inside.TryAgainAsync(_zab);
        var entry = new Reentry();
        _inside.Value = entry;
        return entry.TryFirstAsync(TryAcquireNewAsync(patience, cancellation), _zab);
    }

    private Task<Hold?> TryAcquireNewAsync(TimeSpan patience, CancellationToken cancellation) =>
        patience > TimeSpan.Zero
            ? Patience.WithinAsync(AcquireNewAsync, patience, _time, cancellation)
            : TryAcquireNowAsync(cancellation);

    private Task<Hold?> TryAcquireNowAsync(CancellationToken cancellation) =>
        MeasuredHold.WaitAsync(
            _zab, "mutex", _line.Path, this, static (mutex, cancelled) => mutex.TryTakeAsync(cancelled), cancellation);

    private Task<Hold> AcquireNewAsync(CancellationToken cancellation) =>
        MeasuredHold.WaitAsync(
            _zab, "mutex", _line.Path, this, static (mutex, cancelled) => mutex.TakeAsync(cancelled), cancellation);

    private async Task<Hold?> TryTakeAsync(CancellationToken cancellation)
    {
        var taken = await _line.TryJoinAsync(LockRules.Exclusive, LockRules.First, cancellation).ConfigureAwait(false);
        return taken is var (ticket, zxid) ? new Hold(_zab, _line.PathOf(ticket), zxid) : null;
    }

    private async Task<Hold> TakeAsync(CancellationToken cancellation)
    {
        var (ticket, zxid) = await _line.JoinAsync(LockRules.Exclusive, [], cancellation).ConfigureAwait(false);
        await _line.WaitAsync(ticket, LockRules.First, cancellation).ConfigureAwait(false);
        return new Hold(_zab, _line.PathOf(ticket), zxid);
    }

    /// <summary>The holds of one asynchronous flow.</summary>
    private sealed class Reentry
    {
        private Hold? _outer;
        private int _depth = 1;

        public bool TryEnter()
        {
            lock (this)
            {
                if (_depth == 0 || _outer is not { IsHeld: true }) return false;
                _depth++;
                return true;
            }
        }

        public async Task<Hold> FirstAsync(Task<Hold> acquiring, ZabClient zab)
        {
            _outer = await acquiring.ConfigureAwait(false);
            return new InnerHold(zab, _outer, LeaveAsync);
        }

        public async Task<Hold?> TryFirstAsync(Task<Hold?> acquiring, ZabClient zab)
        {
            _outer = await acquiring.ConfigureAwait(false);
            return _outer is null ? null : new InnerHold(zab, _outer, LeaveAsync);
        }

        public Task<Hold> AgainAsync(ZabClient zab) =>
            Task.FromResult<Hold>(new InnerHold(zab, _outer!, LeaveAsync));

        public Task<Hold?> TryAgainAsync(ZabClient zab) =>
            Task.FromResult<Hold?>(new InnerHold(zab, _outer!, LeaveAsync));

        private Task LeaveAsync()
        {
            lock (this)
                if (--_depth > 0) return Task.CompletedTask;
            return _outer!.DisposeAsync().AsTask();
        }
    }

    private sealed class InnerHold(ZabClient zab, Hold outer, Func<Task> leave)
        : Hold(zab, outer.Path, outer.FencingToken)
    {
        private protected override Task ReleaseAsync() => leave();
    }
}
