using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Event;

namespace Akka.Discovery.Config;

/// <summary>Reads a section that lists services with their endpoints.</summary>
public static class ConfigServicesParser
{
    /// <summary>The services by name; an endpoint is a host, or a host and a port.</summary>
    public static Dictionary<string, ServiceDiscovery.Resolved> Parse(Configuration.Config config)
    {
        var services = new Dictionary<string, ServiceDiscovery.Resolved>();
        foreach (var (name, _) in config.AsEnumerable())
        {
            var endpoints = config.GetConfig(name).GetStringList("endpoints");
            services.Add(name, new ServiceDiscovery.Resolved(name, endpoints.Select(Target)));
        }
        return services;
    }

    private static ServiceDiscovery.ResolvedTarget Target(string endpoint)
    {
        var parts = endpoint.Split(':');
        return parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var port)
            ? new ServiceDiscovery.ResolvedTarget(parts[0], port)
            : new ServiceDiscovery.ResolvedTarget(parts[0]);
    }
}

/// <summary>The services that the configuration lists. Endpoints can be added and removed later.</summary>
public class ConfigServiceDiscovery : ServiceDiscovery
{
    private readonly ILoggingAdapter _log;
    private ImmutableDictionary<string, Resolved> _services = ImmutableDictionary<string, Resolved>.Empty;

    /// <param name="system">The actor system; the section is <c>akka.discovery.config</c>.</param>
    public ConfigServiceDiscovery(ExtendedActorSystem system)
        : this(system, system.Settings.Config.GetConfig("akka.discovery.config"))
    {
    }

    /// <param name="system">The actor system.</param>
    /// <param name="config">The section, whose <c>services-path</c> says where the services are listed.</param>
    /// <exception cref="ArgumentException">There is no such section.</exception>
    public ConfigServiceDiscovery(ExtendedActorSystem system, Configuration.Config config)
    {
        if (config is null) throw new ArgumentException("There is no section of the discovery by configuration.");
        _log = Logging.GetLogger(system, nameof(ConfigServiceDiscovery));
        var path = config.GetString("services-path");
        if (!string.IsNullOrWhiteSpace(path) && system.Settings.Config.GetConfig(path) is { } services)
            _services = ConfigServicesParser.Parse(services).ToImmutableDictionary();
        if (_services.IsEmpty) _log.Warning("Discovery by configuration: services-path is [{0}], which lists none.", path);
    }

    /// <summary>Adds an endpoint.</summary>
    /// <returns>Whether it was not there yet.</returns>
    public bool TryAddEndpoint(string serviceName, ResolvedTarget target) =>
        Change(serviceName, known => known.Contains(target) ? known : known.Add(target));

    /// <summary>Removes an endpoint.</summary>
    /// <returns>Whether it was there.</returns>
    public bool TryRemoveEndpoint(string serviceName, ResolvedTarget target) =>
        Change(serviceName, known => known.Remove(target));

    /// <inheritdoc/>
    public override Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout) =>
        Task.FromResult(_services.GetValueOrDefault(lookup.ServiceName) ?? new Resolved(lookup.ServiceName));

    private bool Change(
        string serviceName, Func<ImmutableList<ResolvedTarget>, ImmutableList<ResolvedTarget>> change)
    {
        var changed = false;
        ImmutableInterlocked.Update(ref _services, services =>
        {
            var known = services.GetValueOrDefault(serviceName)?.Addresses ?? [];
            var after = change(known);
            changed = !ReferenceEquals(known, after);
            return changed ? services.SetItem(serviceName, new Resolved(serviceName, after)) : services;
        });
        return changed;
    }
}
