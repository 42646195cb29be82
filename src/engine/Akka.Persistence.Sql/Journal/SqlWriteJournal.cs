using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Db;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// The journal in a database, <c>akka.persistence.journal.sql</c>. Events are serialised in the actor and
/// written by the database's thread, everything that has gathered there in one transaction.
/// </summary>
/// <remarks>
/// A database that can't be used does not end the journal: every request is answered with the reason, and the next one
/// tries again.
/// </remarks>
[SqlPluginCheck(SqlPluginKind.Journal)]
public class SqlWriteJournal : AsyncWriteJournal
{
    // Rows of a deletion that share a transaction, so that a large one does not hold up the events behind it.
    const int DeleteSlice = 256;

    // Bytes that a replay holds at once beyond what the actor has in its mailbox.
    const int ReplayBytes = 4 << 20;

    readonly PluginSettings _settings;
    readonly JournalTables _tables;
    readonly PayloadSerializer _serializer;
    readonly SqlDatabase _database;
    readonly string _writer = Guid.NewGuid().ToString("N");
    readonly string _tagSeparator;
    readonly int _replayBatch;
    readonly ILoggingAdapter _log = Context.GetLogger();

    public SqlWriteJournal(Configuration.Config journalConfig)
    {
        var config = journalConfig.WithFallback(SqlPersistence.DefaultJournalConfiguration);
        _settings = new PluginSettings(config);
        var tags = config.GetString("tag-write-mode", "TagTable").ToLowerInvariant();
        if (tags is not ("csv" or "tagtable" or "both"))
            throw new ConfigurationException(
                $"{_settings.PluginId}.tag-write-mode is '{tags}'; it must be Csv, TagTable or Both.");
        _tables = new JournalTables(
            _settings, tags is "csv" or "both", tags is "tagtable" or "both",
            config.GetBoolean("delete-compatibility-mode", false));
        _tagSeparator = config.GetString("tag-separator", ";");
        _replayBatch = Math.Max(1, config.GetInt("replay-batch-size", 1000));
        _serializer = new PayloadSerializer((ExtendedActorSystem)Context.System, _settings.Serializer);
        _database = SqlDatabase.Acquire(_settings.Provider, _settings.ConnectionString);
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        // A write of an earlier incarnation of the actor may be on its way; it counts.
        await _database.Settled(_tables.Schema).ConfigureAwait(false);
        return await _database.Read(session =>
        {
            var highest = session.Prepare(_tables.Highest).Bind(1, persistenceId).Scalar() ?? 0;
            return _tables.HighestMetadata is null
                ? highest
                : Math.Max(highest, session.Prepare(_tables.HighestMetadata).Bind(1, persistenceId).Scalar() ?? 0);
        }).ConfigureAwait(false);
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        var from = fromSequenceNr;
        while (max > 0 && from <= toSequenceNr)
        {
            var limit = Math.Min(max, _replayBatch);
            var rows = await _database.Read(session => ReadEvents(session, persistenceId, from, toSequenceNr, limit))
                .ConfigureAwait(false);
            if (rows.Count == 0)
                return;
            foreach (var row in rows)
                recoveryCallback(Deserialize(persistenceId, row));
            max -= rows.Count;
            from = rows[^1].SequenceNr + 1;
        }
    }

    protected override void PreStart()
    {
        base.PreStart();
        // Creates the tables now rather than at the first event, and says so at once when it can't.
        _settings.Report(_database.Settled(_tables.Schema), _log);
    }

    protected override void PostStop()
    {
        _database.Release();
        base.PostStop();
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var now = DateTime.UtcNow.Ticks;
        var rows = new List<EventRow>();
        var writes = 0;
        Exception?[]? rejections = null;
        foreach (var write in messages)
        {
            if (Serialize(write, now, rows) is { } rejection)
            {
                rejections ??= new Exception?[messages.Count()];
                rejections[writes] = rejection;
            }
            writes++;
        }
        var pending = new JournalWrite(
            _tables, _writer, _tagSeparator, rows,
            rejections is null ? null : ImmutableList.CreateRange<Exception>(rejections!));
        _database.Write(pending);
        return pending.Task;
    }

    protected override async Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        // The row with the highest number stays, marked as deleted: the actor must not use its number again. The lowest
        // go first, so that what a crash leaves is still the end of the history.
        var last = false;
        while (!last)
            await _database.Write(_tables.Schema, session =>
            {
                var highest = session.Prepare(_tables.HighestTo).Bind(1, persistenceId).Bind(2, toSequenceNr).Scalar();
                if (highest is null)
                {
                    last = true;
                    return;
                }
                last = session.Prepare(_tables.DeleteSlice)
                    .Bind(1, persistenceId).Bind(2, highest.Value).Bind(3, DeleteSlice).Run() < DeleteSlice;
                if (last)
                    FinishDelete(session, persistenceId, toSequenceNr, highest.Value);
            }).ConfigureAwait(false);
    }

    void FinishDelete(SqlSession session, string persistenceId, long toSequenceNr, long highest)
    {
        session.Prepare(_tables.MarkDeleted).Bind(1, persistenceId).Bind(2, highest).Run();
        if (_tables.DeleteTags is not null)
            session.Prepare(_tables.DeleteTags).Bind(1, persistenceId).Bind(2, toSequenceNr).Run();
        if (_tables.InsertMetadata is null)
            return;
        session.Prepare(_tables.InsertMetadata).Bind(1, persistenceId).Bind(2, highest).Run();
        session.Prepare(_tables.DeleteMetadata!).Bind(1, persistenceId).Bind(2, highest).Run();
    }

    Exception? Serialize(AtomicWrite write, long now, List<EventRow> rows)
    {
        var before = rows.Count;
        try
        {
            for (var i = 0; i < write.Size; i++)
                rows.Add(Serialize(write[i], now));
            return null;
        }
        catch (Exception e)
        {
            rows.RemoveRange(before, rows.Count - before);
            return e;
        }
    }

    EventRow Serialize(IPersistentRepresentation persistent, long now)
    {
        var tagged = persistent.Payload as Tagged?;
        var (bytes, serializer, manifest) = _serializer.Serialize(tagged?.Payload ?? persistent.Payload);
        return new EventRow(
            persistent.PersistenceId, persistent.SequenceNr, persistent.Timestamp == 0 ? now : persistent.Timestamp,
            bytes, serializer, manifest, tagged?.Tags);
    }

    List<StoredEvent> ReadEvents(SqlSession session, string persistenceId, long from, long to, long limit)
    {
        var rows = new List<StoredEvent>();
        var query = session.Prepare(_tables.Replay)
            .Bind(1, persistenceId).Bind(2, from).Bind(3, to).Bind(4, limit);
        var bytes = 0;
        while (query.Next())
        {
            var row = new StoredEvent(
                query.Long(0), query.Blob(1), query.Text(2), query.IsNull(3) ? null : (int)query.Long(3),
                query.Long(4), query.Text(5));
            rows.Add(row);
            bytes += row.Message.Length;
            if (bytes < ReplayBytes)
                continue;
            query.Reset();
            break;
        }
        return rows;
    }

    Persistent Deserialize(string persistenceId, StoredEvent row) =>
        new(_serializer.Deserialize(row.Message, row.SerializerId, row.Manifest), row.SequenceNr, persistenceId,
            row.Manifest, isDeleted: false, ActorRefs.NoSender, row.Writer, row.Created);

    readonly record struct StoredEvent(
        long SequenceNr, byte[] Message, string Manifest, int? SerializerId, long Created, string Writer);
}
