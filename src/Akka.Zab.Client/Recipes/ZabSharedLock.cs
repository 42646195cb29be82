using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// A lock that many readers or one writer hold, in the order in which they asked. A reader waits for the writer before
/// him, a writer for the one before him: nobody is woken in vain.
/// </summary>
/// <param name="zab">The client. Its session holds the lock.</param>
/// <param name="path">A znode for this lock alone; created when missing, gone some time after its last use.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabSharedLock(ZabClient zab, string path, TimeProvider? time = null)
{
    private readonly SharedLockLine _line = new(zab, Paths.Check(path));
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Waits to read, along with others.</summary>
    /// <param name="cancellation">Leaves the line.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over, and the place in the line with it.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold> AcquireSharedAsync(CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "lock.shared", path, this, static (self, cancelled) => self.HoldAsync(LockRules.Shared, cancelled),
            cancellation);

    /// <summary>Reads, along with others, if that is possible within a time.</summary>
    /// <param name="patience">How long to wait; zero to take it only if it is to be had at once.</param>
    /// <param name="cancellation">Leaves the line.</param>
    /// <returns>The hold, or null if others are in the way.</returns>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over; nothing is held.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold?> TryAcquireSharedAsync(TimeSpan patience, CancellationToken cancellation = default) =>
        patience > TimeSpan.Zero
            ? Patience.WithinAsync(AcquireSharedAsync, patience, _time, cancellation)
            : MeasuredHold.WaitAsync(
                zab, "lock.shared", path, this,
                static (self, cancelled) => self.TryHoldAsync(LockRules.Shared, cancelled), cancellation);

    /// <summary>Waits to write, alone.</summary>
    /// <param name="cancellation">Leaves the line.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over, and the place in the line with it.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold> AcquireExclusiveAsync(CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "lock.exclusive", path, this,
            static (self, cancelled) => self.HoldAsync(LockRules.Exclusive, cancelled), cancellation);

    /// <summary>Writes, alone, if that is possible within a time.</summary>
    /// <param name="patience">How long to wait; zero to take it only if it is to be had at once.</param>
    /// <param name="cancellation">Leaves the line.</param>
    /// <returns>The hold, or null if others are in the way.</returns>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over; nothing is held.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold?> TryAcquireExclusiveAsync(TimeSpan patience, CancellationToken cancellation = default) =>
        patience > TimeSpan.Zero
            ? Patience.WithinAsync(AcquireExclusiveAsync, patience, _time, cancellation)
            : MeasuredHold.WaitAsync(
                zab, "lock.exclusive", path, this,
                static (self, cancelled) => self.TryHoldAsync(LockRules.Exclusive, cancelled), cancellation);

    /// <summary>
    /// Waits to read with the right to write later without letting go. Readers may hold it at the same time, but only
    /// one has that right, so two can never wait for each other.
    /// </summary>
    /// <param name="cancellation">Leaves the line.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over, and the place in the line with it.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<UpgradeableHold> AcquireUpgradeableAsync(CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "lock.upgradeable", path, this, static (self, cancelled) => self.HoldUpgradeableAsync(cancelled),
            cancellation);

    private async Task<Hold> HoldAsync(string kind, CancellationToken cancellation)
    {
        var (ticket, token) = await _line.TakeAsync(kind, null, cancellation).ConfigureAwait(false);
        return new Hold(zab, ticket, token);
    }

    private async Task<Hold?> TryHoldAsync(string kind, CancellationToken cancellation)
    {
        var taken = await _line.TryTakeAsync(kind, cancellation).ConfigureAwait(false);
        return taken is var (ticket, token) ? new Hold(zab, ticket, token) : null;
    }

    private async Task<UpgradeableHold> HoldUpgradeableAsync(CancellationToken cancellation)
    {
        var (ticket, token) = await _line.TakeAsync(LockRules.Upgradeable, null, cancellation).ConfigureAwait(false);
        return new UpgradeableHold(zab, _line, ticket, token);
    }
}

/// <summary>The right to read, and to write after <see cref="UpgradeAsync"/>.</summary>
public sealed class UpgradeableHold : Hold
{
    private readonly ZabClient _zab;
    private readonly SharedLockLine _line;
    private volatile Hold? _writing;

    internal UpgradeableHold(ZabClient zab, SharedLockLine line, string ticket, long token)
        : base(zab, ticket, token)
    {
        _zab = zab;
        _line = line;
    }

    /// <summary>
    /// Waits until the readers of the moment have left; new ones wait. Dispose of the result to read on; it ends with
    /// this hold at the latest.
    /// </summary>
    /// <param name="cancellation">Gives up writing; reading goes on.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It is not held any more.</exception>
    /// <exception cref="SessionExpiredException">The session is over, and with it what was held.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold> UpgradeAsync(CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            _zab, "lock.upgrade", _line.Path, this, static (hold, cancelled) => hold.TakeAsync(cancelled),
            cancellation);

    private async Task<Hold> TakeAsync(CancellationToken cancellation)
    {
        if (!IsHeld) throw new InvalidOperationException("What is not held cannot be upgraded.");
        var (ticket, token) = await _line.TakeAsync(LockRules.Upgrading, Path, cancellation).ConfigureAwait(false);
        var writing = new Hold(_zab, ticket, token);
        _writing = writing;
        if (IsHeld) return writing;
        await writing.DisposeAsync().ConfigureAwait(false);
        throw new InvalidOperationException("What is not held cannot be upgraded.");
    }

    // Without the right to upgrade nobody waits for the one who writes.
    private protected override async Task ReleaseAsync()
    {
        if (_writing is { } writing) await writing.DisposeAsync().ConfigureAwait(false);
        await base.ReleaseAsync().ConfigureAwait(false);
    }
}
