using Akka.Actor;
using Akka.TestKit;

namespace Akka.Zab.Tests.Protocol;

/// <summary>The time of a <see cref="TestScheduler"/>, whose own monotonic clock is the machine's on Akka.NET.</summary>
internal sealed class VirtualTime(TestScheduler scheduler) : ITimeProvider
{
    public DateTimeOffset Now => scheduler.Now;

    public TimeSpan MonotonicClock => scheduler.Now - DateTimeOffset.UnixEpoch;

    public TimeSpan HighResMonotonicClock => MonotonicClock;
}
