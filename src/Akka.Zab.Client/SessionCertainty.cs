namespace Akka.Zab.Client;

/// <summary>
/// For how long it is certain that the servers keep the session. What a server answers by itself, a ping or a read,
/// says little: it may have lost its leader a while ago without knowing. So what counts is when something was sent that
/// the leader has answered: a write that was done, or a sync. The clock is monotonic and goes on while the process is
/// stopped, so one that wakes up late finds nothing certain any more.
/// </summary>
/// <remarks>
/// Thread-safe. The leader hears of a session from its server twice in a tick, so its time may begin somewhat before
/// what it has answered was sent: a third of the timeout, or half of it for a sync, is what certainly remains with
/// timeouts of three ticks and more. While something is held, a sync is sent as soon as no more than a third is left.
/// </remarks>
/// <param name="time">The clock.</param>
internal sealed class SessionCertainty(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<Holder> _holders = [];
    private ITimer? _timer;
    private long _third;
    private long _until = long.MinValue;
    private bool _asking;
    private bool _over;

    /// <summary>Whether the servers certainly keep the session now.</summary>
    public bool IsCertain => Now < Volatile.Read(ref _until);

    /// <summary>The clock's reading, to be noted when something is sent.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>The session has this timeout from now on.</summary>
    public void Agreed(TimeSpan sessionTimeout)
    {
        lock (_lock) _third = Math.Max(1, (long)(sessionTimeout.TotalSeconds * time.TimestampFrequency / 3));
    }

    /// <summary>The leader has answered something.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="bySync">Whether it was a sync, with which it also notes that the session lives.</param>
    public void Confirmed(long sentAt, bool bySync)
    {
        var until = sentAt + (bySync ? _third * 3 / 2 : _third);
        lock (_lock)
        {
            // What was lost meanwhile stays lost.
            if (!IsCertain) Lapse();
            if (until > _until && !_over) Volatile.Write(ref _until, until);
        }
    }

    /// <summary>The session is over, or about to be.</summary>
    public void Over()
    {
        lock (_lock)
        {
            _over = true;
            Volatile.Write(ref _until, long.MinValue);
            Lapse();
        }
    }

    /// <summary>Something is held by the session from now on.</summary>
    /// <param name="lapsed">
    /// Called once, when it is not certain any more that it is held; at once if it is not even now. Must be quick, and
    /// must not call back.
    /// </param>
    /// <param name="sync">Sends a sync.</param>
    /// <returns>What ends it.</returns>
    public IDisposable Hold(Action lapsed, Func<Task> sync)
    {
        var holder = new Holder(this, lapsed, sync);
        lock (_lock)
        {
            _holders.Add(holder);
            if (!IsCertain) Lapse();
            else if (_holders.Count == 1) Arm();
        }
        return holder;
    }

    private void Look()
    {
        Func<Task>? sync = null;
        lock (_lock)
        {
            if (!IsCertain) Lapse();
            if (_holders.Count == 0) return;
            if (!_asking && Now >= _until - _third)
            {
                _asking = true;
                sync = _holders[0].Sync;
            }
            Arm();
        }
        if (sync is not null) _ = AskAsync(sync);
    }

    private async Task AskAsync(Func<Task> sync)
    {
        try
        {
            await sync().ConfigureAwait(false);
        }
        catch (ZabException)
        {
            // Then nothing is confirmed.
        }
        lock (_lock)
        {
            _asking = false;
            if (_holders.Count > 0) Arm();
        }
    }

    private void Arm()
    {
        var next = _asking ? _until : _until - _third;
        var wait = TimeSpan.FromSeconds((double)(next - Now) / time.TimestampFrequency);
        // A timer of whole milliseconds that fires too early would fire again and again.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _timer ??= time.CreateTimer(
            static state => ((SessionCertainty)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Lapse()
    {
        foreach (var holder in _holders) holder.Lapsed();
        _holders.Clear();
    }

    private sealed class Holder(SessionCertainty certainty, Action lapsed, Func<Task> sync) : IDisposable
    {
        public Action Lapsed => lapsed;

        public Func<Task> Sync => sync;

        public void Dispose()
        {
            lock (certainty._lock) certainty._holders.Remove(this);
        }
    }
}
