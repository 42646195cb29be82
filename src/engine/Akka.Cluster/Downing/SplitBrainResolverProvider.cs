using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.SBR;

/// <summary>
/// The split-brain resolver (akka.cluster.split-brain-resolver). This engine has the strategy keep-majority.
/// </summary>
public class SplitBrainResolverProvider : IDowningProvider
{
    private const string Section = "akka.cluster.split-brain-resolver";
    private readonly Props? _props;

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">Another strategy is asked for, or a time is impossible.</exception>
    public SplitBrainResolverProvider(ActorSystem system, Cluster cluster)
    {
        var config = system.Settings.Config.GetConfig(Section);
        var strategy = config.GetString("active-strategy");
        var stableAfter = config.GetTimeSpan("stable-after");
        if (stableAfter <= TimeSpan.Zero) throw new ConfigurationException($"{Section}.stable-after must be > 0.");
        DownRemovalMargin = Akka.Cluster.DowningMargin.Of(system, cluster, stableAfter);
        var unstable = config.GetString("down-all-when-unstable") switch
        {
            "on" or "true" or "yes" => stableAfter * 0.75,
            "off" or "false" or "no" => (TimeSpan?)null,
            _ => config.GetTimeSpan("down-all-when-unstable"),
        };
        var role = config.GetString("keep-majority.role", "");
        _props = strategy switch
        {
            "keep-majority" => Props.Create(() => new KeepMajorityActor(cluster, stableAfter, unstable, role)),
            "off" => null,
            _ => throw new ConfigurationException(
                $"{Section}.active-strategy is [{strategy}]; this engine has keep-majority and off."),
        };
    }

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin { get; }

    /// <inheritdoc/>
    public Props? DowningActorProps => _props;
}
