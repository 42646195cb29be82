using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    public override void AroundPreStart()
    {
        if (PersistenceId is null)
            throw new ArgumentNullException(
                nameof(PersistenceId), $"PersistenceId is [null] for PersistentActor [{Self.Path}]");
        // A plug-in that is missing or not configured fails here, not at the first event.
        _ = Journal;
        _ = SnapshotStore;
        RequestRecoveryPermit();
        base.AroundPreStart();
    }

    public override void AroundPreRestart(Exception cause, object? message)
    {
        StopRecoveryTimer();
        try
        {
            ReturnStashes();
        }
        finally
        {
            FlushBatch();
            base.AroundPreRestart(cause, message switch
            {
                WriteMessageSuccess success => success.Persistent,
                LoopMessageSuccess loop => loop.Message,
                ReplayedMessage replayed => replayed.Persistent,
                _ => message!,
            });
        }
    }

    public override void AroundPostRestart(Exception cause, object? message)
    {
        RequestRecoveryPermit();
        base.AroundPostRestart(cause, message!);
    }

    public override void AroundPostStop()
    {
        StopRecoveryTimer();
        try
        {
            ReturnStashes();
        }
        finally
        {
            base.AroundPostStop();
        }
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                return;
            case SaveSnapshotFailure failure:
                Log.Warning("Failed to SaveSnapshot given metadata [{0}] due to: [{1}]", failure.Metadata,
                    failure.Cause);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("Failed to DeleteSnapshot given metadata [{0}] due to: [{1}]", failure.Metadata,
                    failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Failed to DeleteSnapshots given criteria [{0}] due to: [{1}]", failure.Criteria,
                    failure.Cause);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning("Failed to DeleteMessages ToSequenceNr [{0}] for PersistenceId [{1}] due to: [{2}]",
                    failure.ToSequenceNr, PersistenceId, failure.Cause);
                break;
        }
        base.Unhandled(message);
    }

    void ReturnStashes()
    {
        _internalStash.UnstashAll();
        // Null when the actor's own constructor failed.
        _stash?.UnstashAll(UnstashFilterPredicate);
    }
}
