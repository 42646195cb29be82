namespace Akka.Persistence;

/// <summary>A message to or from a snapshot store.</summary>
public interface ISnapshotMessage : IPersistenceMessage;

/// <summary>A message to a snapshot store.</summary>
public interface ISnapshotRequest : ISnapshotMessage;

/// <summary>A message from a snapshot store.</summary>
public interface ISnapshotResponse : ISnapshotMessage;

/// <summary>Asks a snapshot store to keep a snapshot; one of the same id and sequence number is replaced.</summary>
public sealed class SaveSnapshot(SnapshotMetadata metadata, object snapshot)
    : ISnapshotRequest, IEquatable<SaveSnapshot>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public object Snapshot { get; } = snapshot;

    public bool Equals(SaveSnapshot? other) =>
        other is not null && (Metadata, Snapshot).Equals((other.Metadata, other.Snapshot));

    public override bool Equals(object? obj) => Equals(obj as SaveSnapshot);

    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);

    public override string ToString() => $"SaveSnapshot<{Metadata}>";
}

/// <summary>The snapshot is durable.</summary>
public sealed class SaveSnapshotSuccess(SnapshotMetadata metadata)
    : ISnapshotResponse, IEquatable<SaveSnapshotSuccess>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public bool Equals(SaveSnapshotSuccess? other) => other is not null && Equals(Metadata, other.Metadata);

    public override bool Equals(object? obj) => Equals(obj as SaveSnapshotSuccess);

    public override int GetHashCode() => HashCode.Combine(Metadata);

    public override string ToString() => $"SaveSnapshotSuccess<{Metadata}>";
}

/// <summary>The snapshot has not been kept.</summary>
public sealed class SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause)
    : ISnapshotResponse, IEquatable<SaveSnapshotFailure>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public Exception Cause { get; } = cause;

    public bool Equals(SaveSnapshotFailure? other) =>
        other is not null && (Metadata, Cause).Equals((other.Metadata, other.Cause));

    public override bool Equals(object? obj) => Equals(obj as SaveSnapshotFailure);

    public override int GetHashCode() => HashCode.Combine(Metadata, Cause);

    public override string ToString() => $"SaveSnapshotFailure<{Metadata}, cause: {Cause.Message}>";
}

/// <summary>Asks a snapshot store for the latest snapshot that the criteria and the sequence number allow.</summary>
public sealed class LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr)
    : ISnapshotRequest, IEquatable<LoadSnapshot>
{
    public string PersistenceId { get; } = persistenceId;

    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    public long ToSequenceNr { get; } = toSequenceNr;

    public bool Equals(LoadSnapshot? other) =>
        other is not null
        && (PersistenceId, Criteria, ToSequenceNr).Equals((other.PersistenceId, other.Criteria, other.ToSequenceNr));

    public override bool Equals(object? obj) => Equals(obj as LoadSnapshot);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, Criteria, ToSequenceNr);

    public override string ToString() => $"LoadSnapshot<pid: {PersistenceId}, to: {ToSequenceNr}, {Criteria}>";
}

/// <summary>The snapshot that was asked for; null when there is none.</summary>
public sealed class LoadSnapshotResult(SelectedSnapshot? snapshot, long toSequenceNr)
    : ISnapshotResponse, IEquatable<LoadSnapshotResult>
{
    public SelectedSnapshot? Snapshot { get; } = snapshot;

    public long ToSequenceNr { get; } = toSequenceNr;

    public bool Equals(LoadSnapshotResult? other) =>
        other is not null && (Snapshot, ToSequenceNr).Equals((other.Snapshot, other.ToSequenceNr));

    public override bool Equals(object? obj) => Equals(obj as LoadSnapshotResult);

    public override int GetHashCode() => HashCode.Combine(Snapshot, ToSequenceNr);

    public override string ToString() => $"LoadSnapshotResult<{Snapshot}, to: {ToSequenceNr}>";
}

/// <summary>The snapshot store could not look for a snapshot, or could not read the one that it found.</summary>
public sealed class LoadSnapshotFailed(Exception cause) : ISnapshotResponse
{
    public Exception Cause { get; } = cause;

    public override bool Equals(object? obj) => obj is LoadSnapshotFailed other && Equals(Cause, other.Cause);

    public override int GetHashCode() => Cause.GetHashCode();

    public override string ToString() => $"LoadSnapshotFailed<{Cause.Message}>";
}

/// <summary>Asks a snapshot store to delete one snapshot.</summary>
public sealed class DeleteSnapshot(SnapshotMetadata metadata)
    : ISnapshotRequest, IEquatable<DeleteSnapshot>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public bool Equals(DeleteSnapshot? other) => other is not null && Equals(Metadata, other.Metadata);

    public override bool Equals(object? obj) => Equals(obj as DeleteSnapshot);

    public override int GetHashCode() => HashCode.Combine(Metadata);

    public override string ToString() => $"DeleteSnapshot<{Metadata}>";
}

