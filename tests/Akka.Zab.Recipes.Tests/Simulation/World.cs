using System.Globalization;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>
/// One run: virtual time, one queue of events, and chance from a seed. An event happens when everything that the one
/// before set off has come to rest, on the one thread that this process's thread pool has; so a seed is a run, event by
/// event.
/// </summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<(Action Action, Process? Owner), (long At, long Order)> _events = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly List<string> _trace = [];
    private long _order;
    private long _limit;
    private Task? _scenario;

    /// <summary>What the scheduler of the actor system belongs to at the moment.</summary>
    public static World? Current { get; private set; }

    public int Seed => seed;

    public Random Chance { get; } = new(seed);

    /// <summary>Microseconds since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>Why the run has failed, if it has.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Folds in everything that has happened.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    /// <summary>Looked at after every event.</summary>
    public List<Action> Invariants { get; } = [];

    /// <summary>The last things that happened.</summary>
    public IEnumerable<string> LastSteps => _trace.TakeLast(400);

    /// <summary>Whether there are faults at this time.</summary>
    public bool IsFaulty { get; set; } = true;

    public static long Micros(TimeSpan time) => (long)time.TotalMicroseconds;

    /// <summary>Something that happens later; in a process that is paused then, when it goes on.</summary>
    public void After(long micros, Action action, Process? owner = null)
    {
        _events.Enqueue((action, owner), (Now + Math.Max(0, micros), _order++));
    }

    /// <summary>A number of microseconds, mostly near the lower end.</summary>
    public long Spread(long from, long to)
    {
        var share = Chance.NextDouble();
        return from + (long)((to - from) * share * share * share);
    }

    public void Note(string what)
    {
        foreach (var c in what) Digest = (Digest ^ c) * 1099511628211;
        Digest = (Digest ^ (ulong)Now) * 1099511628211;
        Tell(what);
    }

    /// <summary>For the reader of a trace only: what differs from run to run, such as names made up by a client.</summary>
    public void Tell(string what)
    {
        if (_trace.Count >= 4000) _trace.RemoveRange(0, 2000);
        _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{Now / 1e6,12:F6} {what}"));
    }

    public void Fail(Exception failure) => Failure ??= failure;

    /// <summary>Runs a scenario to its end.</summary>
    /// <param name="scenario">What the application does.</param>
    /// <param name="limit">When it has to be over, in simulated time.</param>
    public void Run(Func<Task> scenario, TimeSpan limit)
    {
        Current = this;
        _limit = Micros(limit);
        After(0, () => _scenario = scenario());
        ThreadPool.UnsafeQueueUserWorkItem(static world => world.Step(), this, preferLocal: false);
        _ended.Wait();
        Current = null;
        if (Failure is null && _scenario is { IsFaulted: true } failed)
            Failure = failed.Exception!.InnerException;
    }

    private void Step()
    {
        // One thread: what stands in its queues is all there is besides this.
        if (ThreadPool.PendingWorkItemCount == 0)
        {
            try
            {
                Next();
            }
            catch (Exception e)
            {
                Fail(e);
            }
            if (Failure is not null || _scenario is { IsCompleted: true })
            {
                _ended.Set();
                return;
            }
        }
        ThreadPool.UnsafeQueueUserWorkItem(static world => world.Step(), this, preferLocal: false);
    }

    private void Next()
    {
        foreach (var invariant in Invariants) invariant();
        if (!_events.TryDequeue(out var next, out var when))
            throw new InvalidOperationException("Nothing more happens, and not everybody is done.");
        if (when.At > _limit) throw new InvalidOperationException("Not everybody is done in time.");
        Now = when.At;
        if (next.Owner is { IsPaused: true } paused) paused.Missed(next.Action);
        else next.Action();
    }
}
