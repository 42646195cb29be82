using Akka.Configuration;
using Npgsql;

namespace Akka.Zab.Hosting;

/// <summary>
/// A PostgreSQL database as an acknowledged write needs it: the server brings a transaction to its disk before it says
/// that the transaction is committed.
/// </summary>
internal static class PostgresDatabase
{
    private const int PatienceSeconds = 5;

    /// <summary>Verifies that the database can be used, and that what it commits is durable.</summary>
    /// <param name="connectionString">How it is reached.</param>
    /// <param name="key">The setting that says so, for messages, which never show the connection string itself.</param>
    /// <exception cref="ConfigurationException">
    /// It cannot be used, or an acknowledged write could be lost with it.
    /// </exception>
    public static void Verify(string connectionString, string key)
    {
        try
        {
            var options = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
            options.Timeout = options.CommandTimeout = PatienceSeconds;
            using var connection = new NpgsqlConnection(options.ConnectionString);
            connection.Open();
            // As they are for this user in this database: both may set them differently from the server.
            foreach (var setting in (ReadOnlySpan<string>)["fsync", "synchronous_commit"])
                if (Show(connection, setting) == "off")
                    throw new ConfigurationException(
                        $"The PostgreSQL database of {key} runs with {setting} = off: an acknowledged write could be " +
                        "lost.");
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException or TimeoutException)
        {
            var reason = e is PostgresException answer ? answer.MessageText : e.Message;
            throw new ConfigurationException($"The PostgreSQL database of {key} cannot be used: {reason}");
        }
    }

    private static string Show(NpgsqlConnection connection, string setting)
    {
        using var command = new NpgsqlCommand($"SHOW {setting}", connection);
        return command.ExecuteScalar()?.ToString() ?? "";
    }
}
