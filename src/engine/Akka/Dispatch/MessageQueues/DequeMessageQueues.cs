using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>Lets the actor put messages back in front of another queue.</summary>
public class DequeWrapperMessageQueue : IMessageQueue, IDequeBasedMessageQueueSemantics
{
    // Only the thread that runs the mailbox pushes and pops; others merely look at the count.
    readonly Stack<Envelope> _front = new(0);

    public DequeWrapperMessageQueue(IMessageQueue messageQueue) => MessageQueue = messageQueue;

    protected IMessageQueue MessageQueue { get; }

    public bool HasMessages => _front.Count > 0 || MessageQueue.HasMessages;

    public int Count => _front.Count + MessageQueue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope) => MessageQueue.Enqueue(receiver, envelope);

    public void EnqueueFirst(Envelope envelope) => _front.Push(envelope);

    public bool TryDequeue(out Envelope envelope) =>
        _front.Count > 0 ? _front.TryPop(out envelope) : MessageQueue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        // The owner empties it at the end, and so may a sender that came too late.
        lock (_front)
            while (_front.TryPop(out var envelope))
                deadletters.Enqueue(owner, envelope);
        MessageQueue.CleanUp(owner, deadletters);
    }
}

/// <summary>An unbounded queue to whose front messages can be put back.</summary>
public class UnboundedDequeMessageQueue() : DequeWrapperMessageQueue(new UnboundedMessageQueue()),
    IUnboundedDequeBasedMessageQueueSemantics;

/// <summary>A bounded queue to whose front messages can be put back.</summary>
public class BoundedDequeMessageQueue(int boundedCapacity, TimeSpan pushTimeOut)
    : DequeWrapperMessageQueue(new BoundedMessageQueue(boundedCapacity, pushTimeOut)),
        IBoundedDequeBasedMessageQueueSemantics
{
    public TimeSpan PushTimeOut { get; } = pushTimeOut;
}
