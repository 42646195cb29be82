using Akka.TestKit;

namespace Akka.Zab.Tests.Sessions;

/// <summary>The clocks of a test scheduler.</summary>
internal sealed class VirtualTime(TestScheduler scheduler) : TimeProvider
{
    /// <summary>Added to the monotonic clock without any timer firing: the process was stopped meanwhile.</summary>
    public TimeSpan Pause { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.UtcTicks + Pause.Ticks;
}
