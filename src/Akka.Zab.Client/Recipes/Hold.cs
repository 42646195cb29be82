using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// Something that this client holds: a lock, a permit, the lead. It is held until it is disposed of, or until the
/// session that holds it can no longer be taken for alive.
/// </summary>
/// <remarks>
/// No lock over a network can be certain to be the only one: a process may be paused between its last look at
/// <see cref="Lost"/> and its write to the thing that the lock protects. So hand <see cref="FencingToken"/> to that
/// thing and let it refuse a lower one than it has seen.
/// </remarks>
public class Hold : IAsyncDisposable
{
    private readonly ZabClient _zab;
    private readonly CancellationTokenSource _lost = new();
    private readonly IDisposable _held;
    private readonly WatchListener _own;
    private readonly CancellationTokenSource _over = new();
    private MeasuredHold? _measured;
    private int _isLost;
    private int _disposed;

    internal Hold(ZabClient zab, string path, long fencingToken)
    {
        _zab = zab;
        Path = path;
        FencingToken = fencingToken;
        _held = zab.Hub.Certainty.Hold(Lose, () => zab.SyncAsync());
        _own = zab.Hub.Listen(path);
        _ = GuardAsync();
    }

    /// <summary>The ephemeral znode that stands for it.</summary>
    public string Path { get; }

    /// <summary>
    /// A number that is larger for every later holder: the zxid of the transaction that took the place in the line.
    /// </summary>
    public long FencingToken { get; }

    /// <summary>
    /// Cancelled when the hold is lost, before anybody else can have it as far as this process is awake: the session
    /// has ended, the leader has answered nothing that was sent within the last half of the session timeout (while
    /// something is held it is asked six times in a timeout), or somebody has deleted the znode. Not cancelled by
    /// disposal.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>
    /// Whether it is certainly held at this moment. A process that was stopped and goes on finds it false at once, when
    /// nobody has had the time yet to cancel <see cref="Lost"/>.
    /// </summary>
    public bool IsHeld => _disposed == 0 && _isLost == 0 && _zab.Hub.Certainty.IsCertain;

    /// <summary>
    /// Lets go. If the connection is broken it waits for the next one, or for the end of the session, which lets go
    /// too.
    /// </summary>
    /// <exception cref="NoAuthException">
    /// The ACLs do not let this client delete what stands for it: it is held until the session ends.
    /// </exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _held.Dispose();
        _own.Dispose();
        await _over.CancelAsync().ConfigureAwait(false);
        _measured?.Ended(isLoss: false);
        await ReleaseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Deletes what stands for it.</summary>
    private protected virtual Task ReleaseAsync() => DeleteAsync(_zab, Path);

    /// <summary>Deletes a znode of ours for certain, unless the session does it.</summary>
    internal static async Task DeleteAsync(ZabClient zab, string path)
    {
        for (var isSure = true; ; isSure = false)
        {
            try
            {
                if (!isSure)
                {
                    // It may have been deleted, and be another's by now.
                    await zab.SyncAsync().ConfigureAwait(false);
                    var there = await zab.ExistsAsync(path).ConfigureAwait(false);
                    if (there?.EphemeralOwner != zab.SessionId) return;
                }
                await zab.DeleteAsync(path).ConfigureAwait(false);
                return;
            }
            catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.SessionExpired)
            {
                return;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                // Deleted or not: to look tells.
            }
        }
    }

    /// <summary>
    /// Before something is held that was waited for: the server that shows that it is free may have been cut off from
    /// the others, who may have ended the session.
    /// </summary>
    internal static async Task EnsureAliveAsync(ZabClient zab, CancellationToken cancellation)
    {
        while (!zab.Hub.Certainty.IsCertain) await zab.SyncAsync(cancellation).ConfigureAwait(false);
    }

    private async Task GuardAsync()
    {
        try
        {
            // It leaves no watch when it is not there, as Exists would.
            while (await _zab.CallAsync(new GetData(Path, Watch: true), _over.Token).ConfigureAwait(false) is DataReply)
                await _own.NextAsync(_over.Token).ConfigureAwait(false);
            Lose();
        }
        catch (OperationCanceledException)
        {
            // Let go before it was lost.
        }
    }

    /// <summary>Somebody wants to know what becomes of it.</summary>
    internal void Measure(MeasuredHold measured)
    {
        Interlocked.Exchange(ref _measured, measured);
        if (_isLost != 0) measured.Ended(isLoss: true); // already
    }

    private void Lose()
    {
        if (Interlocked.Exchange(ref _isLost, 1) != 0) return;
        _measured?.Ended(isLoss: true);
        // Whom it tells may call the client, which may be about to tell others: so not on this thread.
        _ = _lost.CancelAsync();
    }
}
