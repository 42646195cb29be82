using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.SysMsg;

/// <summary>
/// A message between the engine's own parts, handled before any user message, even by a suspended actor.
/// </summary>
public interface ISystemMessage : INoSerializationVerificationNeeded;

/// <summary>
/// The base of system messages. Each is one link of its receiver's queue, so every send needs a fresh instance.
/// </summary>
public abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next;

    public bool Unlinked => Next is null;

    public void Unlink() => Next = null;
}

/// <summary>The first message of every actor: make the instance and start it.</summary>
public sealed class Create(ActorInitializationException? failure) : SystemMessage
{
    /// <summary>What already went wrong before the actor could be made.</summary>
    public ActorInitializationException? Failure { get; } = failure;

    public override string ToString() => "<Create>";
}

/// <summary>From a parent to its failed child: restart.</summary>
public sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;

    public override string ToString() => $"<Recreate>: {Cause.GetType()}";
}

/// <summary>Handle no user messages until resumed.</summary>
public sealed class Suspend : SystemMessage
{
    public override string ToString() => "<Suspend>";
}

/// <summary>Handle user messages again.</summary>
public sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; set; } = causedByFailure;

    public override string ToString() => $"<Resume>: {CausedByFailure?.GetType()}";
}

/// <summary>Stop, children first.</summary>
public sealed class Terminate : SystemMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    public override string ToString() => "<Terminate>";
}

/// <summary>From a child to its parent: I exist, supervise me.</summary>
public sealed class Supervise(IActorRef child, bool async) : SystemMessage
{
    public IActorRef Child { get; } = child;

    public bool Async { get; } = async;

    public override string ToString() => $"<Supervise>: {Child}";
}

/// <summary>Tell the watcher when the watchee is gone.</summary>
public class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;

    public override string ToString() => $"<Watch>: {Watcher} wants to watch {Watchee}";
}

/// <summary>Undoes a <see cref="Watch"/>.</summary>
public sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;

    public override string ToString() => $"<Unwatch>: {Watcher} wants to unwatch {Watchee}";
}

/// <summary>From an actor that ended to those who watch it, and to its parent.</summary>
public sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    : SystemMessage, IDeadLetterSuppression
{
    public IActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;

    public override string ToString() => $"<DeathWatchNotification>: {Actor}";
}

/// <summary>From a failed child to its parent, which decides.</summary>
public sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public long Uid { get; } = uid;

    public override string ToString() => $"<Failed>: {Child} (uid {Uid}) - {Cause.GetType()}: {Cause.Message}";
}

/// <summary>Part of an asynchronous handler that goes on inside its actor.</summary>
internal sealed class ActorTaskMessage(ActorTaskScheduler scheduler, Task task) : SystemMessage, IDeadLetterSuppression
{
    internal void Execute() => scheduler.Execute(task);
}

/// <summary>The end of an asynchronous handler.</summary>
internal sealed class ActorTaskEnded(Exception? failure, ActorTaskScheduler scheduler, Task task)
    : SystemMessage, IDeadLetterSuppression
{
    internal Exception? Failure { get; } = failure;

    internal void Announce() => scheduler.Ended(task);
}

/// <summary>Asks to stop one child.</summary>
public sealed class StopChild(IActorRef child)
{
    public IActorRef Child { get; } = child;
}

/// <summary>From the parts that end after all user actors: wait for me.</summary>
public sealed class RegisterTerminationHook
{
    RegisterTerminationHook()
    {
    }

    public static RegisterTerminationHook Instance { get; } = new();

    public override string ToString() => "<RegisterTerminationHook>";
}

/// <summary>To those that registered: all user actors have ended.</summary>
public sealed class TerminationHook
{
    TerminationHook()
    {
    }

    public static TerminationHook Instance { get; } = new();

    public override string ToString() => "<TerminationHook>";
}

/// <summary>The answer to <see cref="TerminationHook"/>: the system may end now.</summary>
public sealed class TerminationHookDone
{
    TerminationHookDone()
    {
    }

    public static TerminationHookDone Instance { get; } = new();

    public override string ToString() => "<TerminationHookDone>";
}
