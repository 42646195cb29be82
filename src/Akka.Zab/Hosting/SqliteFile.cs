using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace Akka.Zab.Hosting;

/// <summary>
/// A SQLite file as an acknowledged write needs it: with a write-ahead log, which is a property of the file, and
/// written through to the disk at every commit, which is what the SQLite that is shipped does unless a connection says
/// otherwise.
/// </summary>
internal static class SqliteFile
{
    private const string Full = "2";

    /// <summary>Makes the file if it is not there, sets its write-ahead log, and verifies both.</summary>
    /// <returns>The connection string for it.</returns>
    /// <exception cref="ConfigurationException">
    /// It cannot be used, or an acknowledged write could be lost with it.
    /// </exception>
    public static string Prepare(string path)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        try
        {
            using var connection = new SqliteConnection(connectionString);
            connection.Open();
            var mode = Pragma(connection, "journal_mode = WAL");
            if (!string.Equals(mode, "wal", StringComparison.OrdinalIgnoreCase))
                throw new ConfigurationException(
                    $"The file {path} has the journal mode {mode}; a write-ahead log is not possible there.");
            var synchronous = Pragma(connection, "synchronous");
            if (synchronous != Full)
                throw new ConfigurationException(
                    $"SQLite writes {path} with synchronous = {synchronous}, not FULL: " +
                    "an acknowledged write could be lost.");
        }
        catch (SqliteException e)
        {
            throw new ConfigurationException($"The file {path} cannot be used as a SQLite database: {e.Message}");
        }
        return connectionString;
    }

    private static string Pragma(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {pragma};";
        return command.ExecuteScalar()?.ToString() ?? "";
    }
}
