using Akka.Actor;
using Akka.Configuration;
using Akka.Engine.Tests.Persistence.Sql;
using Akka.Zab.Client;
using Npgsql;

namespace Akka.Zab.Tests.Hosting;

/// <summary>A fact that needs PostgreSQL.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Programs is null) Skip = "PostgreSQL is not installed in /usr/lib/postgresql.";
    }
}

/// <summary>A member whose journal and snapshots are in PostgreSQL.</summary>
public sealed class PostgresTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;
    private readonly Lazy<PostgresServer> _server = new(PostgresServer.Start);

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [PostgresFact]
    public async Task What_a_member_acknowledged_is_in_the_database_and_survives_it()
    {
        var system = Start();
        await using (var client = await ZabClient.ConnectAsync(system, [])) await client.CreateAsync("/a", [1, 2]);
        await system.Terminate().WaitAsync(Patience);
        Assert.Equal(["lock"], Directory.GetFiles(_folder).Select(Path.GetFileName));

        system = Start();
        await using (var client = await ZabClient.ConnectAsync(system, []))
            Assert.Equal([1, 2], (await client.GetDataAsync("/a")).Data!);
        await system.Terminate().WaitAsync(Patience);
    }

    [PostgresFact]
    public void A_database_that_could_lose_an_acknowledged_write_is_refused()
    {
        Assert.Equal("on", Ask("SHOW fsync"));
        Ask("ALTER DATABASE postgres SET synchronous_commit = off");
        Assert.Equal(
            "The PostgreSQL database of akka.zab.journal.connection-string runs with synchronous_commit = off: " +
            "an acknowledged write could be lost.",
            Assert.Throws<ConfigurationException>(() => Start()).Message);
        Ask("ALTER DATABASE postgres RESET synchronous_commit");
        Ask("ALTER SYSTEM SET fsync = off");
        _server.Value.Restart();
        Assert.Contains("runs with fsync = off", Assert.Throws<ConfigurationException>(() => Start()).Message);
    }

    [PostgresFact]
    public void A_database_that_cannot_be_reached_is_refused_with_a_sentence_that_keeps_the_password_to_itself()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Start("Database=absent;Password=secret"));
        Assert.Equal(
            "The PostgreSQL database of akka.zab.journal.connection-string cannot be used: " +
            "database \"absent\" does not exist",
            refusal.Message);
        refusal = Assert.Throws<ConfigurationException>(() => Start("Port=1;Password=secret"));
        Assert.StartsWith("The PostgreSQL database of akka.zab.journal.connection-string cannot be used", refusal.Message);
        Assert.DoesNotContain("secret", refusal.Message);
    }

    private ActorSystem Start(string more = "")
    {
        var store = $$"""
            provider-name = "PostgreSQL.15"
            connection-string = "{{_server.Value.ConnectionString("postgres")}};{{more}}"
            """;
        return ActorSystem.Create("zab", ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = WARNING
              akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
              akka.zab { data-dir = "{{_folder}}", tick-time = 200ms }
              akka.zab.journal { {{store}} }
              akka.zab.snapshots { {{store}} }
              """));
    }

    private string? Ask(string sql)
    {
        using var connection = new NpgsqlConnection(_server.Value.ConnectionString("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar()?.ToString();
    }
}
