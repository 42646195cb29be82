using Akka.Actor;

namespace Akka.Event;

/// <summary>Passes events on to those who subscribed to their class.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
    where TSubscriber : notnull
{
    readonly Lock _lock = new();

    // Whoever publishes reads these without a lock; they are replaced, never changed.
    Dictionary<TClassifier, TSubscriber[]> _subscribers = [];
    Dictionary<TClassifier, TSubscriber[]> _cache = [];

    /// <summary>False if it was subscribed already.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            var before = _subscribers.GetValueOrDefault(classifier, []);
            if (before.Contains(subscriber))
                return false;
            Replace(new(_subscribers) { [classifier] = [.. before, subscriber] });
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_lock)
        {
            var after = new Dictionary<TClassifier, TSubscriber[]>();
            var found = false;
            foreach (var (classifier, subscribers) in _subscribers)
            {
                var rest = subscribers.Where(s => !s.Equals(subscriber)).ToArray();
                found |= rest.Length < subscribers.Length;
                if (rest.Length > 0)
                    after[classifier] = rest;
            }

            if (found)
                Replace(after);
            return found;
        }
    }

    /// <summary>False if it was not subscribed.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            var before = _subscribers.GetValueOrDefault(classifier, []);
            var rest = before.Where(s => !s.Equals(subscriber)).ToArray();
            if (rest.Length == before.Length)
                return false;
            var after = new Dictionary<TClassifier, TSubscriber[]>(_subscribers);
            if (rest.Length > 0)
                after[classifier] = rest;
            else
                after.Remove(classifier);
            Replace(after);
            return true;
        }
    }

    public virtual void Publish(TEvent @event)
    {
        var classifier = GetClassifier(@event);
        if (!Volatile.Read(ref _cache).TryGetValue(classifier, out var subscribers))
            subscribers = Resolve(@event, classifier);
        foreach (var subscriber in subscribers)
            Publish(@event, subscriber);
    }

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    TSubscriber[] Resolve(TEvent @event, TClassifier classifier)
    {
        lock (_lock)
        {
            TSubscriber[] subscribers = [.. _subscribers
                .Where(s => IsSubClassification(s.Key, classifier) || Classify(@event, s.Key))
                .SelectMany(s => s.Value).Distinct()];
            Volatile.Write(ref _cache, new(_cache) { [classifier] = subscribers });
            return subscribers;
        }
    }

    void Replace(Dictionary<TClassifier, TSubscriber[]> subscribers)
    {
        _subscribers = subscribers;
        Volatile.Write(ref _cache, []);
    }
}

/// <summary>An event bus whose subscribers are actors.</summary>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
    where TClassifier : notnull;
