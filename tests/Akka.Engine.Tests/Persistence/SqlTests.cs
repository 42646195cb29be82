using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace Akka.Engine.Tests.Persistence;

/// <summary>The SQL plug-ins pass the tests of the ones in memory.</summary>
public sealed class SqlRecoveryTests : RecoveryTests
{
    readonly SqlDatabase _database;

    public SqlRecoveryTests() : this(new SqlDatabase())
    {
    }

    SqlRecoveryTests(SqlDatabase database) : base(database.Configuration()) => _database = database;

    protected override void AfterAll()
    {
        base.AfterAll();
        _database.Dispose();
    }
}

public sealed class SqlSnapshotStoreTests : SnapshotStoreTests
{
    readonly SqlDatabase _database;

    public SqlSnapshotStoreTests() : this(new SqlDatabase())
    {
    }

    SqlSnapshotStoreTests(SqlDatabase database)
        : base(database.Configuration(), "akka.persistence.snapshot-store.sql") => _database = database;

    protected override void AfterAll()
    {
        base.AfterAll();
        _database.Dispose();
    }
}

/// <summary>What is particular to a journal in a database.</summary>
public sealed class SqlJournalTests : Akka.TestKit.Xunit2.TestKit
{
    readonly SqlDatabase _database;

    public SqlJournalTests() : this(new SqlDatabase())
    {
    }

    SqlJournalTests(SqlDatabase database) : base(Configuration(database)) => _database = database;

    [Fact]
    public async Task Events_and_snapshots_outlive_the_system()
    {
        var ledger = Start(Sys, this);
        for (var i = 1; i <= 100; i++)
            ledger.Tell(new Ledger.WriteAsync($"{i}"));
        ReceiveN(200);
        ledger.Tell(new Ledger.TakeSnapshot());
        ExpectMsg<SaveSnapshotSuccess>();
        ledger.Tell(new Ledger.WriteAll("101", "102"));
        ReceiveN(2);
        ledger.Tell(new Ledger.DeleteTo(100));
        ExpectMsg<DeleteMessagesSuccess>();
        await Sys.Terminate();

        using var second = ActorSystem.Create("second", Configuration(_database));
        var probe = CreateTestProbe(second);
        Start(second, probe, string.Join(",", Enumerable.Range(1, 102)), 102);
        await second.Terminate();
    }

