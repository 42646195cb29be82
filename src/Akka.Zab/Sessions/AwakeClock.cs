namespace Akka.Zab.Sessions;

/// <summary>
/// The time that this process has been awake, as far as its own timer shows it. A process that was stopped (a paused
/// machine, a long collection, a debugger) has its clients' touches still unread in its queues when it wakes: the time
/// it slept through must not expire them, so one step counts no more than <paramref name="longestStepMs"/>. A clock
/// that is set plays no part: the readings are of a monotonic clock, and one that goes back all the same counts
/// nothing.
/// </summary>
/// <param name="startMs">The first reading.</param>
/// <param name="longestStepMs">The most that one step counts.</param>
internal struct AwakeClock(long startMs, long longestStepMs)
{
    private long _reading = startMs;

    /// <summary>Milliseconds awake.</summary>
    public long NowMs { get; private set; }

    /// <summary>Takes a reading, at least once per longest step, and returns the time awake.</summary>
    public long Advance(long readingMs)
    {
        NowMs += Math.Clamp(readingMs - _reading, 0, longestStepMs);
        _reading = readingMs;
        return NowMs;
    }
}
