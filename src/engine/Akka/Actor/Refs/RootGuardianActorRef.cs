using System.Collections.Concurrent;
using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The top of the tree, with some names below it that are no children.</summary>
sealed class RootGuardianActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher,
    MailboxType mailboxType, IInternalActorRef supervisor, ActorPath path, IActorRef deadLetters, IInternalActorRef temp,
    ConcurrentDictionary<string, IInternalActorRef> extraNames)
    : LocalActorRef(system, props, dispatcher, mailboxType, supervisor, path)
{
    public override IInternalActorRef Parent => this;

    public override IInternalActorRef GetSingleChild(string name) => name switch
    {
        "temp" => temp,
        "deadLetters" => (IInternalActorRef)deadLetters,
        _ => extraNames.TryGetValue(name, out var extra) ? extra : base.GetSingleChild(name),
    };
}

/// <summary>/temp: whoever waits for an answer from another process.</summary>
sealed class TempContainer(IActorRefProvider provider, ActorPath path, Func<IInternalActorRef> parent) : MinimalActorRef
{
    readonly ConcurrentDictionary<string, IInternalActorRef> _children = new();

    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    public override IInternalActorRef Parent => parent();

    public void Add(string name, IInternalActorRef child) => _children[name] = child;

    public void Remove(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        if (name.Count == 0)
            return this;
        if (name[0].Length == 0)
            return GetChild([.. name.Skip(1)]);
        var hash = name[0].IndexOf(ActorPath.UidDelimiter);
        var plain = hash < 0 ? name[0] : name[0][..hash];
        return !_children.TryGetValue(plain, out var child) ? ActorRefs.Nobody
            : name.Count == 1 ? child
            : child.GetChild([.. name.Skip(1)]);
    }
}

/// <summary>Swallows everything, as Nobody does, but may be a sender.</summary>
sealed class IgnoreActorRef(IActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "local")) / "ignore";

    public override IActorRefProvider Provider => provider;
}
