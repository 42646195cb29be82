using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>The base of what a queue of messages can promise.</summary>
public interface ISemantics;

/// <summary>Takes any number of messages.</summary>
public interface IUnboundedMessageQueueSemantics : ISemantics;

/// <summary>Takes a limited number of messages.</summary>
public interface IBoundedMessageQueueSemantics : ISemantics
{
    /// <summary>How long a sender waits for room.</summary>
    TimeSpan PushTimeOut { get; }
}

/// <summary>Messages can be put back at the front; what a stash needs.</summary>
public interface IDequeBasedMessageQueueSemantics : ISemantics
{
    void EnqueueFirst(Envelope envelope);
}

/// <summary>A deque that takes any number of messages.</summary>
public interface IUnboundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics,
    IUnboundedMessageQueueSemantics;

/// <summary>A deque that takes a limited number of messages.</summary>
public interface IBoundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics,
    IBoundedMessageQueueSemantics;

/// <summary>Several threads may take messages at once.</summary>
public interface IMultipleConsumerSemantics : ISemantics;

/// <summary>An actor class that implements this gets a mailbox whose queue promises <typeparamref name="T"/>.</summary>
public interface IRequiresMessageQueue<T> where T : ISemantics;

/// <summary>A mailbox type whose queues are <typeparamref name="TQueue"/>.</summary>
public interface IProducesMessageQueue<TQueue> where TQueue : MessageQueues.IMessageQueue;

/// <summary>A mailbox type whose senders may wait for room.</summary>
public interface IProducesPushTimeoutSemanticsMailbox
{
    TimeSpan PushTimeout { get; }
}
