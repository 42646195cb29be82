using System.Collections.Immutable;
using Akka.Persistence.Sql.Db;

namespace Akka.Persistence.Sql.Journal;

/// <summary>One event, serialised.</summary>
readonly record struct EventRow(
    string PersistenceId, long SequenceNr, long Created, byte[] Message, int SerializerId, string Manifest,
    IImmutableSet<string>? Tags);

/// <summary>The rows of one request to write.</summary>
sealed class JournalWrite(
    JournalTables tables, string writer, string tagSeparator, List<EventRow> rows,
    IImmutableList<Exception>? rejections) : SqlWrite(tables.Schema)
{
    // The continuation sends the answers, right here on the database's thread: no hop, and in the order of the commits.
    readonly TaskCompletionSource<IImmutableList<Exception>> _done = new();

    public Task<IImmutableList<Exception>> Task => _done.Task;

    public override void Apply(SqlSession session)
    {
        var insert = session.Prepare(tables.Insert);
        if (tables.HasWriter)
            insert.Bind(7, writer);
        // What a statement was bound to stays bound: only what differs from the row before is bound again.
        string? id = null, manifest = null;
        var tagsInJournal = tables.TagsInJournal;
        foreach (var row in rows)
        {
            if (!ReferenceEquals(id, row.PersistenceId))
                insert.Bind(2, id = row.PersistenceId);
            if (!ReferenceEquals(manifest, row.Manifest))
                insert.Bind(5, manifest = row.Manifest);
            insert.Bind(1, row.Created).Bind(3, row.SequenceNr).Bind(4, row.Message).Bind(6, row.SerializerId);
            if (tagsInJournal)
                insert.Bind(tables.TagsParameter, row.Tags is { Count: > 0 } tags
                    ? $"{tagSeparator}{string.Join(tagSeparator, tags)}{tagSeparator}"
                    : "");
            insert.Add();
            if (row.Tags is not null && tables.InsertTag is not null)
                InsertTags(session, row);
        }
    }

    public override void Succeed() => _done.TrySetResult(rejections!);

    public override void Fail(Exception cause) => _done.TrySetException(cause);

    void InsertTags(SqlSession session, EventRow row)
    {
        var insert = session.Prepare(tables.InsertTag!);
        foreach (var tag in row.Tags!)
            insert.Bind(1, tag).Bind(2, row.PersistenceId).Bind(3, row.SequenceNr).Add();
    }
}
