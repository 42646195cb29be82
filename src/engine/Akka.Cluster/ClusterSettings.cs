using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster;

/// <summary>The section akka.cluster.</summary>
public sealed class ClusterSettings
{
    /// <summary>Reads the section out of the whole configuration.</summary>
    /// <exception cref="ConfigurationException">A value is impossible, or asks for what this engine lacks.</exception>
    public ClusterSettings(Config config, string systemName)
    {
        var cluster = config.GetConfig("akka.cluster");
        if (cluster.IsNullOrEmpty()) throw ConfigurationException.NullOrEmptyConfig<ClusterSettings>("akka.cluster");
        SeedNodes = [.. cluster.GetStringList("seed-nodes").Select(text => Seed(text, systemName))];
        SeedNodeTimeout = cluster.GetTimeSpan("seed-node-timeout");
        RetryUnsuccessfulJoinAfter = Optional(cluster, "retry-unsuccessful-join-after");
        ShutdownAfterUnsuccessfulJoinSeedNodes = Optional(cluster, "shutdown-after-unsuccessful-join-seed-nodes");
        Roles = [.. cluster.GetStringList("roles")];
        RunCoordinatedShutdownWhenDown = cluster.GetBoolean("run-coordinated-shutdown-when-down");
        MinNrOfMembers = Math.Max(cluster.GetInt("min-nr-of-members"), 1);
        MinNrOfMembersOfRole = OfRoles(cluster);
        LogInfo = cluster.GetBoolean("log-info");
        LogInfoVerbose = cluster.GetBoolean("log-info-verbose");
        PeriodicTasksInitialDelay = cluster.GetTimeSpan("periodic-tasks-initial-delay");
        GossipInterval = Positive(cluster, "gossip-interval");
        LeaderActionsInterval = Positive(cluster, "leader-actions-interval");
        UnreachableNodesReaperInterval = Positive(cluster, "unreachable-nodes-reaper-interval");
        FailureDetectorConfig = cluster.GetConfig("failure-detector");
        FailureDetectorImplementationClass = FailureDetectorConfig.GetString("implementation-class");
        HeartbeatInterval = Positive(FailureDetectorConfig, "heartbeat-interval");
        HeartbeatExpectedResponseAfter = Positive(FailureDetectorConfig, "expected-response-after");
        MonitoredByNrOfMembers = FailureDetectorConfig.GetInt("monitored-by-nr-of-members");
        WeaklyUpAfter = Optional(cluster, "allow-weakly-up-members") ?? TimeSpan.Zero;
        AllowWeaklyUpMembers = WeaklyUpAfter > TimeSpan.Zero;
        DowningProviderType = Downing(cluster.GetString("downing-provider-class"));
        if (Optional(cluster, "auto-down-unreachable-after") is not null)
            throw new ConfigurationException(
                "akka.cluster.auto-down-unreachable-after must be off: use akka.cluster.downing-provider-class.");
        if (MonitoredByNrOfMembers < 1)
            throw new ConfigurationException(
                "akka.cluster.failure-detector.monitored-by-nr-of-members must be at least 1.");
    }

    /// <summary>The nodes to join at the start.</summary>
    public ImmutableList<Address> SeedNodes { get; }

    /// <summary>How long a seed node has to answer before the others are asked again.</summary>
    public TimeSpan SeedNodeTimeout { get; }

    /// <summary>When to ask again to be taken in; null for never.</summary>
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; }

    /// <summary>When to give up joining and shut down; null for never.</summary>
    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; }

    /// <summary>The roles of this node.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>Whether a node that was downed ends its actor system.</summary>
    public bool RunCoordinatedShutdownWhenDown { get; }

    /// <summary>How many members must have joined before any becomes Up.</summary>
    public int MinNrOfMembers { get; }

    /// <summary>The same for the members of a role.</summary>
    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; }

    /// <summary>Whether changes are logged at info level.</summary>
    public bool LogInfo { get; }

    /// <summary>Whether every event is logged at info level.</summary>
    public bool LogInfoVerbose { get; }

    /// <summary>How long after the start the periodic tasks begin.</summary>
    public TimeSpan PeriodicTasksInitialDelay { get; }

    /// <summary>How often a random other node is told the state.</summary>
    public TimeSpan GossipInterval { get; }

    /// <summary>How often the leader looks for something to do.</summary>
    public TimeSpan LeaderActionsInterval { get; }

    /// <summary>How often the failure detectors are asked.</summary>
    public TimeSpan UnreachableNodesReaperInterval { get; }

    /// <summary>The section of the failure detectors.</summary>
    public Config FailureDetectorConfig { get; }

    /// <summary>The class of the failure detectors.</summary>
    public string FailureDetectorImplementationClass { get; }

    /// <summary>How often a monitored node is asked for a heartbeat.</summary>
    public TimeSpan HeartbeatInterval { get; }

    /// <summary>After what time the first heartbeat is assumed.</summary>
    public TimeSpan HeartbeatExpectedResponseAfter { get; }

    /// <summary>How many neighbours each node watches.</summary>
    public int MonitoredByNrOfMembers { get; }

    /// <summary>Whether members are taken in while others are unreachable.</summary>
    public bool AllowWeaklyUpMembers { get; }

    /// <summary>After what time they are.</summary>
    public TimeSpan WeaklyUpAfter { get; }

    /// <summary>The class that decides which unreachable members are dead.</summary>
    public Type DowningProviderType { get; }

    private static Address Seed(string text, string systemName)
    {
        if (!Address.TryParse(text, out var address) || address.Port is null)
            throw new ConfigurationException(
                $"akka.cluster.seed-nodes: [{text}] is no address such as akka.tcp://{systemName}@host:2552.");
        return address.System == systemName
            ? address
            : throw new ConfigurationException(
                $"akka.cluster.seed-nodes: [{text}] names another actor system than this one, [{systemName}].");
    }

    private static TimeSpan? Optional(Config config, string key) =>
        config.GetString(key, "off") is "off" or "false" or "" ? null : config.GetTimeSpan(key);

    private static TimeSpan Positive(Config config, string key) =>
        config.GetTimeSpan(key) is { Ticks: > 0 } value
            ? value
            : throw new ConfigurationException($"akka.cluster: {key} must be > 0.");

    private static ImmutableDictionary<string, int> OfRoles(Config cluster)
    {
        var roles = cluster.GetConfig("role");
        if (roles.IsNullOrEmpty()) return ImmutableDictionary<string, int>.Empty;
        return roles.AsEnumerable().Select(r => r.Key)
            .ToImmutableDictionary(r => r, r => roles.GetConfig(r) is { } role && !role.IsNullOrEmpty()
                ? role.GetInt("min-nr-of-members", 0)
                : 0);
    }

    private static Type Downing(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return typeof(NoDowning);
        var type = Type.GetType(name) ?? throw new ConfigurationException(
            $"akka.cluster.downing-provider-class: there is no type [{name}].");
        return typeof(IDowningProvider).IsAssignableFrom(type)
            ? type
            : throw new ConfigurationException(
                $"akka.cluster.downing-provider-class: [{name}] is no IDowningProvider.");
    }
}
