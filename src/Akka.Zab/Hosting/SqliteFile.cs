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

    // The journal's table as Akka.Persistence.Sql lays it out, without what a member never asks of it: the indexes by
    // time and number, and the table that makes sure that no deleted row's ordering comes again. An append changes two
    // pages then, not five, and a lone write is synced sooner.
    private const string JournalTable = """
        CREATE TABLE IF NOT EXISTS [journal] (
          [ordering] INTEGER NOT NULL PRIMARY KEY, [created] BigInt NOT NULL, [deleted] Bit NOT NULL,
          [persistence_id] NVarChar(255) NOT NULL, [sequence_number] BigInt NOT NULL, [message] VarBinary NOT NULL,
          [tags] NVarChar(100) NULL, [manifest] NVarChar(500) NULL, [identifier] INTEGER NULL,
          [writer_uuid] NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS [journal_uq] ON [journal] ([persistence_id], [sequence_number]);
        DROP INDEX IF EXISTS [journal_created_idx];
        DROP INDEX IF EXISTS [journal_sequence_number_idx];
        """;

    /// <summary>Makes the file if it is not there, sets its write-ahead log, and verifies both.</summary>
    /// <param name="path">Where.</param>
    /// <param name="withJournal">Whether it is to have the journal's table.</param>
    /// <returns>The connection string for it.</returns>
    /// <exception cref="ConfigurationException">
    /// It cannot be used, or an acknowledged write could be lost with it.
    /// </exception>
    public static string Prepare(string path, bool withJournal = false)
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
            if (withJournal)
            {
                using var command = connection.CreateCommand();
                command.CommandText = JournalTable;
                command.ExecuteNonQuery();
            }
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
