using System.Collections.Immutable;
using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    // A batch of events is in flight at most once; what is persisted meanwhile waits here and leaves as one batch.
    List<IPersistentEnvelope> _batch = [];
    bool _isWriteInProgress;
    long _sequenceNr;

    // One entry for each event on its way, in order. Those that stash commands are counted, so that the actor knows
    // when it may take commands again.
    readonly Queue<PendingHandler> _pending = new();
    int _pendingStashing;

    bool _asyncTaskRunning;

    /// <summary>Writes an event and calls the handler once it is durable; commands wait until then.</summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        Enqueue(@event!, new PendingHandler<TEvent>(handler, stashing: true));
    }

    /// <summary>Writes events together and calls the handler for each once they are durable; commands wait.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        EnqueueAll(events, new PendingHandler<TEvent>(handler, stashing: true));
    }

    /// <summary>Writes an event and calls the handler once it is durable; commands are taken meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        Enqueue(@event!, new PendingHandler<TEvent>(handler, stashing: false));
    }

    /// <summary>Writes events together and calls the handler for each; commands are taken meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        EnqueueAll(events, new PendingHandler<TEvent>(handler, stashing: false));
    }

    /// <summary>Calls the handler after those of every event persisted before, and writes nothing.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (_pending.Count == 0)
        {
            handler(evt);
            return;
        }
        _pending.Enqueue(new PendingHandler<TEvent>(handler, stashing: false));
        _batch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Runs an asynchronous part of a command; the next message is taken when it is done.</summary>
    protected void RunTask(Func<Task> action)
    {
        if (_asyncTaskRunning)
            throw new NotSupportedException("RunTask calls cannot be nested");
        ActorTaskScheduler.RunTask(() =>
        {
            var task = action();
            return task.IsCompleted ? task : FinishTask(task);
        });
    }

    async Task FinishTask(Task task)
    {
        _asyncTaskRunning = true;
        var failed = true;
        try
        {
            // The continuation runs under the actor's own scheduler: no ConfigureAwait(false) here.
            await task;
            failed = false;
        }
        finally
        {
            _asyncTaskRunning = false;
            CommandDone(failed);
        }
    }

    void RefuseWhileRecovering()
    {
        if (IsRecovering)
            throw new InvalidOperationException(
                "Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }

    void Enqueue(object @event, PendingHandler handler)
    {
        Expect(handler);
        _batch.Add(new AtomicWrite(Next(@event)));
    }

    void EnqueueAll<TEvent>(IEnumerable<TEvent> events, PendingHandler handler)
    {
        if (events is null)
            return;
        var persistents = ImmutableArray.CreateBuilder<IPersistentRepresentation>();
        foreach (var @event in events)
        {
            Expect(handler);
            persistents.Add(Next(@event!));
        }
        if (persistents.Count > 0)
            _batch.Add(new AtomicWrite(persistents.DrainToImmutable()));
    }

    void Expect(PendingHandler handler)
    {
        _pending.Enqueue(handler);
        if (handler.Stashing)
            _pendingStashing++;
    }

    Persistent Next(object @event) =>
        new(@event, ++_sequenceNr, PersistenceId, sender: Sender, writerGuid: _writerGuid);

    void FlushBatch()
    {
        if (_isWriteInProgress || _batch.Count == 0)
            return;
        Journal.Tell(new WriteMessages(_batch, Self, _instanceId), Self);
        _batch = [];
        _isWriteInProgress = true;
    }

    /// <summary>What to call when the oldest event on its way is durable.</summary>
    abstract class PendingHandler(bool stashing)
    {
        public readonly bool Stashing = stashing;

        public abstract void Invoke(object @event);
    }

    sealed class PendingHandler<TEvent>(Action<TEvent> handler, bool stashing) : PendingHandler(stashing)
    {
        public override void Invoke(object @event) => handler((TEvent)@event);
    }
}
