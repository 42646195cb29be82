using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>What a dispatcher is made from.</summary>
public interface IDispatcherPrerequisites
{
    EventStream EventStream { get; }

    IScheduler Scheduler { get; }

    Settings Settings { get; }

    Mailboxes Mailboxes { get; }
}

/// <summary>What a dispatcher is made from.</summary>
public sealed class DefaultDispatcherPrerequisites(
    EventStream eventStream, IScheduler scheduler, Settings settings, Mailboxes mailboxes) : IDispatcherPrerequisites
{
    public EventStream EventStream { get; } = eventStream;

    public IScheduler Scheduler { get; } = scheduler;

    public Settings Settings { get; } = settings;

    public Mailboxes Mailboxes { get; } = mailboxes;
}

/// <summary>Makes the dispatchers of one section of the configuration.</summary>
public abstract class MessageDispatcherConfigurator
{
    protected MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; }

    public IDispatcherPrerequisites Prerequisites { get; }

    /// <summary>The dispatcher for the next actor: always the same, or a new one for each.</summary>
    public abstract MessageDispatcher Dispatcher();
}

/// <summary>Gives mailboxes threads to run on.</summary>
public abstract class MessageDispatcher
{
    const int DefaultThroughput = 100;

    long _inhabitants;

    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        Throughput = DefaultThroughput;
        if (configurator.Config is { } config)
        {
            Id = config.GetString("id", "anonymous");
            Throughput = config.GetInt("throughput", DefaultThroughput);
            var deadline = config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero);
            ThroughputDeadlineTime = deadline > TimeSpan.Zero ? deadline.Ticks : null;
        }
    }

    public MessageDispatcherConfigurator Configurator { get; }

    /// <summary>The section of the configuration that describes it.</summary>
    public string Id { get; protected set; } = "anonymous";

    public EventStream EventStream => Configurator.Prerequisites.EventStream;

    public Mailboxes Mailboxes => Configurator.Prerequisites.Mailboxes;

    /// <summary>How many messages one mailbox handles before the next has its turn.</summary>
    public int Throughput { get; set; }

    /// <summary>How long one mailbox may go on before the next has its turn, in ticks; null for no limit.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>
    /// Whether a message is handled before its sender goes on, as in a simulation on one thread. Then what is awaited
    /// there goes on at once too, instead of on a thread of the pool, which would make the order a matter of chance.
    /// </summary>
    internal virtual bool RunsOnCallingThread => false;

    /// <summary>Whether a thread goes on with the mailbox to which the one before gave work.</summary>
    internal bool HandsOver { get; private protected init; }

    /// <summary>How many actors it serves.</summary>
    public long Inhabitants => Interlocked.Read(ref _inhabitants);

    /// <summary>Runs an action on one of the dispatcher's threads, as no actor.</summary>
    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(() =>
    {
        try
        {
            run();
        }
        catch (Exception e)
        {
            ReportFailure(e);
        }
    }));

    public void Schedule(IRunnable run) => Schedule(run.Run);

    public virtual void Attach(ActorCell cell)
    {
        Interlocked.Increment(ref _inhabitants);
        RegisterForExecution(cell.Mailbox, hasMessageHint: false, hasSystemMessageHint: true);
    }

    /// <summary>Takes leave of an actor that has ended: its mailbox becomes the dead letters'.</summary>
    public virtual void Detach(ActorCell cell)
    {
        try
        {
            var mailbox = cell.SwapMailbox(cell.SystemImpl.Mailboxes.DeadLetterMailbox);
            mailbox.Close();
            mailbox.CleanUp();
        }
        finally
        {
            if (Interlocked.Decrement(ref _inhabitants) == 0)
                LastOneLeft();
        }
    }

    public virtual void Dispatch(ActorCell cell, Envelope envelope)
    {
        var mailbox = cell.Mailbox;
        mailbox.MessageQueue.Enqueue(cell.Self, envelope);
        RegisterForExecution(mailbox, hasMessageHint: true, hasSystemMessageHint: false);
        // A mailbox that closed in between has been emptied already; nobody else would come for this message.
        if (mailbox.IsClosed)
            mailbox.MessageQueue.CleanUp(cell.Self, Mailboxes.DeadLetterMailbox.MessageQueue);
    }

    public virtual void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        var mailbox = cell.Mailbox;
        mailbox.EnqueueSystem(cell.Self, message);
        RegisterForExecution(mailbox, hasMessageHint: false, hasSystemMessageHint: true);
    }

    protected abstract void ExecuteTask(IRunnable run);

    protected abstract void Shutdown();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool RegisterForExecution(Mailbox mailbox, bool hasMessageHint, bool hasSystemMessageHint)
    {
        if (!mailbox.CanBeScheduled(hasMessageHint, hasSystemMessageHint) || !mailbox.SetScheduled())
            return false;
        try
        {
            ExecuteTask(mailbox);
            return true;
        }
        catch (RejectedExecutionException)
        {
            mailbox.SetIdle();
            return false;
        }
    }

    internal void Suspend(ActorCell cell)
    {
        var mailbox = cell.Mailbox;
        if (mailbox.Cell == cell)
            mailbox.Suspend();
    }

    internal void Resume(ActorCell cell)
    {
        var mailbox = cell.Mailbox;
        if (mailbox.Cell == cell && mailbox.Resume())
            RegisterForExecution(mailbox, hasMessageHint: false, hasSystemMessageHint: false);
    }

    internal void ShutdownNow() => Shutdown();

    internal void ReportFailure(Exception e)
    {
        try
        {
            EventStream.Publish(new Error(e, Id, GetType(), "Unexpected exception on dispatcher"));
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }

    private protected virtual void LastOneLeft()
    {
    }
}

/// <summary>The dispatcher has shut down.</summary>
public class RejectedExecutionException(string? message = null, Exception? inner = null)
    : AkkaException(message, inner);
