using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>An actor whose events a journal keeps.</summary>
public interface IPersistentIdentity
{
    /// <summary>Names the actor's events in the journal; unique, and the same for every incarnation.</summary>
    string PersistenceId { get; }

    /// <summary>The configuration path of the journal; null or empty for the default one.</summary>
    string? JournalPluginId { get; }

    /// <summary>The configuration path of the snapshot store; null or empty for the default one.</summary>
    string? SnapshotPluginId { get; }
}

/// <summary>
/// The base of every persistent actor. This part holds its identity and what it asks of its journal and snapshot
/// store; the other parts are its recovery, its life while it takes commands, and its persist operations.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceStash, IPersistenceRecovery
{
    /// <summary>What a user stash hands back when the actor stops: answers of the journal are not commands.</summary>
    public static readonly Func<Envelope, bool> UnstashFilterPredicate =
        envelope => envelope.Message is not (WriteMessageSuccess or ReplayedMessage);

    static int s_instances;

    readonly int _instanceId = Interlocked.Increment(ref s_instances);
    readonly string _writerGuid = Guid.NewGuid().ToString();
    readonly IStash _internalStash;
    IStash? _stash;
    IActorRef? _journal;
    IActorRef? _snapshotStore;

    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _internalStash = Context.CreateStash(GetType());
    }

    public abstract string PersistenceId { get; }

    public virtual Recovery Recovery => Recovery.Default;

    public virtual IStashOverflowStrategy InternalStashOverflowStrategy =>
        Extension.DefaultInternalStashOverflowStrategy;

    public string? JournalPluginId { get; protected set; }

    public string? SnapshotPluginId { get; protected set; }

    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    public string SnapshotterId => PersistenceId;

    public bool IsRecovering => _phase < Phase.Processing;

    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The highest sequence number whose event was replayed or is known to be written.</summary>
    public long LastSequenceNr { get; private set; }

    public long SnapshotSequenceNr => LastSequenceNr;

    public IStash Stash
    {
        get => _stash!;
        set => _stash = new InternalStashAwareStash(value, _internalStash);
    }

    protected PersistenceExtension Extension { get; }

    protected virtual ILoggingAdapter Log { get; } = Context.GetLogger();

    protected abstract bool ReceiveRecover(object message);

    protected abstract bool ReceiveCommand(object message);

    /// <summary>Asks for a snapshot; the answer is a <see cref="LoadSnapshotResult"/> or a failure.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr), Self);

    /// <summary>Saves the state after the last event; the answer is a success or a failure.</summary>
    public void SaveSnapshot(object snapshot) =>
        SnapshotStore.Tell(
            new SaveSnapshot(
                new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Context.System.Scheduler.Now.UtcDateTime),
                snapshot),
            Self);

    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(
            new DeleteSnapshot(
                new SnapshotMetadata(
                    SnapshotterId, sequenceNr, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc))),
            Self);

    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria), Self);

    /// <summary>Deletes the events up to a sequence number; <see cref="long.MaxValue"/> means all of them.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue)
            toSequenceNr = LastSequenceNr;
        if (toSequenceNr <= LastSequenceNr)
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self), Self);
        else
            Self.Tell(
                new DeleteMessagesFailure(
                    new InvalidOperationException(
                        $"toSequenceNr [{toSequenceNr}] must be less than or equal to LastSequenceNr " +
                        $"[{LastSequenceNr}]"),
                    toSequenceNr),
                Self);
    }

    /// <summary>The journal has replayed every event; <see cref="RecoveryCompleted"/> comes next.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>The recovery failed; the actor is stopped afterwards. A handler's event comes along.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
            Log.Error(reason, "Persistence failure when replaying events for persistenceId [{0}]. " +
                "Last known sequence number [{1}]", PersistenceId, LastSequenceNr);
        else
            Log.Error(reason, "Exception in ReceiveRecover when replaying event type [{0}] with sequence number " +
                "[{1}] for persistenceId [{2}]", message.GetType(), LastSequenceNr, PersistenceId);
    }

    /// <summary>An event may not have been written; the actor is stopped afterwards.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].",
            @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>The journal refused an event before it wrote anything; the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] " +
            "due to [{3}].", @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    void UpdateLastSequenceNr(IPersistentRepresentation persistent)
    {
        if (persistent.SequenceNr > LastSequenceNr)
            LastSequenceNr = persistent.SequenceNr;
    }

    void StashInternally(object message)
    {
        try
        {
            _internalStash.Stash();
        }
        catch (StashOverflowException)
        {
            switch (InternalStashOverflowStrategy)
            {
                case DiscardToDeadLetterStrategy:
                    Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                    break;
                case ReplyToStrategy reply:
                    Sender.Tell(reply.Response, Self);
                    break;
                default:
                    throw;
            }
        }
    }

    /// <summary>
    /// The stash that the user sees. Commands that were stashed internally come back one at a time, so what the user
    /// unstashes goes to the head of the internal stash: straight to the mailbox it would overtake or be overtaken.
    /// </summary>
    sealed class InternalStashAwareStash(IStash user, IStash @internal) : IStash
    {
        public int Count => user.Count;

        public bool IsEmpty => user.IsEmpty;

        public bool NonEmpty => user.NonEmpty;

        public bool IsFull => user.IsFull;

        public int Capacity => user.Capacity;

        public void Stash() => user.Stash();

        public void Unstash() => user.Unstash();

        public void UnstashAll() => @internal.Prepend(ClearStash());

        public void UnstashAll(Func<Envelope, bool> predicate) => user.UnstashAll(predicate);

        public IEnumerable<Envelope> ClearStash() => user.ClearStash();

        public void Prepend(IEnumerable<Envelope> envelopes) => user.Prepend(envelopes);
    }
}
