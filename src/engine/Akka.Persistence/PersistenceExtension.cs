using System.Collections.Concurrent;
using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Journal;

namespace Akka.Persistence;

/// <summary>Starts journals and snapshot stores, each at its first use, and hands out their references.</summary>
public class PersistenceExtension : IExtension
{
    const string JournalFallback = "akka.persistence.journal-plugin-fallback";
    const string SnapshotStoreFallback = "akka.persistence.snapshot-store-plugin-fallback";
    const string NoSnapshotStore = "akka.persistence.no-snapshot-store";

    readonly ExtendedActorSystem _system;
    readonly Config _config;
    readonly ConcurrentDictionary<string, Plugin> _plugins = new();
    readonly Lazy<IActorRef> _recoveryPermitter;
    readonly Lazy<IStashOverflowStrategy> _stashOverflow;
    readonly Lazy<string> _defaultSnapshotStore;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(Persistence.DefaultConfig());
        _config = system.Settings.Config.GetConfig("akka.persistence");
        Settings = new PersistenceSettings(_config);
        _recoveryPermitter = new(() => system.SystemActorOf(
            Props.Create<RecoveryPermitter>(_config.GetInt("max-concurrent-recoveries", 50)), "recoveryPermitter"));
        _stashOverflow = new(CreateStashOverflowStrategy);
        _defaultSnapshotStore = new(FindDefaultSnapshotStore);
        foreach (var id in _config.GetStringList("journal.auto-start-journals", []))
            JournalFor(id);
        foreach (var id in _config.GetStringList("snapshot-store.auto-start-snapshot-stores", []))
            SnapshotStoreFor(id);
    }

    public PersistenceSettings Settings { get; }

    public IStashOverflowStrategy DefaultInternalStashOverflowStrategy => _stashOverflow.Value;

    internal IActorRef RecoveryPermitter => _recoveryPermitter.Value;

    /// <summary>An id for an actor that has none of its own: its path.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>The journal of a configuration path; null or empty means the default one.</summary>
    public IActorRef JournalFor(string? journalPluginId) => JournalPlugin(journalPluginId).Ref;

    /// <summary>The snapshot store of a configuration path; null or empty means the default one.</summary>
    public IActorRef SnapshotStoreFor(string? snapshotPluginId) =>
        PluginFor(
            string.IsNullOrEmpty(snapshotPluginId) ? _defaultSnapshotStore.Value : snapshotPluginId,
            SnapshotStoreFallback).Ref;

    public EventAdapters AdaptersFor(string? journalPluginId) => JournalPlugin(journalPluginId).Adapters;

    internal TimeSpan RecoveryEventTimeout(string? journalPluginId) => JournalPlugin(journalPluginId).RecoveryTimeout;

    /// <summary>
    /// The plug-in that an actor is being constructed for. It is found by name: the actor may run before the call that
    /// starts it has returned its reference.
    /// </summary>
    internal Plugin PluginOf(IActorRef pluginActor) =>
        _plugins.TryGetValue(pluginActor.Path.Name, out var plugin)
            ? plugin
            : throw new ArgumentException(
                $"{pluginActor.Path} is neither journal nor snapshot store: those are started by the persistence " +
                "extension, under the name of their configuration path.");

    Plugin JournalPlugin(string? id)
    {
        if (string.IsNullOrEmpty(id))
            id = _config.GetString("journal.plugin", "");
        if (string.IsNullOrEmpty(id))
            throw new ConfigurationException("No default journal: set akka.persistence.journal.plugin.");
        return PluginFor(id, JournalFallback);
    }

    Plugin PluginFor(string path, string fallback)
    {
        var plugin = _plugins.TryGetValue(path, out var known)
            ? known
            : _plugins.GetOrAdd(path, CreatePlugin(path, fallback));
        plugin.Start();
        return plugin;
    }

    Plugin CreatePlugin(string path, string fallback)
    {
        var all = _system.Settings.Config;
        if (!all.HasPath(path))
            throw new ArgumentException($"Persistence config is missing plugin config path for: {path}");
        var config = all.GetConfig(path).WithFallback(all.GetConfig(fallback));
        return new Plugin(_system, path, config);
    }

    string FindDefaultSnapshotStore()
    {
        var id = _config.GetString("snapshot-store.plugin", "");
        if (!string.IsNullOrEmpty(id))
            return id;
        Logging.GetLogger(_system, typeof(PersistenceExtension)).Warning(
            "There is no default snapshot store: akka.persistence.snapshot-store.plugin is empty.");
        return NoSnapshotStore;
    }

    IStashOverflowStrategy CreateStashOverflowStrategy()
    {
        var name = _config.GetString("internal-stash-overflow-strategy", "");
        if (Type.GetType(name) is not { } type
            || Activator.CreateInstance(type) is not IStashOverflowStrategyConfigurator configurator)
            throw new ConfigurationException(
                $"akka.persistence.internal-stash-overflow-strategy is '{name}'; it must name a class that " +
                $"implements {nameof(IStashOverflowStrategyConfigurator)}.");
        return configurator.Create(_system.Settings.Config);
    }

    /// <summary>A journal or snapshot store: what it is configured with, and its actor once it is started.</summary>
    internal sealed class Plugin(ExtendedActorSystem system, string path, Config config)
    {
        readonly Lock _gate = new();
        volatile IActorRef? _ref;

        public Config Config { get; } = config;

        public EventAdapters Adapters { get; } = EventAdapters.Create(system, config);

        public TimeSpan RecoveryTimeout { get; } =
            config.GetTimeSpan("recovery-event-timeout", TimeSpan.FromSeconds(30), false);

        public IActorRef Ref => _ref!;

        public void Start()
        {
            if (_ref is not null)
                return;
            lock (_gate)
                _ref ??= CreateActor();
        }

        IActorRef CreateActor()
        {
            var name = Config.GetString("class", "");
            if (string.IsNullOrEmpty(name))
                throw new ArgumentException($"Plugin class name must be defined in config property [{path}.class]");
            var type = Type.GetType(name)
                ?? throw new ConfigurationException($"{path}.class is '{name}', which can't be found.");
            type.GetCustomAttribute<PluginCheckAttribute>()?.Check(Config);
            var props = type.GetConstructor([typeof(Config)]) is null
                ? Props.Create(type)
                : Props.Create(type, Config);
            return system.SystemActorOf(
                props.WithDispatcher(
                    Config.GetString("plugin-dispatcher", "akka.persistence.dispatchers.default-plugin-dispatcher")),
                path);
        }
    }
}
