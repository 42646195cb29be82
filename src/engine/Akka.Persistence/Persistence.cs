using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>The persistence extension's id: <c>Persistence.Instance.Apply(system)</c>.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    public static Persistence Instance { get; } = new();

    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource<Persistence>("Akka.Persistence.persistence.conf");

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Settings of the extension that its plug-ins ask for.</summary>
public sealed class PersistenceSettings
{
    internal PersistenceSettings(Config config) => Internal = new InternalSettings(config);

    public InternalSettings Internal { get; }

    public sealed class InternalSettings(Config config)
    {
        /// <summary>Whether a journal publishes the requests that it carried out to the event stream.</summary>
        public bool PublishPluginCommands { get; } = config.GetBoolean("publish-plugin-commands", false);
    }
}
