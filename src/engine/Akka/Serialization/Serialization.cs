using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>The serializers of an actor system: which one is for which type.</summary>
public class Serialization
{
    [ThreadStatic]
    static Information? t_transport;

    readonly ConcurrentDictionary<Type, Serializer> _byType = new();
    readonly Dictionary<Type, Serializer> _bindings = [];
    readonly ConcurrentDictionary<int, Serializer> _byId = new();
    readonly ConcurrentDictionary<string, Serializer> _byName = new();
    readonly HashSet<Type> _set = [];
    readonly Lock _lock = new();

    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        Reload();
        foreach (var details in system.Settings.Setup.Get<SerializationSetup>().Select(s =>
            s.CreateSerializers(system)).GetOrElse([]))
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor)
                AddSerializationMap(type, details.Serializer);
        }
    }

    public ExtendedActorSystem System { get; }

    /// <summary>
    /// What <see cref="GetCurrentTransportInformation"/> answers on this thread; remoting sets it for a whole batch.
    /// </summary>
    internal static Information? CurrentTransportInformation
    {
        get => t_transport;
        set => t_transport = value;
    }

    /// <summary>
    /// Runs <paramref name="action"/> with references written as seen by those who reach the system at
    /// <paramref name="address"/>.
    /// </summary>
    [Obsolete("Use the overload without an address.")]
    public static T WithTransport<T>(ActorSystem system, Address address, Func<T> action) =>
        WithAddress(system, address, action);

    internal static T WithAddress<T>(ActorSystem system, Address address, Func<T> action) =>
        With(new Information(address, system), action);

    /// <summary>Runs <paramref name="action"/> with references written as others see them.</summary>
    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        t_transport is { } known && known.System == system
            ? action() : With(system.Provider.SerializationInformation, action);

    /// <exception cref="InvalidOperationException">Nothing is being serialised by this thread.</exception>
    public static Information GetCurrentTransportInformation() => t_transport
        ?? throw new InvalidOperationException("CurrentTransportInformation is not set. Use "
            + "Serialization.WithTransport");

    /// <summary>The path under which whoever gets it finds the actor.</summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (Equals(actorRef, ActorRefs.NoSender))
            return string.Empty;
        var path = actorRef.Path;
        if (t_transport is { } transport)
            return path.ToSerializationFormatWithAddress(transport.Address);
        return actorRef is ActorRefWithCell { Underlying: { } cell }
            && ((ExtendedActorSystem)cell.System).Provider is { } provider
            ? path.ToSerializationFormatWithAddress(provider.DefaultAddress)
            : path.ToSerializationFormat();
    }

    /// <summary>
    /// What tells the type of the bytes to those who read them; empty if the bytes tell it themselves.
    /// </summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest withManifest => withManifest.Manifest(msg),
        { IncludeManifest: true } => msg.GetType().TypeQualifiedName(),
        _ => string.Empty,
    };

    public byte[] Serialize(object o) =>
        WithTransport(System, () => FindSerializerFor(o).ToBinary(o));

    /// <exception cref="SerializationException">No such serializer, or it cannot read the bytes.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest) => WithTransport(System, () =>
    {
        var serializer = ById(serializerId, manifest);
        if (serializer is SerializerWithStringManifest withManifest)
            return withManifest.FromBinary(bytes, manifest);
        if (string.IsNullOrEmpty(manifest))
            return serializer.FromBinary(bytes, null!);
        var type = TypeNames.Find(manifest) ?? throw new SerializationException(
            $"Cannot find manifest class [{manifest}] for serializer with id [{serializerId}].");
        return serializer.FromBinary(bytes, type);
    });

    /// <exception cref="SerializationException">No such serializer, or it cannot read the bytes.</exception>
    public object Deserialize(byte[] bytes, int serializerId, Type type) =>
        WithTransport(System, () => ById(serializerId, type?.FullName ?? "").FromBinary(bytes, type!));

    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    /// <exception cref="SerializationException">Nothing is bound to the type of the object.</exception>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        FindSerializerForType(obj?.GetType() ?? typeof(object), defaultSerializerName);

    /// <summary>
    /// The serializer bound to the type, or else to the most specific of its supertypes and interfaces.
    /// </summary>
    /// <exception cref="SerializationException">There is none.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null) =>
        _byType.TryGetValue(objectType, out var known) ? known : Resolve(objectType, defaultSerializerName);

    internal Serializer? FindSerializerById(int id) => _byId.GetValueOrDefault(id);

    [Obsolete("Use the overload with a name.")]
    public void AddSerializer(Serializer serializer) => AddSerializer(serializer.GetType().FullName!, serializer);

    public void AddSerializer(string name, Serializer serializer)
    {
        _byId[serializer.Identifier] = serializer;
        _byName[name] = serializer;
    }

    public void AddSerializationMap(Type type, Serializer serializer)
    {
        lock (_lock)
        {
            _bindings[type] = serializer;
            _set.Add(type);
            _byType.Clear();
        }
    }

    /// <summary>Takes in what an extension has added to the configuration; what was set in code stays.</summary>
    internal void Reload()
    {
        var config = System.Settings.Config;
        lock (_lock)
        {
            foreach (var (name, value) in Entries(config, "akka.actor.serializers"))
                if (!_byName.ContainsKey(name))
                    AddSerializer(name, Make(name, value.GetString(), config));
            foreach (var (name, value) in Entries(config, "akka.actor.serialization-bindings"))
            {
                var use = $"akka.actor.serialization-bindings.\"{name}\"";
                var type = TypeNames.Find(name, use);
                var alias = value.GetString();
                if (_set.Contains(type))
                    continue;
                _bindings[type] = _byName.TryGetValue(alias, out var serializer)
                    ? serializer : throw new ConfigurationException(
                    $"{use} names serializer '{alias}', which akka.actor.serializers does not define.");
            }

            _byType.Clear();
        }
    }

    static T With<T>(Information transport, Func<T> action)
    {
        var outer = t_transport;
        t_transport = transport;
        try
        {
            return action();
        }
        finally
        {
            t_transport = outer;
        }
    }

    static IEnumerable<KeyValuePair<string, Configuration.Hocon.HoconValue>> Entries(Config config, string path) =>
        config.GetConfig(path) is { } section && !section.IsNullOrEmpty() ? section.AsEnumerable() : [];

    Serializer Make(string name, string className, Config config)
    {
        var use = $"akka.actor.serializers.{name}";
        var settings = config.GetConfig("akka.actor.serialization-settings." + name);
        var type = TypeNames.Find(className, use);
        return settings.IsNullOrEmpty()
            ? TypeNames.Make<Serializer>(type, use, System)
            : TypeNames.Make<Serializer>(type, use, System, settings);
    }

    Serializer ById(int id, string manifest) =>
        _byId.TryGetValue(id, out var serializer) ? serializer : throw new SerializationException(
            $"No serializer here has the id [{id}] (of class [{manifest}]): the two systems differ in "
            + "akka.actor.serializers or in serialization-identifiers.");

    Serializer Resolve(Type type, string? defaultSerializerName)
    {
        lock (_lock)
        {
            if (Bound(type) is { } bound)
                return _byType[type] = bound;
        }

        if (defaultSerializerName is not null)
            return _byName.TryGetValue(defaultSerializerName, out var named) ? named : throw new SerializationException(
                $"There is no serializer named '{defaultSerializerName}' (akka.actor.serializers).");
        throw new SerializationException($"No serializer is bound to {type}. Bind one: "
            + $"akka.actor.serialization-bindings {{ \"{type.TypeQualifiedName()}\" = name }}, with "
            + "akka.actor.serializers { name = \"Class, Assembly\" }.");
    }

    Serializer? Bound(Type type)
    {
        if (_bindings.TryGetValue(type, out var exact))
            return exact;
        (Type Type, Serializer Serializer)? best = null;
        foreach (var (candidate, serializer) in _bindings)
            if (candidate.IsAssignableFrom(type) && (best is not { } sofar || sofar.Type.IsAssignableFrom(candidate)))
                best = (candidate, serializer);
        return best?.Serializer;
    }
}
