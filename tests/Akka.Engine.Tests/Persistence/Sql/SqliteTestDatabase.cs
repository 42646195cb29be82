using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>A directory for the SQLite files of one test. Places are files in it.</summary>
public sealed class SqliteTestDatabase : SqlTestDatabase
{
    readonly string _directory = Directory.CreateTempSubdirectory("akka-sql-").FullName;

    public SqliteTestDatabase()
    {
        Batteries_V2.Init();
        // As the product does before the plug-in opens the file: the write-ahead log is a property of the file.
        Execute("PRAGMA journal_mode = WAL");
    }

    protected override string Provider => "SQLite.MS";

    public string JournalFile => PathTo(Journal);

    public string PathTo(string place) => Path.Combine(_directory, $"{place}.db");

    public override string Bytes(string hex) => $"x'{hex}'";

    public override void Refuse(long sequenceNr, string reason) => Execute(
        $"CREATE TRIGGER refuse BEFORE INSERT ON journal WHEN NEW.sequence_number = {sequenceNr} " +
        $"BEGIN SELECT RAISE(ABORT, '{reason}'); END");

    public override string ConnectionString(string place) => $"Data Source={PathTo(place)};Default Timeout=1";

    public override DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={JournalFile};Pooling=False");
        connection.Open();
        return connection;
    }

    public override void Dispose() => Directory.Delete(_directory, recursive: true);
}
