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
    private readonly IDisposable _states;
    private readonly ITimer _grace;
    private readonly WatchListener _own;
    private readonly CancellationTokenSource _over = new();
    private MeasuredHold? _measured;
    private int _losing;
    private int _disposed;

    internal Hold(ZabClient zab, string path, long fencingToken, TimeProvider time)
    {
        _zab = zab;
        Path = path;
        FencingToken = fencingToken;
        _grace = time.CreateTimer(
            static hold => ((Hold)hold!).Lose(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _states = zab.Hub.OnState(OnState);
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
    /// has ended, its connection has been broken for a third of the session timeout (the servers last heard of it at
    /// most two thirds before), or somebody has deleted the znode. Not cancelled by disposal.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether it is held.</summary>
    public bool IsHeld => _disposed == 0 && !_lost.IsCancellationRequested;

    /// <summary>
    /// Lets go. If the connection is broken it waits for the next one, or for the end of the session, which lets go
    /// too.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _states.Dispose();
        _own.Dispose();
        await _over.CancelAsync().ConfigureAwait(false);
        await _grace.DisposeAsync().ConfigureAwait(false);
        _measured?.Ended(isLoss: false);
        await ReleaseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Deletes what stands for it.</summary>
    private protected virtual Task ReleaseAsync() => DeleteAsync(_zab, Path);

    /// <summary>Deletes a znode of ours for certain, unless the session does it.</summary>
    internal static async Task DeleteAsync(ZabClient zab, string path)
    {
        while (true)
        {
            try
            {
                await zab.DeleteAsync(path).ConfigureAwait(false);
                return;
            }
            catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.SessionExpired)
            {
                return;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                // Deleted or not: to try again tells.
            }
        }
    }

    private async Task GuardAsync()
    {
        try
        {
            while (await _zab.CallAsync(new Exists(Path, Watch: true), _over.Token).ConfigureAwait(false) is StatReply)
                await _own.NextAsync(_over.Token).ConfigureAwait(false);
            Lose();
        }
        catch (OperationCanceledException)
        {
            // Let go before it was lost.
        }
    }

    private void OnState(ConnectionState state)
    {
        switch (state)
        {
            case ConnectionState.Connected:
                _grace.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                break;
            case ConnectionState.Disconnected:
                _grace.Change(_zab.Hub.SessionTimeout / 3, Timeout.InfiniteTimeSpan);
                break;
            default:
                // Not here: who is told may call the client, which is about to tell others.
                ThreadPool.UnsafeQueueUserWorkItem(static hold => hold.Lose(), this, preferLocal: false);
                break;
        }
    }

    /// <summary>Somebody wants to know what becomes of it.</summary>
    internal void Measure(MeasuredHold measured)
    {
        Interlocked.Exchange(ref _measured, measured);
        if (_losing != 0) measured.Ended(isLoss: true); // already
    }

    private void Lose()
    {
        Interlocked.Exchange(ref _losing, 1);
        _measured?.Ended(isLoss: true);
        _lost.Cancel();
    }
}
