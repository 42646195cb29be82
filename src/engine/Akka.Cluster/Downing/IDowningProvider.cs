using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// Decides which unreachable members are dead. An implementation has a constructor that takes the actor system and
/// the cluster.
/// </summary>
public interface IDowningProvider
{
    /// <summary>How long singletons and the like should wait after a member was removed.</summary>
    TimeSpan DownRemovalMargin { get; }

    /// <summary>The actor that decides, started with the cluster; null for none.</summary>
    Props? DowningActorProps { get; }
}

/// <summary>Leaves the decision to people, who call <see cref="Cluster.Down"/>.</summary>
public sealed class NoDowning(ActorSystem system, Cluster cluster) : IDowningProvider
{
    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin { get; } = DowningMargin.Of(system, cluster);

    /// <inheritdoc/>
    public Props? DowningActorProps => null;
}

internal static class DowningMargin
{
    public static TimeSpan Of(ActorSystem system, Cluster cluster, TimeSpan byDefault = default)
    {
        _ = cluster;
        const string key = "akka.cluster.down-removal-margin";
        return system.Settings.Config.GetString(key, "off") is "off" or "false"
            ? byDefault
            : system.Settings.Config.GetTimeSpan(key);
    }
}
