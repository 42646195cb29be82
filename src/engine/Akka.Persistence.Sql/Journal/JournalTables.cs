using Akka.Persistence.Sql.Config;

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
            $"{C("manifest")}, {C("identifier")}, {C("deleted")}{extra}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0" +
            $"{(writer is null ? "" : ", ?7")}{(tags is null ? "" : ", ?8")})";
        Replay =
            $"SELECT {C("sequence-number")}, {C("message")}, {C("manifest")}, {C("identifier")}, {C("created")}, " +
            $"{writer ?? "''"} FROM {journal} WHERE {C("persistence-id")} = ?1 AND {C("sequence-number")} BETWEEN ?2 " +
            $"AND ?3 AND {C("deleted")} = 0 ORDER BY {C("sequence-number")} LIMIT ?4";
        var own = $"WHERE {C("persistence-id")} = ?1";
        Highest = $"SELECT max({C("sequence-number")}) FROM {journal} {own}";
        HighestTo = $"{Highest} AND {C("sequence-number")} <= ?2";
        MarkDeleted = $"UPDATE {journal} SET {C("deleted")} = 1 {own} AND {C("sequence-number")} = ?2";
        DeleteSlice =
            $"DELETE FROM {journal} WHERE {C("ordering")} IN (SELECT {C("ordering")} FROM {journal} {own} AND " +
            $"{C("sequence-number")} < ?2 ORDER BY {C("sequence-number")} LIMIT ?3)";

        if (tagsInTable)
        {
            string T(string column) => settings.Column("tag", column);
            var table = settings.Table("tag");
            InsertTag =
                $"INSERT INTO {table} ({T("ordering-id")}, {T("tag-value")}, {T("persistence-id")}, " +
                $"{T("sequence-nr")}) VALUES (?1, ?2, ?3, ?4)";
            DeleteTags = $"DELETE FROM {table} WHERE {T("persistence-id")} = ?1 AND {T("sequence-nr")} <= ?2";
        }
        if (metadata)
        {
            string M(string column) => settings.Column("metadata", column);
            var table = settings.Table("metadata");
            var id = M("persistence-id");
            var number = M("sequence-number");
            InsertMetadata = $"INSERT OR IGNORE INTO {table} ({id}, {number}) VALUES (?1, ?2)";
            DeleteMetadata = $"DELETE FROM {table} WHERE {id} = ?1 AND {number} < ?2";
            HighestMetadata = $"SELECT max({number}) FROM {table} WHERE {id} = ?1";
        }
        Schema = settings.AutoInitialize ? Ddl(settings, writer, tags, tagsInTable, metadata) : "";
    }

    public bool HasWriter { get; }

    public bool TagsInJournal { get; }

    /// <summary>Creates what is missing; empty when tables are not to be created.</summary>
    public string Schema { get; }

    /// <summary>created, id, number, message, manifest, serializer, writer, tags.</summary>
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

    /// <summary>ordering, tag, id, number; null without a table of tags, like the next.</summary>
    public string? InsertTag { get; }

    /// <summary>id, to.</summary>
    public string? DeleteTags { get; }

    /// <summary>id, number; null without delete-compatibility-mode, like the next two.</summary>
    public string? InsertMetadata { get; }

    /// <summary>id, before.</summary>
    public string? DeleteMetadata { get; }

    /// <summary>id.</summary>
    public string? HighestMetadata { get; }

    static string Ddl(PluginSettings settings, string? writer, string? tags, bool tagsInTable, bool metadata)
    {
        string C(string column) => settings.Column("journal", column);
        var ddl = $"""
            CREATE TABLE IF NOT EXISTS {settings.Table("journal")} (
              {C("ordering")} INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
              {C("created")} BigInt NOT NULL,
              {C("deleted")} Bit NOT NULL,
              {C("persistence-id")} NVarChar(255) NOT NULL,
              {C("sequence-number")} BigInt NOT NULL,
              {C("message")} VarBinary NOT NULL,
              {(tags is null ? "" : $"{tags} NVarChar(100) NULL,")}
              {C("manifest")} NVarChar(500) NULL,
              {C("identifier")} INTEGER NULL
              {(writer is null ? "" : $", {writer} NVarChar(128) NULL")}
            );
            CREATE UNIQUE INDEX IF NOT EXISTS [{settings.Name("journal")}_uq]
              ON {settings.Table("journal")} ({C("persistence-id")}, {C("sequence-number")});
            {Index(settings, "journal", "created")}
            {Index(settings, "journal", "sequence-number")}

            """;
        if (tagsInTable)
        {
            string T(string column) => settings.Column("tag", column);
            ddl += $"""
                CREATE TABLE IF NOT EXISTS {settings.Table("tag")} (
                  {T("ordering-id")} INTEGER NOT NULL,
                  {T("tag-value")} NVarChar(64) NOT NULL,
                  {T("sequence-nr")} INTEGER NOT NULL,
                  {T("persistence-id")} NVarChar(255) NOT NULL,
                  CONSTRAINT [PK_{settings.Name("tag")}] PRIMARY KEY ({T("ordering-id")}, {T("tag-value")})
                );
                {Index(settings, "tag", "persistence-id", "sequence-nr")}
                {Index(settings, "tag", "tag-value")}

                """;
        }
        if (metadata)
        {
            string M(string column) => settings.Column("metadata", column);
            ddl += $"""
                CREATE TABLE IF NOT EXISTS {settings.Table("metadata")} (
                  {M("persistence-id")} NVarChar(255) NOT NULL,
                  {M("sequence-number")} BigInt NOT NULL,
                  CONSTRAINT [PK_{settings.Name("metadata")}]
                    PRIMARY KEY ({M("persistence-id")}, {M("sequence-number")})
                );
                """;
        }
        return ddl;
    }

    static string Index(PluginSettings settings, string table, params string[] columns)
    {
        var name = string.Join("_", columns.Select(c => settings.ColumnName(table, c)));
        var on = string.Join(", ", columns.Select(c => settings.Column(table, c)));
        return $"CREATE INDEX IF NOT EXISTS [{settings.Name(table)}_{name}_idx] ON {settings.Table(table)} ({on});";
    }
}
