using System.Text;
using Npgsql;

namespace Akka.Persistence.Sql.Db.Postgres;

/// <summary>PostgreSQL, through Npgsql.</summary>
/// <param name="identityColumns">
/// Whether a new journal numbers its rows by an identity column: Akka.Persistence.Sql does so with PostgreSQL.15 only.
/// </param>
sealed class PostgresProvider(bool identityColumns) : SqlProvider
{
    const string WithIdentityColumns = "PostgreSQL.15";

    public override SqlSource Parse(string connectionString)
    {
        var options = new NpgsqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(options.Host))
            throw new ArgumentException("It must name a server: Host=...;Database=...;Username=...;Password=...");
        var longest = (int)SqlDatabase.LongestWait.TotalSeconds;
        // Two connections that stay open, and a failure is to be known soon.
        options.Pooling = false;
        options.Timeout = Within(options.Timeout, longest);
        options.CommandTimeout = Within(options.CommandTimeout, longest);
        options.MaxAutoPrepare = Math.Max(options.MaxAutoPrepare, 32);
        options.AutoPrepareMinUsages = 2;
        if (!options.ContainsKey("Application Name"))
            options.ApplicationName = "Akka.Persistence.Sql";
        var database = options.Database ?? options.Username;
        var name = $"{options.Host}:{options.Port}/{database}";
        return new SqlSource(
            options.ConnectionString, name, () => PostgresSession.Open(options.ConnectionString, name));
    }

    public override string Quote(string name) => $"\"{name}\"";

    public override string Table(string? schema, string name) =>
        schema is null ? Quote(name) : $"{Quote(schema)}.{Quote(name)}";

    public override string Create(TableDefinition table)
    {
        var name = Table(table.Schema, table.Name);
        var ddl = new StringBuilder($"CREATE TABLE {name} (");
        ddl.AppendJoin(", ", table.Columns.Select(c => $"{Quote(c.Name)} {Type(c)}"));
        string[] key = table.PrimaryKey.Length > 0
            ? table.PrimaryKey
            : [table.Columns.Single(c => c.Type == ColumnType.Ordering).Name];
        ddl.Append($", CONSTRAINT {Quote($"PK_{table.Name}")} PRIMARY KEY ({List(key)}));\n");
        if (table.Unique.Length > 0)
            ddl.Append(
                $"ALTER TABLE {name} ADD CONSTRAINT {Quote($"{table.Name}_uq")} UNIQUE ({List(table.Unique)});\n");
        foreach (var index in table.Indexes)
            ddl.Append($"CREATE INDEX {Quote(table.IndexName(index))} ON {name} ({List(index)});\n");
        // One after the other: several servers may find a new database at the same time. A table that is there is left
        // alone altogether, so that its user needs no more rights than to use it.
        return $"""
            DO $akka$
            BEGIN
              PERFORM pg_advisory_xact_lock(hashtext('Akka.Persistence.Sql'));
              IF to_regclass('{name}') IS NULL THEN
                {ddl}
              END IF;
            END
            $akka$;

            """;
    }

    protected override bool IsNamed(string name) =>
        name == WithIdentityColumns
            ? identityColumns
            : !identityColumns && name.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase);

    static int Within(int seconds, int longest) => seconds == 0 ? longest : Math.Min(seconds, longest);

    string List(string[] columns) => string.Join(", ", columns.Select(Quote));

    string Type(ColumnDefinition column) =>
        column.Type switch
        {
            ColumnType.Ordering => identityColumns ? "BIGINT GENERATED ALWAYS AS IDENTITY" : "BIGSERIAL",
            ColumnType.Long or ColumnType.TagLong => "BIGINT",
            ColumnType.Int => "INT",
            ColumnType.Bool => "BOOLEAN",
            ColumnType.Text => "TEXT",
            ColumnType.Bytes => "BYTEA",
            _ => throw new ArgumentOutOfRangeException(nameof(column)),
        } + (column.IsNullable ? " NULL" : " NOT NULL");
}
