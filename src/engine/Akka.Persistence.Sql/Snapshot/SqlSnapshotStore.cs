using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Db;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The snapshot store in a database, <c>akka.persistence.snapshot-store.sql</c>.</summary>
/// <remarks>As with the journal, a database that can't be used is tried again at each request.</remarks>
[SqlPluginCheck(SqlPluginKind.SnapshotStore)]
public class SqlSnapshotStore : SnapshotStore
{
    readonly PluginSettings _settings;
    readonly SnapshotTable _table;
    readonly PayloadSerializer _serializer;
    readonly SqlDatabase _database;
    readonly ILoggingAdapter _log = Context.GetLogger();

    public SqlSnapshotStore(Configuration.Config snapshotConfig)
    {
        _settings = new PluginSettings(snapshotConfig.WithFallback(SqlPersistence.DefaultSnapshotConfiguration));
        _table = new SnapshotTable(_settings);
        _serializer = new PayloadSerializer((ExtendedActorSystem)Context.System, _settings.Serializer);
        _database = SqlDatabase.Acquire(_settings.Provider, _settings.ConnectionString);
    }

    protected override void PreStart()
    {
        base.PreStart();
        _settings.Report(_database.Settled(_table.Schema), _log);
    }

    protected override void PostStop()
    {
        _database.Release();
        base.PostStop();
    }

    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        await _database.Settled(_table.Schema).ConfigureAwait(false);
        var found = await _database.Read(session =>
        {
            var query = Bind(session.Prepare(_table.Load), persistenceId, criteria);
            if (!query.Next())
                return null;
            var row = new StoredSnapshot(
                query.Long(0), query.Long(1), query.Blob(2), query.Text(3),
                query.IsNull(4) ? null : (int)query.Long(4));
            query.Reset();
            return row;
        }).ConfigureAwait(false);
        return found is null
            ? null
            : new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, found.SequenceNr, new DateTime(found.Created, DateTimeKind.Utc)),
                _serializer.Deserialize(found.Snapshot, found.SerializerId, found.Manifest));
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var (bytes, serializer, manifest) = _serializer.Serialize(snapshot);
        return _database.Write(_table.Schema, session => session.Prepare(_table.Save)
            .Bind(1, metadata.PersistenceId).Bind(2, metadata.SequenceNr).Bind(3, metadata.Timestamp.Ticks)
            .Bind(4, bytes).Bind(5, manifest).Bind(6, serializer).Run());
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        // Without a timestamp the snapshot of that sequence number is meant, whenever it was taken.
        DeleteAsync(
            metadata.PersistenceId,
            new SnapshotSelectionCriteria(
                metadata.SequenceNr,
                metadata.Timestamp == DateTime.MinValue ? DateTime.MaxValue : metadata.Timestamp,
                metadata.SequenceNr));

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        _database.Write(
            _table.Schema, session => Bind(session.Prepare(_table.Delete), persistenceId, criteria).Run());

    static SqlStatement Bind(SqlStatement statement, string persistenceId, SnapshotSelectionCriteria criteria) =>
        statement
            .Bind(1, persistenceId).Bind(2, criteria.MinSequenceNr).Bind(3, criteria.MaxSequenceNr)
            .Bind(4, (criteria.MinTimestamp ?? DateTime.MinValue).Ticks).Bind(5, criteria.MaxTimeStamp.Ticks);

    sealed record StoredSnapshot(long SequenceNr, long Created, byte[] Snapshot, string Manifest, int? SerializerId);
}
