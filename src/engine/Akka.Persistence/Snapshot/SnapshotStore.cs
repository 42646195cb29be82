using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence.Snapshot;

/// <summary>The base of a snapshot store plug-in.</summary>
public abstract class SnapshotStore : ActorBase
{
    readonly PluginBreaker _breaker;
    readonly bool _publish;

    protected SnapshotStore()
    {
        var extension = Persistence.Instance.Apply(Context.System);
        _publish = extension.Settings.Internal.PublishPluginCommands;
        _breaker = new PluginBreaker(
            Context.System.Scheduler, $"Snapshot store [{Self.Path.Name}]", extension.PluginOf(Self).Config);
    }

    protected sealed override bool Receive(object message) => ReceiveRequest(message) || ReceivePluginInternal(message);

    /// <summary>The latest snapshot that the criteria allow; null when there is none.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Saves a snapshot; one of the same id and sequence number is replaced.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes one snapshot, if it is there.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes every snapshot of an id that the criteria allow.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Handles what is not part of the snapshot protocol, and sees the outcome of saves and deletes.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    bool ReceiveRequest(object message)
    {
        switch (message)
        {
            case LoadSnapshot load:
                _ = Load(load, Sender, Self);
                return true;
            case SaveSnapshot save:
                _ = Save(save, Sender, Self);
                return true;
            case DeleteSnapshot delete:
                _ = Delete(delete, Context.System.EventStream, Sender, Self);
                return true;
            case DeleteSnapshots delete:
                _ = Delete(delete, Context.System.EventStream, Sender, Self);
                return true;
            // The outcomes come by here, so that the plug-in sees them, and go on to whoever asked.
            case SaveSnapshotFailure failure:
                PassOn(failure);
                // What a failed save may have left behind must not be offered to a recovery.
                _ = _breaker.Run((this, failure), static s => Completed(s.Item1.DeleteAsync(s.failure.Metadata)));
                return true;
            case SaveSnapshotSuccess or DeleteSnapshotSuccess or DeleteSnapshotFailure or DeleteSnapshotsSuccess
                or DeleteSnapshotsFailure:
                PassOn(message);
                return true;
            default:
                return false;
        }
    }

    void PassOn(object response)
    {
        try
        {
            ReceivePluginInternal(response);
        }
        finally
        {
            Sender.Tell(response, Self);
        }
    }

    async Task Load(LoadSnapshot request, IActorRef sender, IActorRef self)
    {
        if (request.Criteria.Equals(SnapshotSelectionCriteria.None))
        {
            sender.Tell(new LoadSnapshotResult(null, request.ToSequenceNr), self);
            return;
        }
        object response;
        try
        {
            var selected = await _breaker.Run(
                    (this, request),
                    static s => s.Item1.LoadAsync(
                        s.request.PersistenceId, s.request.Criteria.Limit(s.request.ToSequenceNr)))
                .ConfigureAwait(false);
            response = new LoadSnapshotResult(selected, request.ToSequenceNr);
        }
        catch (Exception e)
        {
            response = new LoadSnapshotFailed(e);
        }
        sender.Tell(response, self);
    }

    async Task Save(SaveSnapshot request, IActorRef sender, IActorRef self)
    {
        var metadata = request.Metadata.Timestamp == DateTime.MinValue
            ? new SnapshotMetadata(request.Metadata.PersistenceId, request.Metadata.SequenceNr, DateTime.UtcNow)
            : request.Metadata;
        object response;
        try
        {
            await _breaker.Run(
                    (this, metadata, request.Snapshot),
                    static s => Completed(s.Item1.SaveAsync(s.metadata, s.Snapshot)))
                .ConfigureAwait(false);
            response = new SaveSnapshotSuccess(metadata);
        }
        catch (Exception e)
        {
            response = new SaveSnapshotFailure(request.Metadata, e);
        }
        self.Tell(response, sender);
    }

    async Task Delete(DeleteSnapshot request, EventStream events, IActorRef sender, IActorRef self)
    {
        object response;
        try
        {
            await _breaker.Run((this, request), static s => Completed(s.Item1.DeleteAsync(s.request.Metadata)))
                .ConfigureAwait(false);
            response = new DeleteSnapshotSuccess(request.Metadata);
        }
        catch (Exception e)
        {
            response = new DeleteSnapshotFailure(request.Metadata, e);
        }
        Answer(response, request, events, sender, self);
    }

    async Task Delete(DeleteSnapshots request, EventStream events, IActorRef sender, IActorRef self)
    {
        object response;
        try
        {
            await _breaker.Run(
                    (this, request),
                    static s => Completed(s.Item1.DeleteAsync(s.request.PersistenceId, s.request.Criteria)))
                .ConfigureAwait(false);
            response = new DeleteSnapshotsSuccess(request.Criteria);
        }
        catch (Exception e)
        {
            response = new DeleteSnapshotsFailure(request.Criteria, e);
        }
        Answer(response, request, events, sender, self);
    }

    void Answer(object response, object request, EventStream events, IActorRef sender, IActorRef self)
    {
        self.Tell(response, sender);
        if (_publish)
            events.Publish(request);
    }

    static async Task<bool> Completed(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
