using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.SBR;

/// <summary>
/// The split-brain resolver (akka.cluster.split-brain-resolver). This engine has the strategies keep-majority and
/// lease-majority.
/// </summary>
public class SplitBrainResolverProvider : IDowningProvider
{
    private const string Section = "akka.cluster.split-brain-resolver";
    private readonly ActorSystem _system;
    private readonly Cluster _cluster;
    private readonly Config _config;
    private readonly string _strategy;
    private readonly TimeSpan _stableAfter;
    private readonly TimeSpan? _unstable;

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">Another strategy is asked for, or a time is impossible.</exception>
    public SplitBrainResolverProvider(ActorSystem system, Cluster cluster)
    {
        _system = system;
        _cluster = cluster;
        _config = system.Settings.Config.GetConfig(Section);
        _strategy = _config.GetString("active-strategy");
        _stableAfter = _config.GetTimeSpan("stable-after");
        if (_stableAfter <= TimeSpan.Zero) throw new ConfigurationException($"{Section}.stable-after must be > 0.");
        DownRemovalMargin = Akka.Cluster.DowningMargin.Of(system, cluster, _stableAfter);
        _unstable = _config.GetString("down-all-when-unstable") switch
        {
            "on" or "true" or "yes" => TimeSpan.FromSeconds(Math.Max(_stableAfter.TotalSeconds * 0.75, 4)),
            "off" or "false" or "no" => null,
            _ => _config.GetTimeSpan("down-all-when-unstable"),
        };
        if (_strategy is not ("keep-majority" or "lease-majority" or "off"))
        {
            throw new ConfigurationException(
                $"{Section}.active-strategy is [{_strategy}]; this engine has keep-majority, lease-majority and off.");
        }
        if (_strategy == "lease-majority" && _config.GetString("lease-majority.lease-implementation", "").Length == 0)
        {
            throw new ConfigurationException(
                $"{Section}.lease-majority.lease-implementation must name the section of a lease.");
        }
    }

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin { get; }

    /// <inheritdoc/>
    public Props? DowningActorProps => _strategy switch
    {
        "keep-majority" => Resolver(_config.GetString("keep-majority.role", ""), null),
        "lease-majority" => Resolver("", LeaseMajority()),
        _ => null,
    };

    private Props Resolver(string role, LeaseMajority? lease) =>
        Props.Create(() => new SplitBrainResolver(_cluster, _stableAfter, _unstable, role, lease));

    // The lease is made with the cluster: what is wrong with it shows then, and not at the first split.
    private LeaseMajority LeaseMajority()
    {
        var config = _config.GetConfig("lease-majority");
        var name = config.GetString("lease-name", "").Trim();
        var lease = LeaseProvider.Get(_system).GetLease(
            name.Length > 0 ? name : $"{_system.Name}-akka-sbr", config.GetString("lease-implementation"),
            _cluster.SelfAddress.HostPort());
        return new LeaseMajority(
            lease, config.GetString("role", ""), config.GetTimeSpan("acquire-lease-delay-for-minority"),
            config.GetTimeSpan("release-after"));
    }
}
