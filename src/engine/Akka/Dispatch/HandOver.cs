namespace Akka.Dispatch;

/// <summary>
/// Lets the thread that has run a mailbox go on with the one to which it has given work, instead of waking another
/// thread for it: a request that passes from actor to actor stays on one thread, and a wake-up costs more than what
/// most actors do. Only where a dispatcher asks for it (<c>hand-over = on</c>), because an actor that blocks until
/// another has answered would wait for what only its own thread would do. As soon as a mailbox goes on to a further
/// message, what waits for its thread goes to others: where there is much to do, nothing waits.
/// </summary>
sealed class HandOver
{
    // So many mailboxes in a row, then others have their turn.
    const int LongestChain = 32;

    [ThreadStatic]
    static HandOver? t_here;

    readonly List<IThreadPoolWorkItem> _afterwards = [];
    IRunnable? _running;
    IRunnable? _next;
    bool _open;

    /// <summary>Whether this thread will run it when the mailbox in hand is done.</summary>
    public static bool TryTake(IRunnable run)
    {
        if (t_here is not { _open: true, _next: null } here || ReferenceEquals(here._running, run))
            return false;
        here._next = run;
        return true;
    }

    /// <summary>
    /// Whether this thread will do it as soon as the mailbox in hand is done: for work that gathers what the mailbox
    /// has to send.
    /// </summary>
    public static bool TryTakeAfterwards(IThreadPoolWorkItem work)
    {
        if (t_here is not { _open: true } here)
            return false;
        here._afterwards.Add(work);
        return true;
    }

    /// <summary>Runs a mailbox, and then what it gave work to.</summary>
    public static void Run(IRunnable first)
    {
        var here = t_here ??= new HandOver();
        if (here._open)
        {
            first.Run();
            return;
        }
        here._open = true;
        here.RunChain(first, LongestChain);
    }

    /// <summary>
    /// From here on this thread, which is not running a mailbox, keeps the first that it gives work to. False if it does
    /// so already.
    /// </summary>
    public static bool Open()
    {
        var here = t_here ??= new HandOver();
        if (here._open)
            return false;
        return here._open = true;
    }

    /// <summary>Ends what <see cref="Open"/> began: what was kept is run here, or goes to the pool.</summary>
    /// <param name="runHere">Whether this thread has time for it.</param>
    public static void Close(bool runHere)
    {
        var here = t_here!;
        if (!runHere)
        {
            here.SpillAll();
            here._open = false;
            return;
        }
        var next = here._next;
        here._next = null;
        here.RunChain(next, LongestChain);
    }

    /// <summary>The mailbox in hand goes on, so what waits for its end goes to the pool.</summary>
    public static void Spill()
    {
        if (t_here is { _open: true } here && (here._next is not null || here._afterwards.Count > 0))
            here.SpillAll();
    }

    void RunChain(IRunnable? run, int left)
    {
        try
        {
            while (true)
            {
                _running = run;
                run?.Run();
                _running = null;
                // An index, because work may add work.
                for (var i = 0; i < _afterwards.Count; i++)
                    _afterwards[i].Execute();
                _afterwards.Clear();
                if (_next is null || --left == 0)
                    return;
                run = _next;
                _next = null;
            }
        }
        finally
        {
            _running = null;
            SpillAll();
            _open = false;
        }
    }

    void SpillAll()
    {
        if (_next is { } next)
        {
            _next = null;
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }
        foreach (var work in _afterwards)
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);
        _afterwards.Clear();
    }
}
