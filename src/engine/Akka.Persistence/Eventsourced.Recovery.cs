using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    ICancelable? _recoveryTimer;
    TimeSpan _recoveryTimeout;
    Recovery? _recovery;
    Receive? _receiveRecover;
    bool _eventSeen;

    void RequestRecoveryPermit()
    {
        _phase = Phase.WaitingForPermit;
        _recovery = Recovery;
        _receiveRecover = ReceiveRecover;
        _recoveryTimeout = Extension.RecoveryEventTimeout(JournalPluginId);
        Extension.RecoveryPermitter.Tell(Akka.Persistence.RequestRecoveryPermit.Instance, Self);
    }

    void ReturnRecoveryPermit() =>
        Extension.RecoveryPermitter.Tell(Akka.Persistence.ReturnRecoveryPermit.Instance, Self);

    void HandleRecovery(object message)
    {
        if (_phase == Phase.WaitingForPermit)
        {
            if (message is RecoveryPermitGranted)
                StartRecovery();
            else
                StashInternally(message);
            return;
        }
        try
        {
            if (_phase == Phase.LoadingSnapshot)
                LoadingSnapshot(message);
            else
                Replaying(message);
        }
        catch
        {
            StopRecoveryTimer();
            ReturnRecoveryPermit();
            throw;
        }
    }

    void StartRecovery()
    {
        _phase = Phase.LoadingSnapshot;
        _recoveryTimer = Context.System.Scheduler.ScheduleTellOnceCancelable(
            _recoveryTimeout, Self, new RecoveryTick(snapshot: true), Self);
        LoadSnapshot(SnapshotterId, _recovery!.FromSnapshot, _recovery.ToSequenceNr);
    }

    void LoadingSnapshot(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult result:
                StopRecoveryTimer();
                if (result.Snapshot is null || OfferSnapshot(result.Snapshot))
                    StartReplay(result.ToSequenceNr);
                break;
            case LoadSnapshotFailed failed:
                FailRecovery(failed.Cause, null);
                break;
            case RecoveryTick { Snapshot: true }:
                FailRecovery(
                    new RecoveryTimedOutException(
                        $"Recovery timed out, didn't get snapshot within {_recoveryTimeout.TotalSeconds}s."),
                    null);
                break;
            default:
                StashInternally(message);
                break;
        }
    }

    bool OfferSnapshot(SelectedSnapshot selected)
    {
        var before = LastSequenceNr;
        var offer = new SnapshotOffer(selected.Metadata, selected.Snapshot);
        try
        {
            LastSequenceNr = selected.Metadata.SequenceNr;
            if (!base.AroundReceive(_receiveRecover!, offer))
                LastSequenceNr = before;
            return true;
        }
        catch (Exception cause)
        {
            FailRecovery(cause, null);
            return false;
        }
    }

    void StartReplay(long toSequenceNr)
    {
        _phase = Phase.Replaying;
        _eventSeen = false;
        _recoveryTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            _recoveryTimeout, _recoveryTimeout, Self, new RecoveryTick(snapshot: false), Self);
        Journal.Tell(
            new ReplayMessages(LastSequenceNr + 1, toSequenceNr, _recovery!.ReplayMax, PersistenceId, Self), Self);
    }

    void Replaying(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                Replay(replayed.Persistent);
                break;
            case RecoverySuccess success:
                CompleteRecovery(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failure:
                FailRecovery(failure.Cause, null);
                break;
            case RecoveryTick { Snapshot: true }:
                break;
            case RecoveryTick when _eventSeen:
                _eventSeen = false;
                break;
            case RecoveryTick:
                FailRecovery(
                    new RecoveryTimedOutException(
                        $"Recovery timed out, didn't get event within {_recoveryTimeout.TotalSeconds}s, " +
                        $"highest sequence number seen {LastSequenceNr}."),
                    null);
                break;
            default:
                StashInternally(message);
                break;
        }
    }

    void Replay(IPersistentRepresentation persistent)
    {
        _eventSeen = true;
        try
        {
            UpdateLastSequenceNr(persistent);
            base.AroundReceive(_receiveRecover!, persistent.Payload);
        }
        catch (Exception cause)
        {
            FailRecovery(cause, persistent.Payload);
        }
    }

    void CompleteRecovery(long highestSequenceNr)
    {
        StopRecoveryTimer();
        OnReplaySuccess();
        LastSequenceNr = _sequenceNr = Math.Max(highestSequenceNr, LastSequenceNr);
        _phase = Phase.Processing;
        try
        {
            base.AroundReceive(_receiveRecover!, RecoveryCompleted.Instance);
        }
        finally
        {
            // Also after an exception that the supervisor answers with Resume.
            FlushBatch();
            if (_pendingStashing > 0)
                _phase = Phase.Persisting;
            else
                _internalStash.UnstashAll();
        }
        ReturnRecoveryPermit();
    }

    void FailRecovery(Exception cause, object? message)
    {
        StopRecoveryTimer();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
        ReturnRecoveryPermit();
    }

    void StopRecoveryTimer()
    {
        _recoveryTimer?.Cancel();
        _recoveryTimer = null;
    }
}
