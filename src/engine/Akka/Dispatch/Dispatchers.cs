using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>The dispatchers of an actor system, by the section of the configuration that describes each.</summary>
public sealed class Dispatchers
{
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators = new();
    readonly Lock _making = new();

    public Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites, ILoggingAdapter logger)
    {
        Prerequisites = prerequisites;
    }

    public IDispatcherPrerequisites Prerequisites { get; }

    // Read anew each time: extensions add reference configuration of their own.
    Config Settings => Prerequisites.Settings.Config;

    public Config DefaultDispatcherConfig => Settings.GetConfig(DefaultDispatcherId);

    public MessageDispatcher DefaultGlobalDispatcher => Lookup(DefaultDispatcherId);

    internal MessageDispatcher InternalDispatcher => Lookup(InternalDispatcherId);

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || Settings.HasPath(id);

    /// <exception cref="ConfigurationException">No such section, or one that makes no dispatcher.</exception>
    public MessageDispatcher Lookup(string dispatcherName) => Configurator(dispatcherName).Dispatcher();

    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) =>
        _configurators.TryAdd(id, configurator);

    internal void Shutdown()
    {
        foreach (var configurator in _configurators.Values)
            if (configurator is SharedDispatcherConfigurator shared)
                shared.Dispatcher().ShutdownNow();
    }

    MessageDispatcherConfigurator Configurator(string id)
    {
        if (_configurators.TryGetValue(id, out var known))
            return known;
        lock (_making)
        {
            if (_configurators.TryGetValue(id, out known))
                return known;
            if (!Settings.HasPath(id))
                throw new ConfigurationException($"Dispatcher [{id}] is not configured: there is no such section.");
            var made = Make(id);
            _configurators[id] = made;
            return made;
        }
    }

    MessageDispatcherConfigurator Make(string id)
    {
        var section = ConfigurationFactory.ParseString($"id = \"{id}\"")
            .WithFallback(Settings.GetConfig(id))
            .WithFallback(DefaultDispatcherConfig);
        var type = section.GetString("type", "");
        switch (type)
        {
            case "":
                throw new ConfigurationException($"Dispatcher [{id}] does not say its type.");
            case "Dispatcher" or "TaskDispatcher":
                return new SharedDispatcherConfigurator(section, Prerequisites, dedicatedThreads: false);
            case "ForkJoinDispatcher":
                return new SharedDispatcherConfigurator(section, Prerequisites, dedicatedThreads: true);
            case "PinnedDispatcher":
                return new PinnedDispatcherConfigurator(section, Prerequisites);
            default:
                var made = TypeNames.Find(type);
                if (made is null || !typeof(MessageDispatcherConfigurator).IsAssignableFrom(made))
                    throw new ConfigurationException(
                        $"Dispatcher [{id}] has type [{type}], which is neither Dispatcher, TaskDispatcher, "
                        + "ForkJoinDispatcher or PinnedDispatcher nor the full name of a MessageDispatcherConfigurator.");
                return TypeNames.Make<MessageDispatcherConfigurator>(made, $"dispatcher [{id}]", section,
                    Prerequisites);
        }
    }
}
