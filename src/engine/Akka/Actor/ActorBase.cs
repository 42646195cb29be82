using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>An actor as the engine sees it.</summary>
public interface IInternalActor
{
    IActorContext ActorContext { get; }
}

/// <summary>
/// The base of every actor: handles one message at a time, keeps its state to itself, and is created, restarted and
/// stopped by its supervisor.
/// </summary>
public abstract class ActorBase : IInternalActor
{
    readonly ActorCell _cell;
    SupervisorStrategy? _supervisorStrategy;
    bool _cleared;

    protected ActorBase()
    {
        var cell = InternalCurrentActorCellKeeper.Current;
        if (cell is null || cell.Actor is not null)
            throw new ActorInitializationException(
                $"You cannot create an instance of {GetType()} with 'new'. Use ActorOf of an actor system or an "
                    + "actor's context.");
        _cell = cell;
        cell.Become(Receive);
    }

    protected static Receive EmptyReceive { get; } = static _ => false;

    /// <exception cref="NotSupportedException">The current thread is not handling a message, as after an await outside
    /// ReceiveAsync.</exception>
    protected static IActorContext Context => InternalCurrentActorCellKeeper.Current ?? throw NoContext();

    protected IActorRef Sender => Context.Sender;

    protected IActorRef Self => _cleared ? _cell.Self : Context.Self;

    IActorContext IInternalActor.ActorContext => _cell;

    internal SupervisorStrategy SupervisorStrategyInternal =>
        _supervisorStrategy ??= _cell.Props.SupervisorStrategy ?? SupervisorStrategy();

    internal ActorCell Cell => _cell;

    /// <summary>Handles a message; false if it is not one for this behaviour.</summary>
    protected abstract bool Receive(object message);

    protected void Become(Receive receive) => _cell.Become(receive);

    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>What to do when a child fails.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Called for a message that the behaviour did not handle.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Called before the first message of a new actor (and, unless overridden, of a restarted one).</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called on the failed instance before it is replaced; stops the children unless overridden.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Called on the instance that replaces a failed one.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Called after the last message.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Every message passes here on its way to the behaviour.</summary>
    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (_cell.HasTimers && message is Scheduler.TimerScheduler.TimerMessage timer)
        {
            if (this is not IWithTimers { Timers: Scheduler.TimerScheduler timers } || !timers.Accept(timer))
                return true; // Cancelled or superseded since: nobody wants it any more.
            message = timer.Message;
            if (message is IAutoReceivedMessage)
            {
                _cell.AutoReceiveMessage(new Envelope(message, Self));
                return true;
            }

            _cell.SetCurrent(message, _cell.Sender);
        }

        if (receive(message))
            return true;
        Unhandled(message);
        return false;
    }

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPreRestart(Exception cause, object message)
    {
        (this as IWithTimers)?.Timers?.CancelAll();
        PreRestart(cause, message);
    }

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    public virtual void AroundPostStop()
    {
        (this as IWithTimers)?.Timers?.CancelAll();
        PostStop();
    }

    /// <summary>The instance is done for: from now on its Self needs no context.</summary>
    internal void Clear() => _cleared = true;

    static NotSupportedException NoContext() => new(
        "There is no active ActorContext here: the thread is not handling a message. After an await outside "
        + "ReceiveAsync, or in another thread, keep Self and Sender in variables instead.");
}
