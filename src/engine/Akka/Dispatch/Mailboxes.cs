using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>The kinds of mailbox of an actor system, by the section of the configuration that describes each.</summary>
public class Mailboxes
{
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";

    readonly ActorSystem _system;
    readonly ConcurrentDictionary<string, MailboxType> _types = new();
    readonly Dictionary<Type, string> _byRequirement = [];
    readonly ConcurrentDictionary<Type, Type?> _requirements = new();
    readonly ConcurrentDictionary<(string Dispatcher, string Mailbox), int> _stashCapacities = new();
    readonly ConcurrentDictionary<Config, MailboxType?> _byDispatcher = new(ReferenceEqualityComparer.Instance);
    readonly Lazy<DeadLetterMailbox> _deadLetters;

    public Mailboxes(ActorSystem system)
    {
        _system = system;
        _deadLetters = new Lazy<DeadLetterMailbox>(() => new DeadLetterMailbox(system.DeadLetters));
        var requirements = system.Settings.Config.GetConfig("akka.actor.mailbox.requirements");
        if (requirements.IsNullOrEmpty())
            return;
        foreach (var (name, section) in requirements.AsEnumerable())
            _byRequirement[TypeNames.Find(name, "akka.actor.mailbox.requirements")] = section.GetString();
    }

    public DeadLetterMailbox DeadLetterMailbox => _deadLetters.Value;

    /// <summary>The queue that an actor class asks for with <see cref="IRequiresMessageQueue{T}"/>, if any.</summary>
    public Type GetRequiredType(Type actorType) => Required(actorType)!;

    public bool HasRequiredType(Type actorType) => Required(actorType) is not null;

    public MailboxType LookupByQueueType(Type queueType) => _byRequirement.TryGetValue(queueType, out var id)
        ? Lookup(id)
        : throw new ConfigurationException($"No mailbox is configured for the requirement {queueType} "
            + "(akka.actor.mailbox.requirements).");

    /// <exception cref="ConfigurationException">No such section, or one that makes no mailbox.</exception>
    public MailboxType Lookup(string path) => _types.GetOrAdd(path, Make);

    /// <summary>
    /// The kind that the props, the actor's class, the dispatcher or the default name, in that order.
    /// </summary>
    public MailboxType GetMailboxType(Props props, Config? dispatcherConfig)
    {
        if (props.Mailbox != Deploy.NoMailboxGiven)
            return Satisfying(Lookup(props.Mailbox), props);
        if (Required(props.Type) is { } required)
            return LookupByQueueType(required);
        return (dispatcherConfig is null ? null : _byDispatcher.GetOrAdd(dispatcherConfig, OfDispatcher))
            ?? Lookup(DefaultMailboxId);
    }

    internal int StashCapacity(string dispatcher, string mailbox) =>
        _stashCapacities.GetOrAdd((dispatcher, mailbox), key => ConfiguredStashCapacity(key.Dispatcher, key.Mailbox));

    int ConfiguredStashCapacity(string dispatcher, string mailbox)
    {
        var config = _system.Settings.Config;
        if (mailbox != Deploy.NoMailboxGiven
            && config.GetInt(mailbox + ".stash-capacity", -1) is var byMailbox and >= 0)
            return byMailbox;
        var section = dispatcher == Deploy.NoDispatcherGiven ? Dispatchers.DefaultDispatcherId : dispatcher;
        var byDispatcher = config.GetInt(section + ".stash-capacity", -1);
        return byDispatcher >= 0 ? byDispatcher : config.GetInt(DefaultMailboxId + ".stash-capacity", -1);
    }

    MailboxType? OfDispatcher(Config section) =>
        section.GetString("mailbox-type", "").Length > 0 ? Make(section.GetString("id", "dispatcher"), section) : null;

    Type? Required(Type actorType) => _requirements.GetOrAdd(actorType, static type => type.GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequiresMessageQueue<>))
        .Select(i => i.GetGenericArguments()[0])
        .OrderByDescending(i => i.GetInterfaces().Length)
        .FirstOrDefault());

    MailboxType Satisfying(MailboxType mailbox, Props props)
    {
        if (Required(props.Type) is not { } required)
            return mailbox;
        var produced = mailbox.GetType().GetInterfaces()
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IProducesMessageQueue<>));
        return produced is not null && !required.IsAssignableFrom(produced.GetGenericArguments()[0])
            ? throw new ArgumentException($"Mailbox [{props.Mailbox}] does not offer {required}, which actor "
                + $"{props.Type} requires.")
            : mailbox;
    }

    MailboxType Make(string id)
    {
        var config = _system.Settings.Config;
        if (id == "unbounded")
            return new UnboundedMailbox(_system.Settings, Config.Empty);
        if (!config.HasPath(id))
            throw new ConfigurationException($"Mailbox [{id}] is not configured: there is no such section.");
        return Make(id, config.GetConfig(id).WithFallback(config.GetConfig(DefaultMailboxId)));
    }

    MailboxType Make(string id, Config section)
    {
        var name = section.GetString("mailbox-type", "");
        return name.Length == 0
            ? throw new ConfigurationException($"Mailbox [{id}] does not say its mailbox-type.")
            : TypeNames.Make<MailboxType>(TypeNames.Find(name, $"mailbox [{id}]"), $"mailbox [{id}]", _system.Settings,
                section);
    }
}
