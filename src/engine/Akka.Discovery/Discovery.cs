using System.Collections.Concurrent;
using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Discovery;

/// <summary>The discovery methods of an actor system, made from its configuration.</summary>
public class Discovery : IExtension
{
    private readonly ConcurrentDictionary<string, Lazy<ServiceDiscovery>> _methods = new();
    private readonly Lazy<ServiceDiscovery> _default;
    private readonly ExtendedActorSystem _system;
    private readonly ILoggingAdapter _log;

    /// <param name="system">The actor system.</param>
    public Discovery(ExtendedActorSystem system)
    {
        _system = system;
        _log = Logging.GetLogger(system, GetType());
        system.Settings.InjectTopLevelFallback(DiscoveryProvider.DefaultConfiguration());
        _default = new Lazy<ServiceDiscovery>(() => LoadServiceDiscovery(DefaultMethod()));
    }

    /// <summary>The method that <c>akka.discovery.method</c> names.</summary>
    /// <exception cref="ArgumentException">It cannot be made.</exception>
    public ServiceDiscovery Default => _default.Value;

    /// <summary>The discovery methods of an actor system.</summary>
    public static Discovery Get(ActorSystem system) => system.WithExtension<Discovery, DiscoveryProvider>();

    /// <summary>A method; the same for the same name.</summary>
    /// <param name="method">Its section is <c>akka.discovery.[method]</c>, which names its class.</param>
    /// <exception cref="ArgumentException">The section or the class is not there, or is none.</exception>
    /// <exception cref="TargetInvocationException">The method's constructor has failed.</exception>
    public ServiceDiscovery LoadServiceDiscovery(string method) =>
        _methods.GetOrAdd(method, name => new Lazy<ServiceDiscovery>(() => Create(name))).Value;

    private string DefaultMethod()
    {
        var method = _system.Settings.Config.GetString("akka.discovery.method");
        if (!string.IsNullOrWhiteSpace(method) && method != "<method>") return method;
        _log.Warning("No default service discovery implementation configured in `akka.discovery.method`: " +
                     "services are those that the configuration lists, under akka.discovery.config.services.");
        return "config";
    }

    private ServiceDiscovery Create(string method)
    {
        var path = $"akka.discovery.{method}";
        var config = _system.Settings.Config.GetConfig(path)
            ?? throw new ArgumentException($"Could not load discovery config from path [{path}]");
        if (!config.HasPath("class"))
            throw new ArgumentException($"{path} must contain field `class`, which names the method's class.");
        var name = config.GetString("class");
        var type = Type.GetType(name);
        if (type is not null && typeof(ServiceDiscovery).IsAssignableFrom(type))
        {
            if (type.GetConstructor([typeof(ExtendedActorSystem), typeof(Configuration.Config)]) is not null)
                return (ServiceDiscovery)Activator.CreateInstance(type, _system, config)!;
            if (type.GetConstructor([typeof(ExtendedActorSystem)]) is not null)
                return (ServiceDiscovery)Activator.CreateInstance(type, _system)!;
            if (type.GetConstructor([]) is not null) return (ServiceDiscovery)Activator.CreateInstance(type)!;
        }
        throw new ArgumentException(
            $"{path}.class is [{name}], which is no class that extends Akka.Discovery.ServiceDiscovery with a public " +
            "constructor that takes an ExtendedActorSystem and a Config, an ExtendedActorSystem, or nothing.",
            nameof(method));
    }
}

/// <summary>Names <see cref="Discovery"/> to an actor system.</summary>
public class DiscoveryProvider : ExtensionIdProvider<Discovery>
{
    /// <inheritdoc/>
    public override Discovery CreateExtension(ExtendedActorSystem system) => new(system);

    /// <summary>What holds unless the configuration says otherwise.</summary>
    public static Configuration.Config DefaultConfiguration() =>
        ConfigurationFactory.FromResource<Discovery>("Akka.Discovery.Resources.reference.conf");
}
