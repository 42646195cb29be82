using System.Text;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Db.Sqlite;

/// <summary>SQLite, a database in a file.</summary>
sealed class SqliteProvider : SqlProvider
{
    public override SqlSource Parse(string connectionString)
    {
        // Pooled connections would hold the file open after the plug-in has stopped.
        var options = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        var file = options.DataSource;
        if (file.Length == 0 || file == ":memory:" || options.Mode == SqliteOpenMode.Memory)
            throw new ArgumentException(
                "It must name a file: a database in memory belongs to one connection " +
                "(akka.persistence.journal.inmem is a journal that need not last).");
        var key = file.StartsWith("file:", StringComparison.Ordinal) ? file : Path.GetFullPath(file);
        var timeout = TimeSpan.FromSeconds(options.DefaultTimeout);
        var patience = timeout == TimeSpan.Zero || timeout > SqlDatabase.LongestWait
            ? SqlDatabase.LongestWait
            : timeout;
        return new SqlSource(key, file, () => SqliteSession.Open(WithVfs(options.ConnectionString), file, patience));
    }

    public override string? Remark =>
        DataSyncVfs.Refusal is { } reason ? $"SQLite syncs with fsync, not fdatasync: {reason}." : null;

    public override string Quote(string name) => $"[{name}]";

    // In SQLite, what stands before the dot of a table's name is an attached file, and there is none.
    public override string Table(string? schema, string name) => Quote(name);

    public override string Create(TableDefinition table)
    {
        var name = Table(table.Schema, table.Name);
        var ddl = new StringBuilder($"CREATE TABLE IF NOT EXISTS {name} (");
        ddl.AppendJoin(", ", table.Columns.Select(c => $"{Quote(c.Name)} {Type(c)}"));
        if (table.PrimaryKey.Length > 0)
            ddl.Append($", CONSTRAINT [PK_{table.Name}] PRIMARY KEY ({List(table.PrimaryKey)})");
        ddl.Append(");\n");
        if (table.Unique.Length > 0)
            ddl.Append(
                $"CREATE UNIQUE INDEX IF NOT EXISTS [{table.Name}_uq] ON {name} ({List(table.Unique)});\n");
        foreach (var index in table.Indexes)
            ddl.Append(
                $"CREATE INDEX IF NOT EXISTS [{table.IndexName(index)}] ON {name} ({List(index)});\n");
        return ddl.ToString();
    }

    protected override bool IsNamed(string name) =>
        name.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith("Classic", StringComparison.OrdinalIgnoreCase);

    static string WithVfs(string connectionString)
    {
        var options = new SqliteConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(options.Vfs) && DataSyncVfs.Refusal is null)
            options.Vfs = DataSyncVfs.Name;
        return options.ConnectionString;
    }

    string List(string[] columns) => string.Join(", ", columns.Select(Quote));

    static string Type(ColumnDefinition column) =>
        column.Type switch
        {
            ColumnType.Ordering => "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
            ColumnType.Long => "BigInt",
            ColumnType.TagLong or ColumnType.Int => "INTEGER",
            ColumnType.Bool => "Bit",
            ColumnType.Text => $"NVarChar({column.Length})",
            ColumnType.Bytes => "VarBinary",
            _ => throw new ArgumentOutOfRangeException(nameof(column)),
        } + (column.Type == ColumnType.Ordering ? "" : column.IsNullable ? " NULL" : " NOT NULL");
}
