using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Journal;

/// <summary>Finds the adapter of an event's type: that of the most specific bound type.</summary>
public class EventAdapters
{
    static readonly EventAdapters s_none = new([]);

    readonly List<(Type Type, IEventAdapter Adapter)> _bindings;
    readonly ConcurrentDictionary<Type, IEventAdapter> _cache = new();

    EventAdapters(List<(Type, IEventAdapter)> bindings) => _bindings = bindings;

    /// <summary>Reads a journal's <c>event-adapters</c> and <c>event-adapter-bindings</c>.</summary>
    public static EventAdapters Create(ExtendedActorSystem system, Config config)
    {
        if (!config.HasPath("event-adapter-bindings"))
            return s_none;
        var adapters = new Dictionary<string, IEventAdapter>();
        if (config.HasPath("event-adapters"))
            foreach (var (name, type) in config.GetConfig("event-adapters").AsEnumerable())
                adapters[name] = Instantiate(type.GetString(), system);
        var bindings = new List<(Type, IEventAdapter)>();
        foreach (var (key, names) in config.GetConfig("event-adapter-bindings").AsEnumerable())
        {
            var typeName = key.Trim('"');
            var type = Type.GetType(typeName)
                ?? throw new ConfigurationException(
                    $"event-adapter-bindings names '{typeName}', which can't be found.");
            var bound = names.IsArray() ? names.GetStringList() : [names.GetString()];
            Insert(bindings, type, Combine(bound.Select(name => Find(adapters, name, typeName)).ToArray(), typeName));
        }
        return new EventAdapters(bindings);
    }

    public IEventAdapter Get<T>() => Get(typeof(T));

    public virtual IEventAdapter Get(Type type)
    {
        if (_bindings.Count == 0)
            return IdentityEventAdapter.Instance;
        return _cache.GetOrAdd(type, static (t, bindings) =>
        {
            foreach (var (bound, adapter) in bindings)
                if (bound.IsAssignableFrom(t))
                    return adapter;
            return IdentityEventAdapter.Instance;
        }, _bindings);
    }

    // Before the first binding that covers the new type as well, so that the more specific one is found first.
    static void Insert(List<(Type Type, IEventAdapter)> bindings, Type type, IEventAdapter adapter)
    {
        var at = bindings.FindIndex(b => b.Type.IsAssignableFrom(type));
        bindings.Insert(at < 0 ? bindings.Count : at, (type, adapter));
    }

    static IEventAdapter Find(Dictionary<string, IEventAdapter> adapters, string name, string type) =>
        adapters.TryGetValue(name, out var adapter)
            ? adapter
            : throw new ConfigurationException($"{type} is bound to event adapter '{name}', which is not defined.");

    static IEventAdapter Combine(IEventAdapter[] adapters, string type)
    {
        if (adapters is [var only])
            return only;
        var writers = adapters.OfType<WritingEventAdapter>().ToArray();
        if (writers.Length > 1)
            throw new ConfigurationException($"{type} is bound to more than one event adapter that writes.");
        var read = new CombinedReadEventAdapter(adapters.Where(a => a is not WritingEventAdapter));
        return writers is [var writer] ? new WritingEventAdapter(writer, read) : new ReadOnlyEventAdapter(read);
    }

    static IEventAdapter Instantiate(string name, ExtendedActorSystem system)
    {
        var type = Type.GetType(name)
            ?? throw new ConfigurationException($"event-adapters names '{name}', which can't be found.");
        var instance = type.GetConstructor([typeof(ExtendedActorSystem)]) is null
            ? Activator.CreateInstance(type)
            : Activator.CreateInstance(type, system);
        return instance switch
        {
            IEventAdapter both => both,
            IWriteEventAdapter write => new WritingEventAdapter(write),
            IReadEventAdapter read => new ReadOnlyEventAdapter(read),
            _ => throw new ConfigurationException($"event-adapters names '{name}', which is not an event adapter."),
        };
    }
}
