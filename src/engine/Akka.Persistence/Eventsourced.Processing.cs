using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    /// <summary>Where the actor stands; everything before <see cref="Processing"/> is recovery.</summary>
    enum Phase
    {
        WaitingForPermit,
        LoadingSnapshot,
        Replaying,

        /// <summary>Takes commands.</summary>
        Processing,

        /// <summary>Stashes commands until the events of <c>Persist</c> and <c>PersistAll</c> are durable.</summary>
        Persisting,
    }

    Phase _phase;

    protected internal override bool AroundReceive(Receive receive, object message)
    {
        switch (_phase)
        {
            case Phase.Processing:
                if (!HandleJournalResponse(message))
                    HandleCommand(receive, message);
                break;
            case Phase.Persisting:
                if (!HandleJournalResponse(message))
                    StashInternally(message);
                break;
            default:
                HandleRecovery(message);
                break;
        }
        return true;
    }

    void HandleCommand(Receive receive, object message)
    {
        var failed = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            CommandDone(failed);
        }
    }

    void CommandDone(bool failed)
    {
        FlushBatch();
        if (_asyncTaskRunning)
            return;
        if (_pendingStashing > 0)
            _phase = Phase.Persisting;
        else
            UnstashInternally(failed);
    }

    bool HandleJournalResponse(object message)
    {
        // An answer to an earlier incarnation of this actor is consumed and ignored: its handlers are gone.
        switch (message)
        {
            case WriteMessageSuccess success:
                if (success.ActorInstanceId == _instanceId)
                {
                    UpdateLastSequenceNr(success.Persistent);
                    ApplyHandler(success.Persistent.Payload);
                }
                return true;
            case LoopMessageSuccess loop:
                if (loop.ActorInstanceId == _instanceId)
                    ApplyHandler(loop.Message);
                return true;
            case WriteMessagesSuccessful:
                _isWriteInProgress = false;
                FlushBatch();
                return true;
            case WriteMessagesFailed failed:
                // With writes in it, a failure of each follows and stops the actor: nothing more may be sent.
                if (failed.WriteCount == 0)
                    _isWriteInProgress = false;
                return true;
            case WriteMessageRejected rejected:
                if (rejected.ActorInstanceId == _instanceId)
                {
                    UpdateLastSequenceNr(rejected.Persistent);
                    HandlerDone(failed: false);
                    OnPersistRejected(rejected.Cause, rejected.Persistent.Payload, rejected.Persistent.SequenceNr);
                }
                return true;
            case WriteMessageFailure failure:
                if (failure.ActorInstanceId == _instanceId)
                    StopAfterPersistFailure(failure);
                return true;
            case RecoveryTick:
                // Sent before the timer was cancelled.
                return true;
            default:
                return false;
        }
    }

    void StopAfterPersistFailure(WriteMessageFailure failure)
    {
        HandlerDone(failed: false);
        try
        {
            OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    void ApplyHandler(object @event)
    {
        var failed = true;
        try
        {
            _pending.Peek().Invoke(@event);
            failed = false;
        }
        finally
        {
            FlushBatch();
            HandlerDone(failed);
        }
    }

    void HandlerDone(bool failed)
    {
        if (_pending.Dequeue().Stashing)
            _pendingStashing--;
        if (_pendingStashing > 0)
        {
            // Also when the handler of a PersistAsync called Persist: its commands wait from here on.
            _phase = Phase.Persisting;
            return;
        }
        _phase = Phase.Processing;
        UnstashInternally(failed);
    }

    // One at a time: each command may persist, and then the rest has to stay. A failing command takes the actor down
    // or restarts it, so all go back to the mailbox.
    void UnstashInternally(bool all)
    {
        if (all)
            _internalStash.UnstashAll();
        else
            _internalStash.Unstash();
    }
}
