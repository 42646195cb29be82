using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Something that takes messages.</summary>
public interface ICanTell
{
    /// <summary>
    /// Sends without waiting, at most once. A null sender stands for nobody: answers go to dead letters.
    /// </summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle to an actor: send to it, compare it, pass it on, wherever the actor lives.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable, ISurrogated
{
    ActorPath Path { get; }
}

/// <summary>Whether an actor lives in this process.</summary>
public interface IActorRefScope
{
    bool IsLocal { get; }
}

/// <summary>What the engine itself asks of every actor reference.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    IInternalActorRef Parent { get; }

    IActorRefProvider Provider { get; }

    bool IsTerminated { get; }

    /// <summary>The descendant with these names, ".." meaning the parent; Nobody when there is none.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    void Start();

    void Resume(Exception? causedByFailure = null);

    void Suspend();

    void Stop();

    void Restart(Exception cause);

    void SendSystemMessage(ISystemMessage message, IActorRef? sender);

    void SendSystemMessage(ISystemMessage message);
}

/// <summary>A reference whose actor may not be running yet.</summary>
public interface IRepointableRef : IActorRefScope
{
    bool IsStarted { get; }
}

/// <summary>Well-known references.</summary>
public static class ActorRefs
{
    /// <summary>No actor at all: swallows what it is told.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>The absence of a sender.</summary>
    public static readonly IActorRef NoSender = null!;
}

/// <summary>Small conveniences for references.</summary>
public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;

    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef!;
}

/// <summary>Sending with the current actor, if any, as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSelfOrNoSender());

    /// <summary>Sends on the current message's behalf: the receiver sees the original sender.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSenderOrNoSender());
}
