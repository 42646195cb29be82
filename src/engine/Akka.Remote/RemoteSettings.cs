using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote;

/// <summary>The section akka.remote.</summary>
public class RemoteSettings
{
    /// <summary>The protocol of addresses inside one process.</summary>
    public static readonly string AkkaScheme = "akka";

    /// <summary>Reads the section out of the whole configuration.</summary>
    /// <exception cref="ConfigurationException">A value is impossible, or asks for what this engine lacks.</exception>
    public RemoteSettings(Config config)
    {
        Config = config;
        LogReceive = config.GetBoolean("akka.remote.log-received-messages");
        LogSend = config.GetBoolean("akka.remote.log-sent-messages");
        UntrustedMode = config.GetBoolean("akka.remote.untrusted-mode");
        TrustedSelectionPaths = [.. config.GetStringList("akka.remote.trusted-selection-paths")];
        RemoteLifecycleEventsLogLevel =
            config.GetString("akka.remote.log-remote-lifecycle-events", "on").ToLowerInvariant() is var level &&
            level == "on" ? "DEBUG" : level.ToUpperInvariant();
        FlushWait = config.GetTimeSpan("akka.remote.flush-wait-on-shutdown");
        ShutdownTimeout = config.GetTimeSpan("akka.remote.shutdown-timeout");
        StartupTimeout = config.GetTimeSpan("akka.remote.startup-timeout");
        RetryGateClosedFor = config.GetTimeSpan("akka.remote.retry-gate-closed-for");
        LogBufferSizeExceeding =
            int.TryParse(config.GetString("akka.remote.log-buffer-size-exceeding"), out var warn) ? warn : int.MaxValue;
        SysMsgBufferSize = config.GetInt("akka.remote.system-message-buffer-size");
        WatchFailureDetectorConfig = config.GetConfig("akka.remote.watch-failure-detector");
        WatchFailureDetectorImplementationClass = WatchFailureDetectorConfig.GetString("implementation-class");
        WatchHeartBeatInterval = WatchFailureDetectorConfig.GetTimeSpan("heartbeat-interval");
        WatchUnreachableReaperInterval =
            WatchFailureDetectorConfig.GetTimeSpan("unreachable-nodes-reaper-interval");
        WatchHeartbeatExpectedResponseAfter = WatchFailureDetectorConfig.GetTimeSpan("expected-response-after");
        TransportHeartbeatInterval = config.GetTimeSpan("akka.remote.transport-failure-detector.heartbeat-interval");
        TransportHeartbeatPause =
            config.GetTimeSpan("akka.remote.transport-failure-detector.acceptable-heartbeat-pause");
        var transports = config.GetStringList("akka.remote.enabled-transports");
        if (transports.Count != 1 || transports[0] != "akka.remote.dot-netty.tcp")
            throw new ConfigurationException(
                "akka.remote.enabled-transports must be [akka.remote.dot-netty.tcp]: this engine has no other.");
        if (RetryGateClosedFor < TimeSpan.Zero || SysMsgBufferSize < 1 ||
            TransportHeartbeatInterval <= TimeSpan.Zero || WatchHeartBeatInterval <= TimeSpan.Zero)
            throw new ConfigurationException(
                "akka.remote: retry-gate-closed-for must be >= 0; system-message-buffer-size and the heartbeat " +
                "intervals must be > 0.");
    }

    /// <summary>The whole configuration.</summary>
    public Config Config { get; }

    /// <summary>Whether each received message is logged at debug level.</summary>
    public bool LogReceive { get; set; }

    /// <summary>Whether each sent message is logged at debug level.</summary>
    public bool LogSend { get; set; }

    /// <summary>Whether remote systems may not send harmful messages.</summary>
    public bool UntrustedMode { get; set; }

    /// <summary>The paths that selections of remote systems may reach in untrusted mode.</summary>
    public HashSet<string> TrustedSelectionPaths { get; set; }

    /// <summary>OFF, or the level up to which lifecycle events are logged.</summary>
    public string RemoteLifecycleEventsLogLevel { get; set; }

    /// <summary>How long a shutdown may take to send what was told before it.</summary>
    public TimeSpan FlushWait { get; set; }

    /// <summary>How long the whole shutdown may take.</summary>
    public TimeSpan ShutdownTimeout { get; set; }

    /// <summary>How long the opening of the port may take.</summary>
    public TimeSpan StartupTimeout { get; set; }

    /// <summary>How long nothing is sent to a system to which a connection failed or broke.</summary>
    public TimeSpan RetryGateClosedFor { get; set; }

    /// <summary>How many waiting messages are worth a warning.</summary>
    public int LogBufferSizeExceeding { get; set; }

    /// <summary>How many system messages may wait for acknowledgement.</summary>
    public int SysMsgBufferSize { get; set; }

    /// <summary>The section for the nodes of watched actors.</summary>
    public Config WatchFailureDetectorConfig { get; set; }

    /// <summary>The class of the failure detectors for the nodes of watched actors.</summary>
    public string WatchFailureDetectorImplementationClass { get; set; }

    /// <summary>How often the nodes of watched actors are asked for a heartbeat.</summary>
    public TimeSpan WatchHeartBeatInterval { get; set; }

    /// <summary>How often it is checked which nodes are gone.</summary>
    public TimeSpan WatchUnreachableReaperInterval { get; set; }

    /// <summary>After what time the first heartbeat is assumed.</summary>
    public TimeSpan WatchHeartbeatExpectedResponseAfter { get; set; }

    internal TimeSpan TransportHeartbeatInterval { get; }

    internal TimeSpan TransportHeartbeatPause { get; }

    /// <summary>The same props; the engine's own actors run on the default dispatcher.</summary>
    public Props ConfigureDispatcher(Props props) => props;
}
