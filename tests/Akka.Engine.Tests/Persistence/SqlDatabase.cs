using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Engine.Tests.Persistence;

/// <summary>A directory for the databases of one test, and how the tests look into them from outside.</summary>
sealed class SqlDatabase : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akka-sql-").FullName;

    public SqlDatabase()
    {
        Batteries_V2.Init();
        // As the product does before the plug-in opens the file: the write-ahead log is a property of the file.
        Execute("PRAGMA journal_mode = WAL");
    }

    public string Journal => PathTo("journal.db");

    public string PathTo(string file) => Path.Combine(_directory, file);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A journal in journal.db, and a snapshot store in a file of its own.</summary>
    public string Configuration(string options = "") =>
        $$"""
        akka.persistence.journal.plugin = "akka.persistence.journal.sql"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
        {{TextSerializer.Configuration}}
        {{Plugin("akka.persistence.journal.sql", "Journal.SqlWriteJournal", Journal, options)}}
        {{Plugin("akka.persistence.snapshot-store.sql", "Snapshot.SqlSnapshotStore", PathTo("snapshots.db"))}}
        """;

    public static string Plugin(string id, string type, string file, string options = "") =>
        $$"""
        {{id}} {
          class = "Akka.Persistence.Sql.{{type}}, Akka.Persistence.Sql"
          plugin-id = "{{id}}"
          connection-string = "Data Source={{file}};Default Timeout=1"
          provider-name = "SQLite.MS"
          auto-initialize = true
          {{options}}
        }
        """;

    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Each row as its values with a bar between them.</summary>
    public string[] Query(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                var value => $"{value}",
            })));
        return [.. rows];
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        connection.Open();
        return connection;
    }
}
