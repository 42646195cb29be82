namespace Akka.TestKit.Internal;

/// <summary>Arithmetic with time limits, of which <see cref="Timeout.InfiniteTimeSpan"/> is one.</summary>
static class TestTime
{
    public static bool IsInfinite(this TimeSpan time) => time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue;

    public static TimeSpan Min(this TimeSpan one, TimeSpan other) =>
        one.IsInfinite() ? other : other.IsInfinite() || one < other ? one : other;

    public static TimeSpan CheckFinite(this TimeSpan time, string parameter) =>
        time >= TimeSpan.Zero && !time.IsInfinite()
            ? time
            : throw new ArgumentException($"{parameter} must be finite and not negative; it is {time}.", parameter);
}
