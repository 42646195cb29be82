using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// Keeps each snapshot as a file, <c>snapshot-ID-NUMBER-TICKS</c>. A file comes into being by a rename, so one that is
/// there is whole, and the latest few are tried when one can't be read nevertheless.
/// </summary>
public class LocalSnapshotStore : SnapshotStore
{
    const string Prefix = "snapshot-";

    readonly ExtendedActorSystem _system = (ExtendedActorSystem)Context.System;
    readonly ILoggingAdapter _log = Context.GetLogger();
    readonly DirectoryInfo _directory;
    readonly int _maxLoadAttempts;

    public LocalSnapshotStore()
    {
        var config = Context.System.Settings.Config.GetConfig("akka.persistence.snapshot-store.local");
        _directory = new DirectoryInfo(config.GetString("dir", "snapshots"));
        _maxLoadAttempts = Math.Max(1, config.GetInt("max-load-attempts", 3));
    }

    protected override void PreStart()
    {
        _directory.Create();
        base.PreStart();
    }

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.Run(() => Load(Find(persistenceId, criteria)));

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => Task.Run(() =>
    {
        var path = PathOf(metadata);
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create))
        {
            SnapshotFile.Write(file, _system, snapshot);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    });

    protected override Task DeleteAsync(SnapshotMetadata metadata) => Task.Run(() =>
    {
        // Without a timestamp every snapshot of that sequence number is meant.
        foreach (var found in Find(
            metadata.PersistenceId,
            new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr)))
            if (metadata.Timestamp == DateTime.MinValue || found.Timestamp == metadata.Timestamp)
                File.Delete(PathOf(found));
    });

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.Run(() =>
    {
        foreach (var found in Find(persistenceId, criteria))
            File.Delete(PathOf(found));
    });

    SelectedSnapshot? Load(List<SnapshotMetadata> candidates)
    {
        for (var attempt = 1; attempt <= candidates.Count; attempt++)
        {
            var metadata = candidates[^attempt];
            try
            {
                using var file = File.OpenRead(PathOf(metadata));
                return new SelectedSnapshot(metadata, SnapshotFile.Read(file, _system));
            }
            catch (Exception e) when (attempt < Math.Min(_maxLoadAttempts, candidates.Count))
            {
                _log.Error(e, "Error loading snapshot [{0}]; an older one is tried.", metadata);
            }
        }
        return null;
    }

    List<SnapshotMetadata> Find(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var found = new List<SnapshotMetadata>();
        foreach (var file in _directory.EnumerateFiles($"{Prefix}{Uri.EscapeDataString(persistenceId)}-*"))
            if (Parse(file.Name) is { } metadata && metadata.PersistenceId == persistenceId
                && criteria.Matches(metadata))
                found.Add(metadata);
        found.Sort(SnapshotMetadata.Comparer);
        return found;
    }

    string PathOf(SnapshotMetadata metadata) =>
        Path.Combine(
            _directory.FullName,
            $"{Prefix}{Uri.EscapeDataString(metadata.PersistenceId)}-{metadata.SequenceNr}-{metadata.Timestamp.Ticks}");

    // From the right: the id itself may hold hyphens.
    static SnapshotMetadata? Parse(string name)
    {
        var ticksAt = name.LastIndexOf('-');
        var numberAt = ticksAt < 1 ? -1 : name.LastIndexOf('-', ticksAt - 1);
        return numberAt > Prefix.Length - 1
            && long.TryParse(name.AsSpan(ticksAt + 1), out var ticks) && ticks >= 0
            && ticks <= DateTime.MaxValue.Ticks
            && long.TryParse(name.AsSpan(numberAt + 1, ticksAt - numberAt - 1), out var number)
                ? new SnapshotMetadata(
                    Uri.UnescapeDataString(name[Prefix.Length..numberAt]), number,
                    new DateTime(ticks, DateTimeKind.Utc))
                : null;
    }
}
