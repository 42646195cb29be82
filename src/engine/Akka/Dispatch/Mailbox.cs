using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// What an actor has still to handle. System messages come first and reach even a suspended actor; one thread at a time
/// runs a mailbox, whichever its dispatcher gives.
/// </summary>
public class Mailbox : IRunnable
{
    const int ClosedBit = 1;
    const int ScheduledBit = 2;
    const int SuspendUnit = 4;

    // Marks the end of the system queue of a closed mailbox, so that no latecomer is lost in it.
    static readonly SystemMessage EndOfQueue = new NoMessage();

    readonly IMessageQueue _queue;
    ActorCell? _cell;
    int _status;
    SystemMessage? _system;

    public Mailbox(IMessageQueue messageQueue) => _queue = messageQueue;

    public IMessageQueue MessageQueue => _queue;

    public MessageDispatcher Dispatcher => _cell!.Dispatcher;

    internal ActorCell? Cell => _cell;

    internal bool IsClosed => (Volatile.Read(ref _status) & ClosedBit) != 0;

    internal bool IsScheduled => (Volatile.Read(ref _status) & ScheduledBit) != 0;

    internal bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    internal virtual bool HasSystemMessages => Volatile.Read(ref _system) is { } head && head != EndOfQueue;

    public virtual void SetActor(ActorCell actorCell) => _cell = actorCell;

    public void Execute()
    {
        if (_cell!.Dispatcher.HandsOver)
            HandOver.Run(this);
        else
            Run();
    }

    public void Run()
    {
        var cell = _cell!;
        var outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = cell;
        try
        {
            if (!IsClosed)
            {
                ProcessSystemMessages(cell);
                ProcessUserMessages(cell);
            }
        }
        catch (Exception e)
        {
            // Not the actor's failure (that has a supervisor), but the engine's: the thread must survive it.
            cell.Dispatcher.ReportFailure(e);
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = outer;
            SetIdle();
            cell.Dispatcher.RegisterForExecution(this, hasMessageHint: false, hasSystemMessageHint: false);
        }
    }

    /// <summary>Moves everything that is left to dead letters.</summary>
    public virtual void CleanUp()
    {
        if (_cell is not { } cell)
            return;
        var deadLetters = cell.SystemImpl.Mailboxes.DeadLetterMailbox;
        var rest = Interlocked.Exchange(ref _system, EndOfQueue);
        for (var message = InOrder(rest); message is not null;)
        {
            var next = message.Next;
            message.Unlink();
            deadLetters.EnqueueSystem(cell.Self, message);
            message = next;
        }

        _queue.CleanUp(cell.Self, deadLetters.MessageQueue);
    }

    internal virtual void EnqueueSystem(IActorRef receiver, SystemMessage message)
    {
        Debug.Assert(message.Unlinked, "a system message is sent once");
        var head = Volatile.Read(ref _system);
        while (head != EndOfQueue)
        {
            message.Next = head;
            var seen = Interlocked.CompareExchange(ref _system, message, head);
            if (seen == head)
                return;
            head = seen;
        }

        message.Unlink();
        _cell!.SystemImpl.Mailboxes.DeadLetterMailbox.EnqueueSystem(receiver, message);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool CanBeScheduled(bool hasMessageHint, bool hasSystemMessageHint)
    {
        var status = Volatile.Read(ref _status);
        return status switch
        {
            0 => hasMessageHint || hasSystemMessageHint || HasSystemMessages || _queue.HasMessages,
            _ when (status & (ClosedBit | ScheduledBit)) != 0 => false,
            _ => hasSystemMessageHint || HasSystemMessages,
        };
    }

    internal bool SetScheduled()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & (ClosedBit | ScheduledBit)) != 0)
                return false;
            if (Interlocked.CompareExchange(ref _status, status | ScheduledBit, status) == status)
                return true;
        }
    }

    internal void SetIdle() => Interlocked.And(ref _status, ~ScheduledBit);

    internal void Suspend()
    {
        if (!IsClosed)
            Interlocked.Add(ref _status, SuspendUnit);
    }

    /// <summary>True if the actor may handle user messages again.</summary>
    internal bool Resume()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & ClosedBit) != 0)
                return false;
            var next = status < SuspendUnit ? status : status - SuspendUnit;
            if (Interlocked.CompareExchange(ref _status, next, status) == status)
                return next < SuspendUnit;
        }
    }

    internal int SuspendCount => Volatile.Read(ref _status) / SuspendUnit;

    internal void Close() => Interlocked.Or(ref _status, ClosedBit);

    internal void ProcessSystemMessages(ActorCell cell)
    {
        while (HasSystemMessages && !IsClosed)
        {
            var messages = InOrder(TakeSystemMessages());
            while (messages is not null)
            {
                var message = messages;
                messages = message.Next;
                message.Unlink();
                cell.SystemInvoke(message);
                if (IsClosed && messages is not null)
                {
                    ToDeadLetters(cell, messages);
                    return;
                }
            }
        }
    }

    static void ToDeadLetters(ActorCell cell, SystemMessage? messages)
    {
        var deadLetters = cell.SystemImpl.Mailboxes.DeadLetterMailbox;
        while (messages is not null)
        {
            var next = messages.Next;
            messages.Unlink();
            deadLetters.EnqueueSystem(cell.Self, messages);
            messages = next;
        }
    }

    void ProcessUserMessages(ActorCell cell)
    {
        var dispatcher = cell.Dispatcher;
        var left = Math.Max(dispatcher.Throughput, 1);
        var deadline = dispatcher.ThroughputDeadlineTime is { } ticks and > 0
            ? Environment.TickCount64 + ticks / TimeSpan.TicksPerMillisecond : long.MaxValue;
        while ((Volatile.Read(ref _status) & ~ScheduledBit) == 0 && _queue.TryDequeue(out var envelope))
        {
            cell.Invoke(envelope);
            if (Volatile.Read(ref _system) is not null)
                ProcessSystemMessages(cell);
            if (--left == 0 || (deadline != long.MaxValue && Environment.TickCount64 >= deadline))
                return;
            if (dispatcher.HandsOver && _queue.HasMessages)
                HandOver.Spill();
        }
    }

    SystemMessage? TakeSystemMessages()
    {
        while (true)
        {
            var head = Volatile.Read(ref _system);
            if (head is null || head == EndOfQueue)
                return null;
            if (Interlocked.CompareExchange(ref _system, null, head) == head)
                return head;
        }
    }

    static SystemMessage? InOrder(SystemMessage? newestFirst)
    {
        SystemMessage? oldestFirst = null;
        while (newestFirst is not null && newestFirst != EndOfQueue)
        {
            var next = newestFirst.Next;
            newestFirst.Next = oldestFirst;
            oldestFirst = newestFirst;
            newestFirst = next;
        }

        return oldestFirst;
    }

    sealed class NoMessage : SystemMessage;
}
