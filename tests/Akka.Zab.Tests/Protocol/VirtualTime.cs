using Akka.TestKit;

namespace Akka.Zab.Tests.Protocol;

/// <summary>The time of a <see cref="TestScheduler"/>, whose own monotonic clock is the machine's on Akka.NET.</summary>
internal sealed class VirtualTime(TestScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.Ticks;
}
