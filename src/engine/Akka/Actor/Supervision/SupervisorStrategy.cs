using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What an actor does when a child fails.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops a child that could not start or was killed, restarts one that failed otherwise.</summary>
    public static readonly IDecider DefaultDecider = new LocalOnlyDecider(DecideByDefault);

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops every child that fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    public abstract IDecider Decider { get; }

    private protected virtual bool LoggingEnabled => true;

    protected abstract Directive Handle(IActorRef child, Exception exception);

    public abstract void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause,
        ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    /// <summary>Called whenever a child has ended, after it was removed from the children.</summary>
    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child,
        IEnumerable<IInternalActorRef> children);

    /// <summary>Acts on a failure; false if it is to be escalated.</summary>
    internal bool HandleFailure(ActorCell actorCell, IActorRef child, Exception cause, ChildRestartStats stats,
        IReadOnlyCollection<ChildRestartStats> children)
    {
        var directive = Handle(child, cause);
        if (LoggingEnabled && directive != Directive.Escalate)
            LogFailure(actorCell, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                ResumeChild(child, cause);
                return true;
            case Directive.Restart:
            case Directive.Stop:
                ProcessFailure(actorCell, directive == Directive.Restart, child, cause, stats, children);
                return true;
            default:
                return false;
        }
    }

    protected void ResumeChild(IActorRef child, Exception exception) => ((IInternalActorRef)child).Resume(exception);

    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var target = (IInternalActorRef)child;
        if (suspendFirst)
            target.Suspend();
        target.Restart(cause);
    }

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        var actorType = ((child as ActorRefWithCell)?.Underlying as ActorCell)?.Props.Type ?? GetType();
        // What the creation failed with says more than the exception around it.
        var shown = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        LogEvent log = directive == Directive.Resume
            ? new Warning(shown, child.Path.ToString(), actorType, shown.Message)
            : new Error(cause, child.Path.ToString(), actorType, shown.Message);
        try
        {
            context.System.EventStream.Publish(log);
        }
        catch (Exception)
        {
            // A subscriber that cannot take the event must not keep the failure from being handled.
        }
    }

    static Directive DecideByDefault(Exception cause) => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    };
}
