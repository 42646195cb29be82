using System.Diagnostics;

namespace Akka.Zab.Benchmarks.Wire;

/// <summary>The longest time between two signs of life.</summary>
internal sealed class Silence
{
    private readonly Lock held = new();
    private long last = Stopwatch.GetTimestamp();
    private long longest;

    /// <summary>In milliseconds, the time since the last sign included.</summary>
    public double LongestMs
    {
        get
        {
            lock (held)
                return Stopwatch.GetElapsedTime(0, Math.Max(longest, Stopwatch.GetTimestamp() - last)).TotalMilliseconds;
        }
    }

    public void Break()
    {
        lock (held)
        {
            var now = Stopwatch.GetTimestamp();
            longest = Math.Max(longest, now - last);
            last = now;
        }
    }
}
