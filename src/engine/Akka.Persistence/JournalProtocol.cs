using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>Any message between a persistent actor and its journal or snapshot store.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>A message to or from a journal.</summary>
public interface IJournalMessage : IPersistenceMessage;

/// <summary>A message to a journal.</summary>
public interface IJournalRequest : IJournalMessage;

/// <summary>A message from a journal.</summary>
public interface IJournalResponse : IJournalMessage;

/// <summary>Asks a journal to write events and to answer to <see cref="PersistentActor"/>.</summary>
public sealed class WriteMessages(
    IEnumerable<IPersistentEnvelope> messages, IActorRef persistentActor, int actorInstanceId)
    : IJournalRequest, IEquatable<WriteMessages>
{
    public IEnumerable<IPersistentEnvelope> Messages { get; } = messages;

    public IActorRef PersistentActor { get; } = persistentActor;

    /// <summary>Tells the incarnations of one actor apart: an answer to an earlier one is ignored.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessages? other) =>
        other is not null
        && (Messages, PersistentActor, ActorInstanceId)
            .Equals((other.Messages, other.PersistentActor, other.ActorInstanceId));

    public override bool Equals(object? obj) => Equals(obj as WriteMessages);

    public override int GetHashCode() => HashCode.Combine(Messages, PersistentActor, ActorInstanceId);

    public override string ToString() => $"WriteMessages<actor: {PersistentActor}, instance: {ActorInstanceId}>";
}

/// <summary>The first answer to <see cref="WriteMessages"/> when the journal took them.</summary>
public sealed class WriteMessagesSuccessful : IJournalResponse
{
    WriteMessagesSuccessful()
    {
    }

    public static WriteMessagesSuccessful Instance { get; } = new();
}

/// <summary>
/// The first answer to <see cref="WriteMessages"/> when nothing of it may be taken for written. A
/// <see cref="WriteMessageFailure"/> for each event follows.
/// </summary>
public sealed class WriteMessagesFailed(Exception cause, int writeCount)
    : IJournalResponse, IEquatable<WriteMessagesFailed>
{
    public Exception Cause { get; } = cause;

    /// <summary>How many atomic writes the request held.</summary>
    public int WriteCount { get; } = writeCount;

    public bool Equals(WriteMessagesFailed? other) =>
        other is not null && (Cause, WriteCount).Equals((other.Cause, other.WriteCount));

    public override bool Equals(object? obj) => Equals(obj as WriteMessagesFailed);

    public override int GetHashCode() => HashCode.Combine(Cause, WriteCount);

    public override string ToString() => $"WriteMessagesFailed<writes: {WriteCount}, cause: {Cause.Message}>";
}

/// <summary>One event is durable.</summary>
public sealed class WriteMessageSuccess(IPersistentRepresentation persistent, int actorInstanceId)
    : IJournalResponse, IEquatable<WriteMessageSuccess>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessageSuccess? other) =>
        other is not null && (Persistent, ActorInstanceId).Equals((other.Persistent, other.ActorInstanceId));

    public override bool Equals(object? obj) => Equals(obj as WriteMessageSuccess);

    public override int GetHashCode() => HashCode.Combine(Persistent, ActorInstanceId);

    public override string ToString() => $"WriteMessageSuccess<{Persistent}>";
}

/// <summary>The journal refused one event, for example because it can't be serialised; nothing was written.</summary>
public sealed class WriteMessageRejected(IPersistentRepresentation persistent, Exception cause, int actorInstanceId)
    : IJournalResponse, IEquatable<WriteMessageRejected>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public Exception Cause { get; } = cause;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessageRejected? other) =>
        other is not null
        && (Persistent, Cause, ActorInstanceId).Equals((other.Persistent, other.Cause, other.ActorInstanceId));

    public override bool Equals(object? obj) => Equals(obj as WriteMessageRejected);

    public override int GetHashCode() => HashCode.Combine(Persistent, Cause, ActorInstanceId);

    public override string ToString() => $"WriteMessageRejected<{Persistent}, cause: {Cause.Message}>";
}

/// <summary>One event may or may not be written; the actor that wrote it is stopped.</summary>
public sealed class WriteMessageFailure(IPersistentRepresentation persistent, Exception cause, int actorInstanceId)
    : IJournalResponse, IEquatable<WriteMessageFailure>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public Exception Cause { get; } = cause;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessageFailure? other) =>
        other is not null
        && (Persistent, Cause, ActorInstanceId).Equals((other.Persistent, other.Cause, other.ActorInstanceId));

    public override bool Equals(object? obj) => Equals(obj as WriteMessageFailure);

    public override int GetHashCode() => HashCode.Combine(Persistent, Cause, ActorInstanceId);

    public override string ToString() => $"WriteMessageFailure<{Persistent}, cause: {Cause.Message}>";
}

/// <summary>A deferred event comes back in its place between the written ones.</summary>
public sealed class LoopMessageSuccess(object message, int actorInstanceId)
    : IJournalResponse, IEquatable<LoopMessageSuccess>
{
    public object Message { get; } = message;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(LoopMessageSuccess? other) =>
        other is not null && (Message, ActorInstanceId).Equals((other.Message, other.ActorInstanceId));

    public override bool Equals(object? obj) => Equals(obj as LoopMessageSuccess);

    public override int GetHashCode() => HashCode.Combine(Message, ActorInstanceId);

    public override string ToString() => $"LoopMessageSuccess<{Message}>";
}

