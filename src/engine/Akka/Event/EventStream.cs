using Akka.Actor;

namespace Akka.Event;

/// <summary>The event bus of an actor system: events by their type, supertypes and interfaces included.</summary>
public class EventStream(bool debug) : LoggingBus
{
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (debug)
            Publish(new Debug(nameof(EventStream), GetType(), $"subscribing {subscriber} to channel {channel}"));
        return base.Subscribe(subscriber, channel);
    }

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var found = base.Unsubscribe(subscriber, channel);
        if (debug)
            Publish(new Debug(nameof(EventStream), GetType(), $"unsubscribing {subscriber} from channel {channel}"));
        return found;
    }

    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var found = base.Unsubscribe(subscriber);
        if (debug)
            Publish(new Debug(nameof(EventStream), GetType(), $"unsubscribing {subscriber} from all channels"));
        return found;
    }

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    protected override void Publish(object @event, IActorRef subscriber)
    {
        // Nobody tells the stream that a subscriber has ended; it finds out when it would tell it something.
        if (subscriber is IInternalActorRef { IsTerminated: true } and not MinimalActorRef)
            base.Unsubscribe(subscriber);
        else
            subscriber.Tell(@event, ActorRefs.NoSender);
    }

    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    protected override Type GetClassifier(object @event) => @event.GetType();
}

/// <summary>Subscribing by type argument.</summary>
public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
