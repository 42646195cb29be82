using System.Data.Common;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>A database of one test's own, and how the test looks into it from outside.</summary>
public abstract class SqlTestDatabase : IDisposable
{
    protected abstract string Provider { get; }

    /// <summary>The place of <c>akka.persistence.journal.sql</c>.</summary>
    public virtual string Journal => "journal";

    /// <summary>How bytes are written in SQL.</summary>
    public abstract string Bytes(string hex);

    /// <summary>Makes the database refuse the row of a sequence number.</summary>
    public abstract void Refuse(long sequenceNr, string reason);

    public abstract string ConnectionString(string place);

    public abstract DbConnection Open();

    public abstract void Dispose();

    /// <summary>A journal, and a snapshot store in a place of its own.</summary>
    public string Configuration(string options = "") =>
        $$"""
        akka.persistence.journal.plugin = "akka.persistence.journal.sql"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
        {{TextSerializer.Configuration}}
        {{Plugin("akka.persistence.journal.sql", "Journal.SqlWriteJournal", Journal, options)}}
        {{Plugin("akka.persistence.snapshot-store.sql", "Snapshot.SqlSnapshotStore", "snapshots")}}
        """;

    public string Plugin(string id, string type, string place, string options = "") =>
        $$"""
        {{id}} {
          class = "Akka.Persistence.Sql.{{type}}, Akka.Persistence.Sql"
          plugin-id = "{{id}}"
          connection-string = "{{ConnectionString(place)}}"
          provider-name = "{{Provider}}"
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
                bool yes => yes ? "1" : "0",
                var value => $"{value}",
            })));
        return [.. rows];
    }
}