/// <summary>The snapshot is deleted.</summary>
public sealed class DeleteSnapshotSuccess(SnapshotMetadata metadata)
    : ISnapshotResponse, IEquatable<DeleteSnapshotSuccess>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public bool Equals(DeleteSnapshotSuccess? other) => other is not null && Equals(Metadata, other.Metadata);

    public override bool Equals(object? obj) => Equals(obj as DeleteSnapshotSuccess);

    public override int GetHashCode() => HashCode.Combine(Metadata);

    public override string ToString() => $"DeleteSnapshotSuccess<{Metadata}>";
}

/// <summary>The snapshot has not been deleted.</summary>
public sealed class DeleteSnapshotFailure(SnapshotMetadata metadata, Exception cause)
    : ISnapshotResponse, IEquatable<DeleteSnapshotFailure>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public Exception Cause { get; } = cause;

    public bool Equals(DeleteSnapshotFailure? other) =>
        other is not null && (Metadata, Cause).Equals((other.Metadata, other.Cause));

    public override bool Equals(object? obj) => Equals(obj as DeleteSnapshotFailure);

    public override int GetHashCode() => HashCode.Combine(Metadata, Cause);

    public override string ToString() => $"DeleteSnapshotFailure<{Metadata}, cause: {Cause.Message}>";
}

/// <summary>Asks a snapshot store to delete every snapshot of an id that matches the criteria.</summary>
public sealed class DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria)
    : ISnapshotRequest, IEquatable<DeleteSnapshots>
{
    public string PersistenceId { get; } = persistenceId;

    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    public bool Equals(DeleteSnapshots? other) =>
        other is not null && (PersistenceId, Criteria).Equals((other.PersistenceId, other.Criteria));

    public override bool Equals(object? obj) => Equals(obj as DeleteSnapshots);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, Criteria);

    public override string ToString() => $"DeleteSnapshots<pid: {PersistenceId}, {Criteria}>";
}

/// <summary>The snapshots are deleted.</summary>
public sealed class DeleteSnapshotsSuccess(SnapshotSelectionCriteria criteria)
    : ISnapshotResponse, IEquatable<DeleteSnapshotsSuccess>
{
    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    public bool Equals(DeleteSnapshotsSuccess? other) => other is not null && Equals(Criteria, other.Criteria);

    public override bool Equals(object? obj) => Equals(obj as DeleteSnapshotsSuccess);

    public override int GetHashCode() => HashCode.Combine(Criteria);

    public override string ToString() => $"DeleteSnapshotsSuccess<{Criteria}>";
}

/// <summary>The snapshots have not all been deleted.</summary>
public sealed class DeleteSnapshotsFailure(SnapshotSelectionCriteria criteria, Exception cause)
    : ISnapshotResponse, IEquatable<DeleteSnapshotsFailure>
{
    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    public Exception Cause { get; } = cause;

    public bool Equals(DeleteSnapshotsFailure? other) =>
        other is not null && (Criteria, Cause).Equals((other.Criteria, other.Cause));

    public override bool Equals(object? obj) => Equals(obj as DeleteSnapshotsFailure);

    public override int GetHashCode() => HashCode.Combine(Criteria, Cause);

    public override string ToString() => $"DeleteSnapshotsFailure<{Criteria}, cause: {Cause.Message}>";
}

/// <summary>Offers a snapshot to a persistent actor at the start of its recovery.</summary>
public sealed class SnapshotOffer(SnapshotMetadata metadata, object snapshot)
    : IEquatable<SnapshotOffer>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public object Snapshot { get; } = snapshot;

    public bool Equals(SnapshotOffer? other) =>
        other is not null && (Metadata, Snapshot).Equals((other.Metadata, other.Snapshot));

    public override bool Equals(object? obj) => Equals(obj as SnapshotOffer);

    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);

    public override string ToString() => $"SnapshotOffer<{Metadata}, {Snapshot}>";
}

/// <summary>A snapshot and what identifies it.</summary>
public sealed class SelectedSnapshot(SnapshotMetadata metadata, object snapshot)
    : IEquatable<SelectedSnapshot>
{
    public SnapshotMetadata Metadata { get; } = metadata;

    public object Snapshot { get; } = snapshot;

    public bool Equals(SelectedSnapshot? other) =>
        other is not null && (Metadata, Snapshot).Equals((other.Metadata, other.Snapshot));

    public override bool Equals(object? obj) => Equals(obj as SelectedSnapshot);

    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);

    public override string ToString() => $"SelectedSnapshot<{Metadata}, {Snapshot}>";
}
