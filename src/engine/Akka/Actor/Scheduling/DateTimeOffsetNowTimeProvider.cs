using System.Diagnostics;

namespace Akka.Actor;

/// <summary>The machine's own clock.</summary>
public class DateTimeOffsetNowTimeProvider : IDateTimeOffsetNowTimeProvider
{
    DateTimeOffsetNowTimeProvider()
    {
    }

    public static DateTimeOffsetNowTimeProvider Instance { get; } = new();

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    public TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(0);
}
