using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Makes the message queues of one kind of mailbox.</summary>
public abstract class MailboxType(Settings settings, Config config)
{
    protected readonly Settings Settings = settings;

    protected readonly Config Config = config;

    public abstract IMessageQueue Create(IActorRef? owner, ActorSystem? system);

    private protected int ConfiguredCapacity()
    {
        var capacity = Config.GetInt("mailbox-capacity", 0);
        return capacity > 0 ? capacity : throw new ConfigurationException(
            $"A bounded mailbox needs a positive mailbox-capacity; it is {capacity}.");
    }

    private protected TimeSpan ConfiguredPushTimeout() =>
        Config.GetTimeSpan("mailbox-push-timeout-time", TimeSpan.FromSeconds(10));
}

/// <summary>First in, first out, without limit: the default.</summary>
public sealed class UnboundedMailbox : MailboxType, IProducesMessageQueue<UnboundedMessageQueue>
{
    public UnboundedMailbox()
        : this(null!, null!)
    {
    }

    public UnboundedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
    }

    public override IMessageQueue Create(IActorRef? owner, ActorSystem? system) => new UnboundedMessageQueue();
}

/// <summary>Holds mailbox-capacity messages; senders wait up to mailbox-push-timeout-time for room.</summary>
public sealed class BoundedMailbox : MailboxType, IProducesMessageQueue<BoundedMessageQueue>,
    IProducesPushTimeoutSemanticsMailbox
{
    public BoundedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
        Capacity = ConfiguredCapacity();
        PushTimeout = ConfiguredPushTimeout();
    }

    public int Capacity { get; }

    public TimeSpan PushTimeout { get; }

    public override IMessageQueue Create(IActorRef? owner, ActorSystem? system) =>
        new BoundedMessageQueue(Capacity, PushTimeout);
}

/// <summary>Without limit, for actors that stash.</summary>
public sealed class UnboundedDequeBasedMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedDequeMessageQueue>
{
    public override IMessageQueue Create(IActorRef? owner, ActorSystem? system) => new UnboundedDequeMessageQueue();
}

/// <summary>Bounded, for actors that stash.</summary>
public sealed class BoundedDequeBasedMailbox : MailboxType, IProducesMessageQueue<BoundedDequeMessageQueue>,
    IProducesPushTimeoutSemanticsMailbox
{
    public BoundedDequeBasedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
        Capacity = ConfiguredCapacity();
        PushTimeout = ConfiguredPushTimeout();
    }

    public int Capacity { get; }

    public TimeSpan PushTimeout { get; }

    public override IMessageQueue Create(IActorRef? owner, ActorSystem? system) =>
        new BoundedDequeMessageQueue(Capacity, PushTimeout);
}
