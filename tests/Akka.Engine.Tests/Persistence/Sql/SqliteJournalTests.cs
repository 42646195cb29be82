using Akka.Actor;
using Akka.Persistence;
using Microsoft.Data.Sqlite;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>What is particular to SQLite.</summary>
public sealed class SqliteJournalTests : SqlJournalTests
{
    readonly SqliteTestDatabase _database;

    public SqliteJournalTests() : this(new SqliteTestDatabase())
    {
    }

    SqliteJournalTests(SqliteTestDatabase database) : base(database, Configuration(database)) => _database = database;

    [Fact]
    public void Plug_ins_with_files_of_their_own_make_them()
    {
        Start(Sys, this, options: new(Journal: "second", SnapshotStore: "chunks"));
        Assert.True(File.Exists(_database.PathTo("second")));
        Assert.True(File.Exists(_database.PathTo("chunks")));
    }

    [Fact]
    public void A_database_that_stays_locked_fails_the_write_and_is_usable_again_afterwards()
    {
        var ledger = Start(Sys, this);
        Watch(ledger);
        using (var connection = _database.Open())
        {
            using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
            ledger.Tell(new Ledger.WriteAsync("a"));
            ExpectMsg("commanded a");
            Assert.Contains("locked", ExpectMsg<Ledger.Failed>(TimeSpan.FromSeconds(30)).Cause);
            ExpectTerminated(ledger);
        }
        ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAsync("b"));
        ExpectMsg("commanded b");
        ExpectMsg("persisted b 1");
    }

    [Fact]
    public void The_tables_of_the_older_SQLite_plug_in_are_read_and_written()
    {
        _database.Execute(
            """
            CREATE TABLE event_journal (
              ordering INTEGER PRIMARY KEY NOT NULL, persistence_id VARCHAR(255) NOT NULL,
              sequence_nr INTEGER(8) NOT NULL, is_deleted INTEGER(1) NOT NULL, manifest VARCHAR(255) NULL,
              timestamp INTEGER NOT NULL, payload BLOB NOT NULL, tags VARCHAR(2000) NULL, serializer_id INTEGER(4),
              UNIQUE (persistence_id, sequence_nr));
            CREATE TABLE journal_metadata (
              persistence_id VARCHAR(255) NOT NULL, sequence_nr INTEGER(8) NOT NULL,
              PRIMARY KEY (persistence_id, sequence_nr));
            INSERT INTO event_journal VALUES (33, 'ledger', 7, 0, '', 638031836488595513, x'0102', NULL, 4);
            INSERT INTO journal_metadata VALUES ('ledger', 6);
            """);
        var ledger = Start(Sys, this, "0102", 7, new(Journal: "older"));
        ledger.Tell(new Ledger.WriteObject(new byte[] { 3 }));
        ExpectMsg("persisted object");
        Assert.Equal(
            ["7|0102|4", "8|03|4"],
            _database.Query("SELECT sequence_nr, payload, serializer_id FROM event_journal ORDER BY ordering"));
        ledger.Tell(new Ledger.DeleteTo(8));
        ExpectMsg<DeleteMessagesSuccess>();
        Assert.Equal(["ledger|8"], _database.Query("SELECT * FROM journal_metadata"));
        Start(Sys, this, "", 8, new(Journal: "older"));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("missing")]
    public void A_file_that_cannot_be_used_fails_the_recovery_with_a_reason(string journal)
    {
        File.WriteAllText(_database.PathTo("garbage"), new string('x', 8192));
        var ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor, new(Journal: journal)));
        Watch(ledger);
        var failed = ExpectMsg<Ledger.Failed>(TimeSpan.FromSeconds(30));
        Assert.Equal("recovery ", failed.What);
        ExpectTerminated(ledger);
        if (BundledFactAttribute.IsBundled)
            Assert.Contains(Path.GetDirectoryName(_database.JournalFile)!, failed.Cause);
    }

    [BundledFact]
    public void A_database_that_is_repaired_is_used_without_a_restart()
    {
        File.WriteAllText(_database.PathTo("garbage"), new string('x', 8192));
        Sys.ActorOf(Ledger.Props("ledger", TestActor, new(Journal: "garbage")));
        ExpectMsg<Ledger.Failed>();
        File.Delete(_database.PathTo("garbage"));
        Start(Sys, this, options: new(Journal: "garbage"));
    }

    [BundledFact]
    public async Task The_file_is_free_when_the_system_has_terminated()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll("a"));
        ExpectMsg("persisted a 1");
        await Sys.Terminate();
        // SQLite removes the write-ahead log when the last connection is closed.
        Assert.False(File.Exists(_database.JournalFile + "-wal"));
        Assert.Equal(["1"], _database.Query("SELECT sequence_number FROM journal"));
    }

    [BundledTheory]
    [InlineData("memory", "memory.connection-string is 'Data Source=:memory:'. It must name a file")]
    [InlineData("typo", "typo.connection-string is 'Datasurce=x'. Connection string keyword 'datasurce'")]
    public void A_connection_string_that_names_no_file_is_refused(string id, string sentence)
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(Sys);
        var refusal = Assert.Throws<Akka.Configuration.ConfigurationException>(() => persistence.SnapshotStoreFor(id));
        Assert.StartsWith(sentence, refusal.Message);
    }

    [BundledFact]
    public void Another_provider_is_refused_where_the_journal_is_asked_for()
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(Sys);
        var refusal = Assert.Throws<Akka.Configuration.ConfigurationException>(() => persistence.JournalFor("other"));
        Assert.Equal(
            "other.provider-name is 'Oracle.Managed'; the bundled engine knows 'SQLite.MS' and 'PostgreSQL.15' " +
            "(and older versions of it).",
            refusal.Message);
    }

    static string Configuration(SqliteTestDatabase database) =>
        $$"""
        {{database.Plugin("other", "Journal.SqlWriteJournal", "x", "provider-name = Oracle.Managed")}}
        {{database.Plugin("garbage", "Journal.SqlWriteJournal", "garbage")}}
        {{database.Plugin(
            "older", "Journal.SqlWriteJournal", database.Journal,
            "table-mapping = sqlite\n tag-write-mode = Csv\n delete-compatibility-mode = true")}}
        {{database.Plugin("missing", "Journal.SqlWriteJournal", "no/such/directory")}}
        {{database.Plugin(
            "memory", "Snapshot.SqlSnapshotStore", "x", "connection-string = \"Data Source=:memory:\"")}}
        {{database.Plugin("typo", "Snapshot.SqlSnapshotStore", "x", "connection-string = \"Datasurce=x\"")}}
        """;
}
