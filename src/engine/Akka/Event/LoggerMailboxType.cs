using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Akka.Event;

/// <summary>Mailboxes for loggers: events that a logger could not write any more go to the console.</summary>
sealed class LoggerMailboxType(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<LoggerMessageQueue>
{
    public override IMessageQueue Create(IActorRef? owner, ActorSystem? system) => new LoggerMessageQueue(system);
}

sealed class LoggerMessageQueue(ActorSystem? system) : IMessageQueue, ILoggerMessageQueueSemantics,
    IUnboundedMessageQueueSemantics
{
    readonly UnboundedMessageQueue _queue = new();

    public bool HasMessages => _queue.HasMessages;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(receiver, envelope);

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        var level = system is null ? LogLevel.WarningLevel : Logging.LogLevelFor(system.Settings.LogLevel);
        while (_queue.TryDequeue(out var envelope))
            if (envelope.Message is not LogEvent log)
                deadletters.Enqueue(owner, envelope);
            else if (log.LogLevel() >= level
                && owner.Path.Name.EndsWith(nameof(DefaultLogger), StringComparison.Ordinal))
                StandardOutLogger.PrintLogEvent(log);
    }
}
