namespace Akka.Actor.Internal;

/// <summary>A child and how often it was restarted lately.</summary>
public class ChildRestartStats
{
    public ChildRestartStats(IInternalActorRef child, uint maxNrOfRetriesCount = 0,
        long restartTimeWindowStartTicks = 0)
    {
        Child = child;
        MaxNrOfRetriesCount = maxNrOfRetriesCount;
        RestartTimeWindowStartTicks = restartTimeWindowStartTicks;
    }

    public long Uid => Child.Path.Uid;

    public IInternalActorRef Child { get; }

    public uint MaxNrOfRetriesCount { get; private set; }

    public long RestartTimeWindowStartTicks { get; private set; }

    /// <summary>
    /// Counts one more restart; false if that is more than <paramref name="maxNrOfRetries"/> (negative: any number)
    /// within <paramref name="withinTimeMilliseconds"/> (0 or less: ever).
    /// </summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0)
            return false;
        var windowed = withinTimeMilliseconds > 0;
        if (maxNrOfRetries < 0 && !windowed)
            return true;
        var retries = maxNrOfRetries < 0 ? 1 : maxNrOfRetries;
        if (!windowed)
            return ++MaxNrOfRetriesCount <= retries;
        var now = Environment.TickCount64 * TimeSpan.TicksPerMillisecond;
        var start = RestartTimeWindowStartTicks == 0 ? now : RestartTimeWindowStartTicks;
        if (now - start <= withinTimeMilliseconds * TimeSpan.TicksPerMillisecond)
        {
            RestartTimeWindowStartTicks = start;
            return ++MaxNrOfRetriesCount <= retries;
        }

        MaxNrOfRetriesCount = 1;
        RestartTimeWindowStartTicks = now;
        return true;
    }
}
