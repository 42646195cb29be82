using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Db;

namespace Akka.Persistence.Sql.Journal;

/// <summary>The SQL of a journal: its tables as Akka.Persistence.Sql lays them out, and what runs on them.</summary>
sealed class JournalTables
{
    public JournalTables(PluginSettings settings, bool tagsInJournal, bool tagsInTable, bool metadata)
    {
        string C(string column) => settings.Column("journal", column);
        var journal = settings.Table("journal");
        HasWriter = settings.Mapping.GetBoolean("journal.use-writer-uuid-column", true);
        TagsInJournal = tagsInJournal;
        var writer = HasWriter ? C("writer-uuid") : null;
        var tags = tagsInJournal ? C("tags") : null;
        var extra = (writer is null ? "" : $", {writer}") + (tags is null ? "" : $", {tags}");

        Insert =
            $"INSERT INTO {journal} ({C("created")}, {C("persistence-id")}, {C("sequence-number")}, {C("message")}, " +
            $"{C("manifest")}, {C("identifier")}, {C("deleted")}{extra}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, false" +
            $"{(writer is null ? "" : ", ?7")}{(tags is null ? "" : $", ?{TagsParameter}")})";
        Replay =
            $"SELECT {C("sequence-number")}, {C("message")}, {C("manifest")}, {C("identifier")}, {C("created")}, " +
            $"{writer ?? "''"} FROM {journal} WHERE {C("persistence-id")} = ?1 AND {C("sequence-number")} BETWEEN ?2 " +
            $"AND ?3 AND {C("deleted")} = false ORDER BY {C("sequence-number")} LIMIT ?4";
        var own = $"WHERE {C("persistence-id")} = ?1";
        Highest = $"SELECT max({C("sequence-number")}) FROM {journal} {own}";
        HighestTo = $"{Highest} AND {C("sequence-number")} <= ?2";
        MarkDeleted = $"UPDATE {journal} SET {C("deleted")} = true {own} AND {C("sequence-number")} = ?2";
        DeleteSlice =
            $"DELETE FROM {journal} WHERE {C("ordering")} IN (SELECT {C("ordering")} FROM {journal} {own} AND " +
            $"{C("sequence-number")} < ?2 ORDER BY {C("sequence-number")} LIMIT ?3)";

        if (tagsInTable)
        {
            string T(string column) => settings.Column("tag", column);
            var table = settings.Table("tag");
            InsertTag =
                $"INSERT INTO {table} ({T("ordering-id")}, {T("tag-value")}, {T("persistence-id")}, " +
                $"{T("sequence-nr")}) SELECT {C("ordering")}, ?1, {C("persistence-id")}, {C("sequence-number")} " +
                $"FROM {journal} WHERE {C("persistence-id")} = ?2 AND {C("sequence-number")} = ?3";
            DeleteTags = $"DELETE FROM {table} WHERE {T("persistence-id")} = ?1 AND {T("sequence-nr")} <= ?2";
        }
        if (metadata)
        {
            string M(string column) => settings.Column("metadata", column);
            var table = settings.Table("metadata");
            var id = M("persistence-id");
            var number = M("sequence-number");
            InsertMetadata = $"INSERT INTO {table} ({id}, {number}) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            DeleteMetadata = $"DELETE FROM {table} WHERE {id} = ?1 AND {number} < ?2";
            HighestMetadata = $"SELECT max({number}) FROM {table} WHERE {id} = ?1";
        }
        Schema = settings.AutoInitialize
            ? string.Concat(Tables(settings, HasWriter, tagsInJournal, tagsInTable, metadata)
                .Select(settings.Provider.Create))
            : "";
    }

    public bool HasWriter { get; }

    public bool TagsInJournal { get; }

    /// <summary>The parameter of <see cref="Insert"/> that takes the tags.</summary>
    public int TagsParameter => HasWriter ? 8 : 7;

    /// <summary>Creates what is missing; empty when tables are not to be created.</summary>
    public string Schema { get; }

    /// <summary>created, id, number, message, manifest, serializer, writer if there is one, tags likewise.</summary>
    public string Insert { get; }

    /// <summary>id, from, to, limit: number, message, manifest, serializer, created, writer.</summary>
    public string Replay { get; }

    /// <summary>id: the highest number, deleted or not.</summary>
    public string Highest { get; }

    /// <summary>id, to: the highest number up to there, deleted or not.</summary>
    public string HighestTo { get; }

    /// <summary>id, number.</summary>
    public string MarkDeleted { get; }

    /// <summary>id, before, limit: deletes the lowest numbers.</summary>
    public string DeleteSlice { get; }

    /// <summary>tag, and id and number of the event that has it; null without a table of tags, like the next.</summary>
    public string? InsertTag { get; }

    /// <summary>id, to.</summary>
    public string? DeleteTags { get; }

    /// <summary>id, number; null without delete-compatibility-mode, like the next two.</summary>
    public string? InsertMetadata { get; }

    /// <summary>id, before.</summary>
    public string? DeleteMetadata { get; }

    /// <summary>id.</summary>
    public string? HighestMetadata { get; }

    static IEnumerable<TableDefinition> Tables(
        PluginSettings settings, bool writer, bool tagsInJournal, bool tagsInTable, bool metadata)
    {
        yield return Journal(settings, writer, tagsInJournal);
        if (tagsInTable)
        {
            string T(string column) => settings.ColumnName("tag", column);
            yield return new TableDefinition(
                settings.Schema, settings.TableName("tag"),
                [
                    new(T("ordering-id"), ColumnType.TagLong),
                    new(T("tag-value"), ColumnType.Text, 64),
                    new(T("sequence-nr"), ColumnType.TagLong),
                    new(T("persistence-id"), ColumnType.Text, 255),
                ],
                [T("ordering-id"), T("tag-value")], [],
                [[T("persistence-id"), T("sequence-nr")], [T("tag-value")]]);
        }
        if (metadata)
        {
            string M(string column) => settings.ColumnName("metadata", column);
            yield return new TableDefinition(
                settings.Schema, settings.TableName("metadata"),
                [
                    new(M("persistence-id"), ColumnType.Text, 255),
                    new(M("sequence-number"), ColumnType.Long),
                ],
                [M("persistence-id"), M("sequence-number")], [], []);
        }
    }

    static TableDefinition Journal(PluginSettings settings, bool writer, bool tags)
    {
        string C(string column) => settings.ColumnName("journal", column);
        List<ColumnDefinition> columns =
        [
            new(C("ordering"), ColumnType.Ordering),
            new(C("created"), ColumnType.Long),
            new(C("deleted"), ColumnType.Bool),
            new(C("persistence-id"), ColumnType.Text, 255),
            new(C("sequence-number"), ColumnType.Long),
            new(C("message"), ColumnType.Bytes),
        ];
        if (tags)
            columns.Add(new(C("tags"), ColumnType.Text, 100, IsNullable: true));
        columns.Add(new(C("manifest"), ColumnType.Text, 500, IsNullable: true));
        columns.Add(new(C("identifier"), ColumnType.Int, IsNullable: true));
        if (writer)
            columns.Add(new(C("writer-uuid"), ColumnType.Text, 128, IsNullable: true));
        return new TableDefinition(
            settings.Schema, settings.TableName("journal"), [.. columns], [],
            [C("persistence-id"), C("sequence-number")], [[C("created")], [C("sequence-number")]]);
    }
}
