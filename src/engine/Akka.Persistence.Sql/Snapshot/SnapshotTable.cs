using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Db;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The SQL of a snapshot store: its table as Akka.Persistence.Sql lays it out, and what runs on it.</summary>
sealed class SnapshotTable
{
    public SnapshotTable(PluginSettings settings)
    {
        string C(string column) => settings.Column("snapshot", column);
        var table = settings.Table("snapshot");
        var id = C("persistence-id");
        var number = C("sequence-number");
        var created = C("created");
        var matching =
            $"WHERE {id} = ?1 AND {number} BETWEEN ?2 AND ?3 AND {created} BETWEEN ?4 AND ?5";
        Save =
            $"INSERT INTO {table} ({id}, {number}, {created}, {C("snapshot")}, {C("manifest")}, {C("serializerId")}) " +
            $"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT ({id}, {number}) DO UPDATE SET {created} = ?3, " +
            $"{C("snapshot")} = ?4, {C("manifest")} = ?5, {C("serializerId")} = ?6";
        Load =
            $"SELECT {number}, {created}, {C("snapshot")}, {C("manifest")}, {C("serializerId")} FROM {table} " +
            $"{matching} ORDER BY {number} DESC LIMIT 1";
        Delete = $"DELETE FROM {table} {matching}";
        Schema = settings.AutoInitialize ? settings.Provider.Create(Table(settings)) : "";
    }

    public string Schema { get; }

    /// <summary>id, number, created, snapshot, manifest, serializer.</summary>
    public string Save { get; }

    /// <summary>id, numbers from..to, times from..to: number, created, snapshot, manifest, serializer.</summary>
    public string Load { get; }

    /// <summary>id, numbers from..to, times from..to.</summary>
    public string Delete { get; }

    static TableDefinition Table(PluginSettings settings)
    {
        string C(string column) => settings.ColumnName("snapshot", column);
        return new TableDefinition(
            settings.Schema, settings.TableName("snapshot"),
            [
                new(C("persistence-id"), ColumnType.Text, 255),
                new(C("sequence-number"), ColumnType.Long),
                new(C("created"), ColumnType.Long),
                new(C("snapshot"), ColumnType.Bytes, IsNullable: true),
                new(C("manifest"), ColumnType.Text, 500, IsNullable: true),
                new(C("serializerId"), ColumnType.Int, IsNullable: true),
            ],
            [C("persistence-id"), C("sequence-number")], [], [[C("sequence-number")], [C("created")]]);
    }
}
