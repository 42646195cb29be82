using Akka.Actor;
using Akka.Event;

namespace Akka.Discovery.Aggregate;

/// <summary>The settings of <see cref="AggregateServiceDiscovery"/>.</summary>
public sealed class AggregateServiceDiscoverySettings
{
    /// <param name="config">The section.</param>
    public AggregateServiceDiscoverySettings(Configuration.Config config) =>
        DiscoveryMethods = [.. config.GetStringList("discovery-methods")];

    /// <summary>The methods to ask, in order.</summary>
    public List<string> DiscoveryMethods { get; }
}

/// <summary>Asks several methods, one after the other, until one has found something.</summary>
public class AggregateServiceDiscovery : ServiceDiscovery
{
    private readonly (string Name, ServiceDiscovery Method)[] _methods;
    private readonly ILoggingAdapter _log;

    /// <param name="system">The actor system; the section is <c>akka.discovery.aggregate</c>.</param>
    public AggregateServiceDiscovery(ExtendedActorSystem system)
    {
        _log = Logging.GetLogger(system, nameof(AggregateServiceDiscovery));
        var section = system.Settings.Config.GetConfig("akka.discovery.aggregate")
            ?? throw new ArgumentException("There is no section akka.discovery.aggregate.");
        var discovery = Discovery.Get(system);
        _methods = [.. new AggregateServiceDiscoverySettings(section).DiscoveryMethods
            .Select(name => (name, discovery.LoadServiceDiscovery(name)))];
        if (_methods.Length == 0)
            _log.Warning("akka.discovery.aggregate.discovery-methods names no method: nothing will be found.");
    }

    /// <summary>
    /// What the first method has found that has found anything; one that fails is passed over. Each has the whole time.
    /// </summary>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        foreach (var (name, method) in _methods)
        {
            try
            {
                var found = await method.Lookup(lookup, resolveTimeout).ConfigureAwait(false);
                if (!found.Addresses.IsEmpty) return found;
                _log.Debug("{0} has found nothing for [{1}].", name, lookup);
            }
            catch (Exception e)
            {
                _log.Error(e, "{0} has failed to look up [{1}].", name, lookup);
            }
        }
        _log.Warning("No discovery method has found anything for [{0}].", lookup);
        return new Resolved(lookup.ServiceName);
    }
}
