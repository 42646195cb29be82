namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store that lives as long as its actor system.</summary>
public class MemorySnapshotStore : SnapshotStore
{
    readonly Dictionary<string, SortedDictionary<long, SelectedSnapshot>> _snapshots = [];

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        SelectedSnapshot? latest = null;
        if (_snapshots.TryGetValue(persistenceId, out var own))
            foreach (var snapshot in own.Values)
                if (criteria.Matches(snapshot.Metadata))
                    latest = snapshot;
        return Task.FromResult(latest);
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        if (!_snapshots.TryGetValue(metadata.PersistenceId, out var own))
            _snapshots[metadata.PersistenceId] = own = [];
        own[metadata.SequenceNr] = new SelectedSnapshot(metadata, snapshot);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        // Without a timestamp the snapshot of that sequence number is meant, whenever it was taken.
        if (_snapshots.TryGetValue(metadata.PersistenceId, out var own)
            && own.TryGetValue(metadata.SequenceNr, out var snapshot)
            && (metadata.Timestamp == DateTime.MinValue || snapshot.Metadata.Timestamp <= metadata.Timestamp))
            own.Remove(metadata.SequenceNr);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        if (_snapshots.TryGetValue(persistenceId, out var own))
            foreach (var snapshot in own.Values.Where(s => criteria.Matches(s.Metadata)).ToArray())
                own.Remove(snapshot.Metadata.SequenceNr);
        return Task.CompletedTask;
    }
}
