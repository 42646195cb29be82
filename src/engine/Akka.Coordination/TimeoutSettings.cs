using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>The times of a lease.</summary>
public sealed class TimeoutSettings
{
    private static readonly TimeSpan ShortestDefault = TimeSpan.FromSeconds(5);

    /// <param name="heartbeatInterval">How often it is confirmed.</param>
    /// <param name="heartbeatTimeout">For how long it is kept from others when its owner died.</param>
    /// <param name="operationTimeout">How long it may take to acquire or to release it.</param>
    public TimeoutSettings(TimeSpan heartbeatInterval, TimeSpan heartbeatTimeout, TimeSpan operationTimeout)
    {
        HeartbeatInterval = heartbeatInterval;
        HeartbeatTimeout = heartbeatTimeout;
        OperationTimeout = operationTimeout;
    }

    /// <summary>How often it is confirmed.</summary>
    public TimeSpan HeartbeatInterval { get; }

    /// <summary>For how long it is kept from others when its owner died.</summary>
    public TimeSpan HeartbeatTimeout { get; }

    /// <summary>How long it may take to acquire or to release it.</summary>
    public TimeSpan OperationTimeout { get; }

    /// <summary>
    /// The times of a section. Where <c>heartbeat-interval</c> is empty it is a tenth of <c>heartbeat-timeout</c>, at
    /// least 5 s.
    /// </summary>
    /// <exception cref="ConfigurationException">The section is empty.</exception>
    /// <exception cref="ArgumentException">The interval is not less than half the timeout.</exception>
    public static TimeoutSettings Create(Config config)
    {
        if (config.IsNullOrEmpty()) throw ConfigurationException.NullOrEmptyConfig<TimeoutSettings>();
        var timeout = config.GetTimeSpan("heartbeat-timeout");
        var interval = config.GetString("heartbeat-interval") is { Length: > 0 }
            ? config.GetTimeSpan("heartbeat-interval")
            : timeout / 10 > ShortestDefault ? timeout / 10 : ShortestDefault;
        return interval < timeout / 2
            ? new TimeoutSettings(interval, timeout, config.GetTimeSpan("lease-operation-timeout"))
            : throw new ArgumentException("heartbeat-interval must be less than half heartbeat-timeout");
    }

    /// <summary>The same with another interval.</summary>
    public TimeoutSettings WithHeartbeatInterval(TimeSpan heartbeatInterval) =>
        new(heartbeatInterval, HeartbeatTimeout, OperationTimeout);

    /// <summary>The same with another heartbeat timeout.</summary>
    public TimeoutSettings WithHeartbeatTimeout(TimeSpan heartbeatTimeout) =>
        new(HeartbeatInterval, heartbeatTimeout, OperationTimeout);

    /// <summary>The same with another operation timeout; in small letters as Akka.NET has it.</summary>
    public TimeoutSettings withOperationTimeout(TimeSpan operationTimeout) =>
        new(HeartbeatInterval, HeartbeatTimeout, operationTimeout);

    /// <inheritdoc/>
    public override string ToString() =>
        $"TimeoutSettings({HeartbeatInterval}, {HeartbeatTimeout}, {OperationTimeout})";
}
