using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What a persistent actor hands to its journal: events to write, or one that only passes through.</summary>
public interface IPersistentEnvelope
{
    object Payload { get; }

    IActorRef? Sender { get; }

    /// <summary>How many events it holds.</summary>
    int Size { get; }
}

/// <summary>An event with what the journal keeps beside it.</summary>
public interface IPersistentRepresentation : Serialization.IMessage
{
    object Payload { get; }

    /// <summary>The event adapter's manifest; empty when there is none.</summary>
    string Manifest { get; }

    string PersistenceId { get; }

    long SequenceNr { get; }

    /// <summary>Ticks of the write; 0 before it.</summary>
    long Timestamp { get; }

    /// <summary>Tells writers of one id apart; the replay filter goes by it.</summary>
    string WriterGuid { get; }

    bool IsDeleted { get; }

    IActorRef? Sender { get; }

    IPersistentRepresentation WithPayload(object payload);

    IPersistentRepresentation WithManifest(string manifest);

    IPersistentRepresentation WithTimestamp(long timestamp);

    IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid);
}

/// <inheritdoc cref="IPersistentRepresentation"/>
public class Persistent : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    public Persistent(
        object payload, long sequenceNr = 0L, string? persistenceId = null, string? manifest = null,
        bool isDeleted = false, IActorRef? sender = null, string? writerGuid = null, long timestamp = 0L)
    {
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    public static string Undefined { get; } = string.Empty;

    public object Payload { get; }

    public string Manifest { get; }

    public string PersistenceId { get; }

    public long SequenceNr { get; }

    public long Timestamp { get; }

    public bool IsDeleted { get; }

    public IActorRef? Sender { get; }

    public string WriterGuid { get; }

    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithManifest(string manifest) =>
        manifest == Manifest
            ? this
            : new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithTimestamp(long timestamp) =>
        timestamp == Timestamp
            ? this
            : new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, timestamp);

    public IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    /// <summary>Equal in everything but the time of the write.</summary>
    public bool Equals(IPersistentRepresentation? other) =>
        other is not null
        && SequenceNr == other.SequenceNr && IsDeleted == other.IsDeleted
        && PersistenceId == other.PersistenceId && Manifest == other.Manifest && WriterGuid == other.WriterGuid
        && Equals(Payload, other.Payload) && Equals(Sender, other.Sender);

    public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, WriterGuid, Payload);

    public override string ToString() =>
        $"Persistent<pid: {PersistenceId}, seqNr: {SequenceNr}, manifest: {Manifest}, payload: {Payload}>";
}

/// <summary>Events of one actor that are written together or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope, Serialization.IMessage
{
    // Nearly every write holds one event: the list that the public property promises is made when asked for.
    readonly IPersistentRepresentation? _single;
    IImmutableList<IPersistentRepresentation>? _events;

    public AtomicWrite(IPersistentRepresentation @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        _single = @event;
        Size = 1;
        PersistenceId = @event.PersistenceId;
        LowestSequenceNr = HighestSequenceNr = @event.SequenceNr;
    }

    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Count == 0)
            throw new ArgumentException("An atomic write holds at least one event.", nameof(payload));
        var first = payload[0];
        foreach (var persistent in payload)
            if (persistent.PersistenceId != first.PersistenceId)
                throw new ArgumentException(
                    $"An atomic write holds the events of one id, not of '{first.PersistenceId}' and " +
                    $"'{persistent.PersistenceId}'.", nameof(payload));
        _events = payload;
        Size = payload.Count;
        PersistenceId = first.PersistenceId;
        LowestSequenceNr = first.SequenceNr;
        HighestSequenceNr = payload[^1].SequenceNr;
    }

    /// <summary>The events, an <see cref="IImmutableList{T}"/> of <see cref="IPersistentRepresentation"/>.</summary>
    public object Payload => _events ??= ImmutableArray.Create(_single!);

    public IActorRef? Sender => ActorRefs.NoSender;

    public int Size { get; }

    public string PersistenceId { get; }

    public long LowestSequenceNr { get; }

    public long HighestSequenceNr { get; }

    public bool Equals(AtomicWrite? other)
    {
        if (other is null || Size != other.Size)
            return false;
        for (var i = 0; i < Size; i++)
            if (!this[i].Equals(other[i]))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as AtomicWrite);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, LowestSequenceNr, HighestSequenceNr);

    public override string ToString() =>
        $"AtomicWrite<pid: {PersistenceId}, seqNr: {LowestSequenceNr}..{HighestSequenceNr}>";

    internal IPersistentRepresentation this[int index] => _single ?? _events![index];
}

/// <summary>An event that is not written but keeps its place among those that are.</summary>
sealed class NonPersistentMessage(object payload, IActorRef? sender) : IPersistentEnvelope
{
    public object Payload => payload;

    public IActorRef? Sender => sender;

    public int Size => 1;
}
