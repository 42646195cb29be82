using System.Data.Common;
using Npgsql;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>The server that the tests of a collection share.</summary>
public sealed class PostgresFixture : IDisposable
{
    readonly Lazy<PostgresServer> _server = new(PostgresServer.Start);

    public PostgresServer Server => _server.Value;

    public void Dispose()
    {
        if (_server.IsValueCreated)
            _server.Value.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";

    /// <summary>Why a test of this collection is skipped here; null if it is not.</summary>
    public static string? WhySkip(bool onlyBundled) =>
        onlyBundled && !BundledFactAttribute.IsBundled ? "Only the bundled engine does this."
        : PostgresServer.Programs is null ? "PostgreSQL is not installed in /usr/lib/postgresql."
        : null;
}

/// <summary>A database on the collection's server. Places are schemas in it.</summary>
public sealed class PostgresTestDatabase : SqlTestDatabase
{
    static int s_created;

    readonly PostgresServer _server;
    readonly string _name = $"test{Interlocked.Increment(ref s_created)}";

    public PostgresTestDatabase(PostgresFixture fixture)
    {
        _server = fixture.Server;
        using (var connection = Open("postgres"))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE DATABASE {_name}";
            command.ExecuteNonQuery();
        }
        Execute("CREATE SCHEMA journal; CREATE SCHEMA snapshots; CREATE SCHEMA second; CREATE SCHEMA chunks");
    }

    public PostgresServer Server => _server;

    public string Database => _name;

    protected override string Provider => "PostgreSQL.15";

    public override string Bytes(string hex) => $"'\\x{hex}'";

    public override void Refuse(long sequenceNr, string reason) => Execute(
        $"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION '{reason}' USING ERRCODE = '23514'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON journal FOR EACH ROW WHEN (NEW.sequence_number = {sequenceNr})
          EXECUTE FUNCTION refuse();
        """);

    public override string ConnectionString(string place) =>
        $"{_server.ConnectionString(_name)};Search Path={place}";

    public override DbConnection Open() => Open(_name);

    // The database goes with its server.
    public override void Dispose()
    {
    }

    NpgsqlConnection Open(string database)
    {
        var connection = new NpgsqlConnection($"{_server.ConnectionString(database)};Search Path=journal");
        connection.Open();
        return connection;
    }
}
