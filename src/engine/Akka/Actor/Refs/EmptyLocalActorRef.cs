using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands for a local path at which no actor lives: what it is told becomes a dead letter.</summary>
public class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef
{
    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => true;

    private protected EventStream Events => eventStream;

    public override void SendSystemMessage(ISystemMessage message) => SpecialHandle(message, provider.DeadLetters);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is DeadLetter or UnhandledMessage)
            SpecialHandle(((AllDeadLetters)message).Message, sender ?? provider.DeadLetters);
        else if (!SpecialHandle(message, sender ?? provider.DeadLetters))
            eventStream.Publish(new DeadLetter(message, sender ?? provider.DeadLetters, this));
    }

    /// <summary>Answers what even an absent actor answers; true if that was all.</summary>
    protected virtual bool SpecialHandle(object message, IActorRef sender)
    {
        switch (message)
        {
            case Watch watch:
                if (watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
                    watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false,
                        addressTerminated: false));
                return true;
            case Unwatch:
                return true;
            case Identify identify:
                sender.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                return true;
            case ActorSelectionMessage selection:
                if (selection.Message is Identify identification)
                {
                    if (!selection.WildCardFanOut)
                        sender.Tell(new ActorIdentity(identification.MessageId, null), ActorRefs.NoSender);
                }
                else
                {
                    eventStream.Publish(new DeadLetter(selection.Message, sender, this));
                }

                return true;
            case IDeadLetterSuppression suppressed:
                eventStream.Publish(new SuppressedDeadLetter(suppressed, sender, this));
                return true;
            default:
                return false;
        }
    }
}

/// <summary>/deadLetters: publishes what could not be delivered.</summary>
public class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    public override bool IsTerminated => false;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (message)
        {
            case Identify identify:
                (sender ?? this).Tell(new ActorIdentity(identify.MessageId, this), this);
                break;
            case DeadLetter letter:
                if (!SpecialHandle(letter.Message, letter.Sender))
                    Events.Publish(letter);
                break;
            default:
                if (!SpecialHandle(message, sender ?? this))
                    Events.Publish(new DeadLetter(message, sender ?? this, this));
                break;
        }
    }

    protected override bool SpecialHandle(object message, IActorRef sender)
    {
        if (message is not Watch watch)
            return base.SpecialHandle(message, sender);
        if (!watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false,
                addressTerminated: false));
        return true;
    }
}