    [Fact]
    public void A_row_holds_the_event_as_its_serializer_made_it()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteObject(new byte[] { 1, 2, 0xAB }));
        ExpectMsg("persisted object");
        ledger.Tell(new Ledger.WriteObject(Array.Empty<byte>()));
        ExpectMsg("persisted object");
        Assert.Equal(
            ["1|0|ledger|1|0102AB|4|", "2|0|ledger|2||4|"],
            _database.Query(
                "SELECT ordering, deleted, persistence_id, sequence_number, message, identifier, manifest " +
                "FROM journal ORDER BY ordering"));
        Assert.Equal(["2"], _database.Query("SELECT count(*) FROM journal WHERE length(writer_uuid) = 32"));
        Assert.Equal(["2"], _database.Query($"SELECT count(*) FROM journal WHERE created > {Ticks(-1)}"));
        Assert.Equal(["0"], _database.Query($"SELECT count(*) FROM journal WHERE created > {Ticks(+1)}"));
    }

    [Fact]
    public void The_row_of_the_highest_number_stays_marked_when_everything_is_deleted()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll(Enumerable.Range(1, 600).Select(i => $"{i}").ToArray()));
        ReceiveN(600);
        ledger.Tell(new Ledger.DeleteTo(600));
        ExpectMsg(new DeleteMessagesSuccess(600));
        Assert.Equal(["600|1"], _database.Query("SELECT sequence_number, deleted FROM journal"));
    }

    [Fact]
    public void A_number_that_is_taken_fails_the_write_and_stops_only_that_actor()
    {
        var ledger = Start(Sys, this);
        var bystander = CreateTestProbe();
        var other = Sys.ActorOf(Ledger.Props("other", bystander));
        bystander.ExpectMsg<Ledger.Recovered>();
        _database.Execute(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, identifier, manifest) " +
            "VALUES (0, 0, 'ledger', 1, x'00', 4, '')");
        Watch(ledger);
        ledger.Tell(new Ledger.WriteAsync("a"));
        other.Tell(new Ledger.WriteAsync("b"));
        ExpectMsg("commanded a");
        var failed = ExpectMsg<Ledger.Failed>();
        Assert.Equal("persist a", failed.What);
        Assert.Equal(1, failed.SequenceNr);
        ExpectTerminated(ledger);
        bystander.ExpectMsg("commanded b");
        bystander.ExpectMsg("persisted b 1");
    }

    [Fact]
    public void A_database_that_stays_locked_fails_the_write_and_is_usable_again_afterwards()
    {
        var ledger = Start(Sys, this);
        Watch(ledger);
        using (var connection = _database.Open())
        {
            using var transaction = connection.BeginTransaction(deferred: false);
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
    public void A_refused_insert_leaves_no_part_of_an_atomic_write()
    {
        var ledger = Start(Sys, this);
        _database.Execute(
            "CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.sequence_number = 3 " +
            "BEGIN SELECT RAISE(ABORT, 'no room'); END");
        Watch(ledger);
        ledger.Tell(new Ledger.WriteAll("a", "b", "c"));
        Assert.Contains("no room", ExpectMsg<Ledger.Failed>().Cause);
        ExpectTerminated(ledger);
        Start(Sys, this);
    }

    [Fact]
    public void An_event_that_cannot_be_serialised_is_rejected_and_the_others_are_written()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll("a", "unwritable"));
        var failed = ExpectMsg<Ledger.Failed>();
        Assert.Equal("rejected a", failed.What);
        Assert.Equal("rejected unwritable", ExpectMsg<Ledger.Failed>().What);
        ledger.Tell(new Ledger.WriteAll("b"));
        ExpectMsg("persisted b 3");
        Assert.Equal(["3|b|one|4711"], _database.Query(
            "SELECT sequence_number, CAST(message AS TEXT), manifest, identifier FROM journal"));
    }

    [Fact]
    public void Plug_ins_with_files_of_their_own_work_side_by_side()
    {
        var ledger = Start(Sys, this, options: new(Journal: "second", SnapshotStore: "chunks"));
        ledger.Tell(new Ledger.WriteAll("a", "b"));
        ReceiveN(2);
        ledger.Tell(new Ledger.TakeSnapshot());
        ExpectMsg<SaveSnapshotSuccess>();
        Start(Sys, this, options: new(Journal: "akka.persistence.journal.sql"));
        Start(Sys, this, "a,b", 2, new(Journal: "second", SnapshotStore: "chunks"));
        Assert.True(File.Exists(_database.PathTo("second.db")));
        Assert.True(File.Exists(_database.PathTo("chunks.db")));
        Assert.Empty(_database.Query("SELECT 1 FROM journal"));
    }

    [Fact]
    public void Tags_of_an_event_go_to_their_table_and_leave_with_it()
    {
        var ledger = Start(Sys, this, options: new(Journal: "tagged"));
        ledger.Tell(new Ledger.WriteAll("a", "b"));
        ReceiveN(2);
        const string tags = "SELECT ordering_id, tag, persistence_id, sequence_nr FROM tags ORDER BY 1, 2";
        Assert.Equal(["1|even|ledger|1", "1|odd|ledger|1", "2|even|ledger|2", "2|odd|ledger|2"], _database.Query(tags));
        ledger.Tell(new Ledger.DeleteTo(1));
        ExpectMsg<DeleteMessagesSuccess>();
        Assert.Equal(["2|even|ledger|2", "2|odd|ledger|2"], _database.Query(tags));
        Start(Sys, this, "b", 2, new(Journal: "tagged"));
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
        File.WriteAllText(_database.PathTo("garbage.db"), new string('x', 8192));
        var ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor, new(Journal: journal)));
        Watch(ledger);
        var failed = ExpectMsg<Ledger.Failed>(TimeSpan.FromSeconds(30));
        Assert.Equal("recovery ", failed.What);
        ExpectTerminated(ledger);
        if (BundledFactAttribute.IsBundled)
            Assert.Contains(_database.PathTo(""), failed.Cause);
    }

    [BundledFact]
    public void A_database_that_is_repaired_is_used_without_a_restart()
    {
        File.WriteAllText(_database.PathTo("garbage.db"), new string('x', 8192));
        Sys.ActorOf(Ledger.Props("ledger", TestActor, new(Journal: "garbage")));
        ExpectMsg<Ledger.Failed>();
        File.Delete(_database.PathTo("garbage.db"));
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
        Assert.False(File.Exists(_database.Journal + "-wal"));
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
        var refusal = Assert.Throws<Akka.Configuration.ConfigurationException>(
            () => persistence.JournalFor("postgres"));
        Assert.Equal(
            "postgres.provider-name is 'PostgreSQL.15'; the bundled engine knows 'SQLite.MS' only.", refusal.Message);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _database.Dispose();
    }

    static string Configuration(SqlDatabase database) =>
        $$"""
        akka.persistence.journal-plugin-fallback.recovery-event-timeout = 5s
        {{database.Configuration()}}
        {{SqlDatabase.Plugin("second", "Journal.SqlWriteJournal", database.PathTo("second.db"))}}
        {{SqlDatabase.Plugin("chunks", "Snapshot.SqlSnapshotStore", database.PathTo("chunks.db"))}}
        {{SqlDatabase.Plugin("garbage", "Journal.SqlWriteJournal", database.PathTo("garbage.db"))}}
        {{SqlDatabase.Plugin(
            "older", "Journal.SqlWriteJournal", database.Journal,
            "table-mapping = sqlite\n tag-write-mode = Csv\n delete-compatibility-mode = true")}}
        {{SqlDatabase.Plugin("missing", "Journal.SqlWriteJournal", database.PathTo("no/such/directory.db"))}}
        {{SqlDatabase.Plugin(
            "memory", "Snapshot.SqlSnapshotStore", "x", "connection-string = \"Data Source=:memory:\"")}}
        {{SqlDatabase.Plugin("typo", "Snapshot.SqlSnapshotStore", "x", "connection-string = \"Datasurce=x\"")}}
        {{SqlDatabase.Plugin("postgres", "Journal.SqlWriteJournal", "x", "provider-name = PostgreSQL.15")}}
        {{SqlDatabase.Plugin(
            "tagged", "Journal.SqlWriteJournal", database.Journal,
            """
            event-adapters.tagging = "Akka.Engine.Tests.Persistence.Tagging, Akka.Engine.Tests"
            event-adapter-bindings { "System.String, System.Private.CoreLib" = tagging }
            """)}}
        """;

    static IActorRef Start(
        ActorSystem system, TestKitBase kit, string entries = "", long sequenceNr = 0,
        Ledger.Options? options = null)
    {
        var ledger = system.ActorOf(Ledger.Props("ledger", kit.TestActor, options));
        kit.ExpectMsg(new Ledger.Recovered(entries, sequenceNr));
        return ledger;
    }

    static long Ticks(int hours) => DateTime.UtcNow.AddHours(hours).Ticks;
}

/// <summary>Tags every event with the same two tags.</summary>
public sealed class Tagging : Akka.Persistence.Journal.IWriteEventAdapter
{
    public string Manifest(object evt) => "";

    public object ToJournal(object evt) => new Akka.Persistence.Journal.Tagged(evt, ["odd", "even"]);
}
