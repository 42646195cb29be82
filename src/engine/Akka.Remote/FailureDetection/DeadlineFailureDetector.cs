using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>The resource counts as gone when no heartbeat came for the interval and the acceptable pause.</summary>
public class DeadlineFailureDetector : FailureDetector
{
    private readonly Clock _clock;
    private readonly long _deadline;
    private long _last = long.MinValue;

    /// <summary>Without an interval: the pause alone is the deadline.</summary>
    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, Clock? clock = null)
        : this(acceptableHeartbeatPause, TimeSpan.Zero, clock)
    {
    }

    /// <summary>The pause and the interval together are the deadline; both must not be negative.</summary>
    public DeadlineFailureDetector(
        TimeSpan acceptableHeartbeatPause, TimeSpan heartbeatInterval, Clock? clock = null)
    {
        if (acceptableHeartbeatPause <= TimeSpan.Zero || heartbeatInterval < TimeSpan.Zero)
            throw new ConfigurationException(
                "A failure detector's acceptable-heartbeat-pause must be > 0 and its heartbeat-interval >= 0.");
        _clock = clock ?? DefaultClock;
        _deadline = (long)(acceptableHeartbeatPause + heartbeatInterval).TotalMilliseconds;
    }

    /// <summary>From the keys acceptable-heartbeat-pause and heartbeat-interval.</summary>
    public DeadlineFailureDetector(Config config, EventStream ev)
        : this(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"))
    {
    }

    /// <inheritdoc/>
    public override bool IsAvailable =>
        Interlocked.Read(ref _last) is var last && (last == long.MinValue || last + _deadline > _clock());

    /// <inheritdoc/>
    public override bool IsMonitoring => Interlocked.Read(ref _last) != long.MinValue;

    /// <inheritdoc/>
    public override void HeartBeat() => Interlocked.Exchange(ref _last, _clock());
}
