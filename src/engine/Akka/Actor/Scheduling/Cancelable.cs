namespace Akka.Actor;

/// <summary>Calls off scheduled work, at once or after a time by a scheduler's clock.</summary>
public class Cancelable : ICancelable, IDisposable
{
    static readonly Cancelable Canceled = MakeCanceled();

    readonly IActionScheduler? _scheduler;

    // Most are never asked for a token: those cost nothing but a flag.
    CancellationTokenSource? _source;
    int _state;

    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    Cancelable()
    {
    }

    public bool IsCancellationRequested => Volatile.Read(ref _state) != 0;

    public bool IsDisposed { get; private set; }

    public CancellationToken Token
    {
        get
        {
            if (Volatile.Read(ref _source) is { } known)
                return known.Token;
            var made = new CancellationTokenSource();
            var source = Interlocked.CompareExchange(ref _source, made, null) ?? made;
            if (IsCancellationRequested)
                source.Cancel();
            return source.Token;
        }
    }

    public static ICancelable CreateCanceled() => Canceled;

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler,
        params CancellationToken[] cancellationTokens) =>
        CreateLinkedCancelable(scheduler.Advanced, cancellationTokens);

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler.Advanced, cancelables);

    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler,
        params CancellationToken[] cancellationTokens)
    {
        var linked = new Cancelable(scheduler);
        foreach (var token in cancellationTokens)
            token.UnsafeRegister(static state => ((Cancelable)state!).Cancel(), linked);
        return linked;
    }

    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler, [.. cancelables.Select(c => c.Token)]);

    public void Cancel() => Cancel(throwOnFirstException: false);

    public void Cancel(bool throwOnFirstException)
    {
        if (Interlocked.Exchange(ref _state, 1) == 0 && !IsDisposed)
            Volatile.Read(ref _source)?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (delay == TimeSpan.Zero)
            Cancel();
        else if (!IsCancellationRequested)
            _scheduler?.ScheduleOnce(delay, Cancel, this);
    }

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (IsDisposed || !disposing)
            return;
        IsDisposed = true;
        _source?.Dispose();
    }

    static Cancelable MakeCanceled()
    {
        var canceled = new Cancelable();
        canceled.Cancel();
        return canceled;
    }
}
