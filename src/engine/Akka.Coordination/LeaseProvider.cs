using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Coordination;

/// <summary>The leases of an actor system, made from its configuration.</summary>
public class LeaseProvider : IExtension
{
    private readonly ConcurrentDictionary<(string Name, string Path, string Owner), Lazy<Lease>> _leases = new();
    private readonly ExtendedActorSystem _system;
    private readonly ILoggingAdapter _log;

    /// <param name="system">The actor system.</param>
    public LeaseProvider(ExtendedActorSystem system)
    {
        _system = system;
        _log = Logging.GetLogger(system, nameof(LeaseProvider));
        system.Settings.InjectTopLevelFallback(DefaultConfig());
    }

    /// <summary>The provider of an actor system.</summary>
    public static LeaseProvider Get(ActorSystem system) =>
        system.WithExtension<LeaseProvider, LeaseProviderExtensionProvider>();

    /// <summary>What leases have unless their own sections say otherwise.</summary>
    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource<LeaseProvider>("Akka.Coordination.reference.conf");

    /// <summary>A lease; the same for the same arguments.</summary>
    /// <param name="leaseName">What is held.</param>
    /// <param name="configPath">
    /// The section of the configuration that says by <c>lease-class</c> which kind of lease it is.
    /// </param>
    /// <param name="ownerName">Who is to hold it.</param>
    /// <exception cref="ArgumentException">The section names no class.</exception>
    public Lease GetLease(string leaseName, string configPath, string ownerName) =>
        _leases.GetOrAdd((leaseName, configPath, ownerName), key => new Lazy<Lease>(() => Create(key))).Value;

    private Lease Create((string Name, string Path, string Owner) key)
    {
        var config = _system.Settings.Config.GetConfig(key.Path)
            .WithFallback(_system.Settings.Config.GetConfig("akka.coordination.lease"));
        var settings = LeaseSettings.Create(config, key.Name, key.Owner);
        var name = config.GetString("lease-class");
        if (string.IsNullOrEmpty(name)) throw new ArgumentException("lease-class must not be empty");
        var type = Type.GetType(name, throwOnError: true)!;
        try
        {
            var withSystem = type.GetConstructor([typeof(LeaseSettings), typeof(ExtendedActorSystem)]) is not null
                || type.GetConstructor([typeof(LeaseSettings), typeof(ActorSystem)]) is not null;
            return (Lease)(withSystem
                ? Activator.CreateInstance(type, settings, _system)
                : Activator.CreateInstance(type, settings))!;
        }
        catch (Exception e)
        {
            _log.Error(
                e, "Lease {0} of {1} could not be made by {2}, which {3} names.", key.Name, key.Owner, type, key.Path);
            throw;
        }
    }
}

/// <summary>Names <see cref="LeaseProvider"/> to an actor system.</summary>
public class LeaseProviderExtensionProvider : ExtensionIdProvider<LeaseProvider>
{
    /// <inheritdoc/>
    public override LeaseProvider CreateExtension(ExtendedActorSystem system) => new(system);
}
