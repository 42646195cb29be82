using Akka.Configuration;
using Akka.Zab.Hosting;
using Microsoft.Data.Sqlite;

namespace Akka.Zab.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_made_and_held_by_one()
    {
        var path = Path.Combine(_folder, "a", "b");
        using (DataFolder.Open(path)) Assert.Throws<ConfigurationException>(() => DataFolder.Open(path));
        DataFolder.Open(path).Dispose();
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "");
        Assert.StartsWith(
            $"The folder {path} of akka.zab.data-dir cannot be made", Assert.Throws<ConfigurationException>(() => DataFolder.Open(path)).Message);
    }

    [Fact]
    public void A_database_file_is_left_with_a_write_ahead_log_for_whoever_opens_it()
    {
        var path = Path.Combine(_folder, "journal.db");
        var connectionString = SqliteFile.Prepare(path);
        Assert.Equal("wal", Ask(connectionString, "PRAGMA journal_mode"));
        Assert.Equal("2", Ask(connectionString, "PRAGMA synchronous"));
        SqliteFile.Prepare(path);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        var path = Path.Combine(_folder, "journal.db");
        File.WriteAllText(path, string.Join(' ', Enumerable.Repeat("This is no database.", 100)));
        Assert.StartsWith(
            $"The file {path} cannot be used as a SQLite database",
            Assert.Throws<ConfigurationException>(() => SqliteFile.Prepare(path)).Message);
    }

    [Fact]
    public void The_table_of_the_journal_has_one_index_also_in_a_file_that_had_more()
    {
        var path = Path.Combine(_folder, "journal.db");
        var connectionString = SqliteFile.Prepare(path, withJournal: true);
        const string indexes = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'index'";
        Assert.Equal("journal_uq", Ask(connectionString, indexes));
        Ask(connectionString, "CREATE INDEX journal_created_idx ON journal (created); SELECT 1");
        Ask(connectionString, "CREATE INDEX journal_sequence_number_idx ON journal (sequence_number); SELECT 1");
        Assert.Equal("journal_uq,journal_created_idx,journal_sequence_number_idx", Ask(connectionString, indexes));
        SqliteFile.Prepare(path, withJournal: true);
        Assert.Equal("journal_uq", Ask(connectionString, indexes));
    }

    private static string Ask(string connectionString, string pragma)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return command.ExecuteScalar()!.ToString()!;
    }
}