/// <summary>Asks a journal for the events of one actor, in order, and for its highest sequence number.</summary>
public sealed class ReplayMessages(
    long fromSequenceNr, long toSequenceNr, long max, string persistenceId, IActorRef persistentActor)
    : IJournalRequest, IEquatable<ReplayMessages>
{
    public long FromSequenceNr { get; } = fromSequenceNr;

    public long ToSequenceNr { get; } = toSequenceNr;

    public long Max { get; } = max;

    public string PersistenceId { get; } = persistenceId;

    public IActorRef PersistentActor { get; } = persistentActor;

    public bool Equals(ReplayMessages? other) =>
        other is not null
        && (FromSequenceNr, ToSequenceNr, Max, PersistenceId, PersistentActor)
            .Equals((other.FromSequenceNr, other.ToSequenceNr, other.Max, other.PersistenceId, other.PersistentActor));

    public override bool Equals(object? obj) => Equals(obj as ReplayMessages);

    public override int GetHashCode() =>
        HashCode.Combine(FromSequenceNr, ToSequenceNr, Max, PersistenceId, PersistentActor);

    public override string ToString() =>
        $"ReplayMessages<pid: {PersistenceId}, from: {FromSequenceNr}, to: {ToSequenceNr}, max: {Max}>";
}

/// <summary>One event on its way back to its actor.</summary>
public sealed class ReplayedMessage(IPersistentRepresentation persistent)
    : IJournalResponse, IDeadLetterSuppression, IEquatable<ReplayedMessage>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public bool Equals(ReplayedMessage? other) => other is not null && Persistent.Equals(other.Persistent);

    public override bool Equals(object? obj) => Equals(obj as ReplayedMessage);

    public override int GetHashCode() => Persistent.GetHashCode();

    public override string ToString() => $"ReplayedMessage<{Persistent}>";
}

/// <summary>The replay is over.</summary>
public sealed class RecoverySuccess(long highestSequenceNr)
    : IJournalResponse, IDeadLetterSuppression, IEquatable<RecoverySuccess>
{
    /// <summary>The highest number that the journal ever gave out, also when its event has been deleted.</summary>
    public long HighestSequenceNr { get; } = highestSequenceNr;

    public bool Equals(RecoverySuccess? other) => other is not null && HighestSequenceNr == other.HighestSequenceNr;

    public override bool Equals(object? obj) => Equals(obj as RecoverySuccess);

    public override int GetHashCode() => HighestSequenceNr.GetHashCode();

    public override string ToString() => $"RecoverySuccess<highest: {HighestSequenceNr}>";
}

/// <summary>The replay failed; the actor is stopped.</summary>
public sealed class ReplayMessagesFailure(Exception cause)
    : IJournalResponse, IDeadLetterSuppression, IEquatable<ReplayMessagesFailure>
{
    public Exception Cause { get; } = cause;

    public bool Equals(ReplayMessagesFailure? other) => other is not null && Equals(Cause, other.Cause);

    public override bool Equals(object? obj) => Equals(obj as ReplayMessagesFailure);

    public override int GetHashCode() => Cause.GetHashCode();

    public override string ToString() => $"ReplayMessagesFailure<{Cause.Message}>";
}

/// <summary>Asks a journal to delete an actor's events up to and including a sequence number.</summary>
public sealed class DeleteMessagesTo(string persistenceId, long toSequenceNr, IActorRef persistentActor)
    : IJournalRequest, IEquatable<DeleteMessagesTo>
{
    public string PersistenceId { get; } = persistenceId;

    public long ToSequenceNr { get; } = toSequenceNr;

    public IActorRef PersistentActor { get; } = persistentActor;

    public bool Equals(DeleteMessagesTo? other) =>
        other is not null
        && (PersistenceId, ToSequenceNr, PersistentActor)
            .Equals((other.PersistenceId, other.ToSequenceNr, other.PersistentActor));

    public override bool Equals(object? obj) => Equals(obj as DeleteMessagesTo);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, ToSequenceNr, PersistentActor);

    public override string ToString() => $"DeleteMessagesTo<pid: {PersistenceId}, to: {ToSequenceNr}>";
}

/// <summary>The events up to <see cref="ToSequenceNr"/> are deleted.</summary>
public sealed class DeleteMessagesSuccess(long toSequenceNr) : IEquatable<DeleteMessagesSuccess>
{
    public long ToSequenceNr { get; } = toSequenceNr;

    public bool Equals(DeleteMessagesSuccess? other) => other is not null && ToSequenceNr == other.ToSequenceNr;

    public override bool Equals(object? obj) => Equals(obj as DeleteMessagesSuccess);

    public override int GetHashCode() => ToSequenceNr.GetHashCode();

    public override string ToString() => $"DeleteMessagesSuccess<to: {ToSequenceNr}>";
}

/// <summary>Nothing, or not everything, up to <see cref="ToSequenceNr"/> has been deleted.</summary>
public sealed class DeleteMessagesFailure(Exception cause, long toSequenceNr)
    : INoSerializationVerificationNeeded, IEquatable<DeleteMessagesFailure>
{
    public Exception Cause { get; } = cause;

    public long ToSequenceNr { get; } = toSequenceNr;

    public bool Equals(DeleteMessagesFailure? other) =>
        other is not null && (Cause, ToSequenceNr).Equals((other.Cause, other.ToSequenceNr));

    public override bool Equals(object? obj) => Equals(obj as DeleteMessagesFailure);

    public override int GetHashCode() => HashCode.Combine(Cause, ToSequenceNr);

    public override string ToString() => $"DeleteMessagesFailure<to: {ToSequenceNr}, cause: {Cause.Message}>";
}
