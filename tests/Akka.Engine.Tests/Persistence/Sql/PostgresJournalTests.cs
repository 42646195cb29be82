using Akka.Actor;
using Akka.Persistence;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>What is particular to PostgreSQL.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresJournalTests : SqlJournalTests
{
    readonly PostgresTestDatabase _database;

    public PostgresJournalTests(PostgresFixture fixture) : this(new PostgresTestDatabase(fixture))
    {
    }

    PostgresJournalTests(PostgresTestDatabase database) : base(database, Configuration(database)) =>
        _database = database;

    [PostgresFact]
    public void Tables_have_the_columns_that_Akka_Persistence_Sql_gives_them()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.TakeSnapshot());
        ExpectMsg<SaveSnapshotSuccess>();
        const string columns =
            "SELECT column_name, data_type, is_nullable, is_identity " +
            "FROM information_schema.columns WHERE table_name = '{0}' ORDER BY ordinal_position";
        Assert.Equal(
            [
                "ordering|bigint|NO|YES", "created|bigint|NO|NO", "deleted|boolean|NO|NO",
                "persistence_id|text|NO|NO", "sequence_number|bigint|NO|NO", "message|bytea|NO|NO",
                "manifest|text|YES|NO", "identifier|integer|YES|NO",
                "writer_uuid|text|YES|NO",
            ],
            _database.Query(string.Format(null, columns, "journal")));
        Assert.Equal(
            [
                "ordering_id|bigint|NO|NO", "tag|text|NO|NO", "sequence_nr|bigint|NO|NO",
                "persistence_id|text|NO|NO",
            ],
            _database.Query(string.Format(null, columns, "tags")));
        Assert.Equal(
            [
                "persistence_id|text|NO|NO", "sequence_number|bigint|NO|NO", "created|bigint|NO|NO",
                "snapshot|bytea|YES|NO", "manifest|text|YES|NO", "serializer_id|integer|YES|NO",
            ],
            _database.Query(string.Format(null, columns, "snapshot")));
    }

    [PostgresFact]
    public void Keys_and_indexes_bear_the_names_that_Akka_Persistence_Sql_gives_them()
    {
        Start(Sys, this);
        Assert.Equal(
            ["PK_journal", "PK_tags", "journal_created_idx", "journal_sequence_number_idx", "journal_uq",
                "tags_persistence_id_sequence_nr_idx", "tags_tag_idx"],
            _database.Query("SELECT indexname FROM pg_indexes WHERE schemaname = 'journal' ORDER BY indexname"));
    }

    [PostgresFact]
    public void Events_that_are_sent_together_arrive_whole_and_in_order()
    {
        var ledger = Start(Sys, this);
        for (var i = 1; i <= 3000; i++)
            ledger.Tell(new Ledger.WriteAsync($"{i}"));
        var persisted = ReceiveN(6000, TimeSpan.FromSeconds(60)).OfType<string>().Where(s => s.StartsWith("persisted"));
        Assert.Equal(Enumerable.Range(1, 3000).Select(i => $"persisted {i} {i}"), persisted);
        Assert.Equal(["3000|3000"], _database.Query("SELECT count(*), max(sequence_number) FROM journal"));
    }

    [PostgresFact]
    public void The_tables_of_the_older_PostgreSQL_plug_in_are_read_and_written()
    {
        _database.Execute(
            """
            CREATE TABLE public.event_journal (
              ordering BIGSERIAL PRIMARY KEY, persistence_id VARCHAR(255) NOT NULL, sequence_nr BIGINT NOT NULL,
              is_deleted BOOLEAN NOT NULL, created_at BIGINT NOT NULL, manifest VARCHAR(500) NOT NULL,
              payload BYTEA NOT NULL, tags VARCHAR(100) NULL, serializer_id INTEGER NULL,
              CONSTRAINT event_journal_uq UNIQUE (persistence_id, sequence_nr));
            CREATE TABLE public.metadata (
              persistence_id VARCHAR(255) NOT NULL, sequence_nr BIGINT NOT NULL,
              CONSTRAINT metadata_pk PRIMARY KEY (persistence_id, sequence_nr));
            INSERT INTO public.event_journal VALUES (
              33, 'ledger', 7, false, 638031836488595513, '', '\x0102', NULL, 4);
            INSERT INTO public.metadata VALUES ('ledger', 6);
            SELECT setval('public.event_journal_ordering_seq', 33);
            """);
        var ledger = Start(Sys, this, "0102", 7, new(Journal: "older"));
        ledger.Tell(new Ledger.WriteObject(new byte[] { 3 }));
        ExpectMsg("persisted object");
        Assert.Equal(
            ["33|7|0102|4", "34|8|03|4"],
            _database.Query(
                "SELECT ordering, sequence_nr, payload, serializer_id FROM public.event_journal ORDER BY ordering"));
        ledger.Tell(new Ledger.DeleteTo(8));
        ExpectMsg<DeleteMessagesSuccess>();
        Assert.Equal(["ledger|8"], _database.Query("SELECT * FROM public.metadata"));
        Start(Sys, this, "", 8, new(Journal: "older"));
    }

    [PostgresFact(onlyBundled: true)]
    public void Who_may_not_create_tables_can_use_those_that_are_there()
    {
        Start(Sys, this);
        _database.Execute(
            $"""
            CREATE ROLE {_database.Database}_user LOGIN;
            GRANT USAGE ON SCHEMA journal TO {_database.Database}_user;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA journal TO {_database.Database}_user;
            """);
        var ledger = Start(Sys, this, options: new(Journal: "restricted"));
        ledger.Tell(new Ledger.WriteAll("a"));
        ExpectMsg("persisted a 1");
    }

    [PostgresFact(onlyBundled: true)]
    public void A_server_that_was_restarted_between_two_events_is_no_failure()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll("a"));
        ExpectMsg("persisted a 1");
        _database.Server.Restart();
        ledger.Tell(new Ledger.WriteAll("b"));
        ExpectMsg("persisted b 2");
        Start(Sys, this, "a,b", 2);
    }

    [PostgresFact]
    public void A_server_that_is_gone_fails_the_event_and_is_used_again_when_it_is_back()
    {
        var ledger = Start(Sys, this);
        Watch(ledger);
        _database.Server.Stop();
        ledger.Tell(new Ledger.WriteAsync("a"));
        ExpectMsg("commanded a");
        var failed = ExpectMsg<Ledger.Failed>(TimeSpan.FromSeconds(30));
        Assert.Equal("persist a", failed.What);
        if (BundledFactAttribute.IsBundled)
            Assert.StartsWith($"PostgreSQL at '127.0.0.1:{_database.Server.Port}/{_database.Database}'", failed.Cause);
        ExpectTerminated(ledger);
        _database.Server.Restart();
        ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll("b"));
        ExpectMsg("persisted b 1");
    }

    [PostgresTheory(onlyBundled: true)]
    [InlineData("absent", "Database=absent", "database \"absent\" does not exist")]
    [InlineData("stranger", "Username=stranger", "role \"stranger\" does not exist")]
    [InlineData("closed", "Port=1", "can't be reached")]
    public void A_database_that_cannot_be_used_fails_the_recovery_with_a_sentence(
        string journal, string option, string sentence)
    {
        var ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor, new(Journal: journal)));
        Watch(ledger);
        var failed = ExpectMsg<Ledger.Failed>(TimeSpan.FromSeconds(30));
        Assert.Equal("recovery ", failed.What);
        Assert.Contains(sentence, failed.Cause);
        Assert.Contains(option, Sys.Settings.Config.GetString($"{journal}.connection-string"));
        ExpectTerminated(ledger);
    }

    [PostgresTheory(onlyBundled: true)]
    [InlineData("hostless", "hostless.connection-string is 'Database=x'. It must name a server")]
    [InlineData("typo", "typo.connection-string is 'Hots=x'. Couldn't set hots")]
    public void A_connection_string_that_names_no_server_is_refused(string id, string sentence)
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(Sys);
        var refusal = Assert.Throws<Akka.Configuration.ConfigurationException>(() => persistence.JournalFor(id));
        Assert.StartsWith(sentence, refusal.Message);
    }

    static string Configuration(PostgresTestDatabase database)
    {
        return
            $$"""
            {{database.Plugin(
                "older", "Journal.SqlWriteJournal", database.Journal,
                "table-mapping = postgresql\n tag-write-mode = Csv\n delete-compatibility-mode = true")}}
            {{With("restricted", $"Username={database.Database}_user")}}
            {{With("absent", "Database=absent")}}
            {{With("stranger", "Username=stranger")}}
            {{With("closed", "Port=1")}}
            {{database.Plugin("hostless", "Journal.SqlWriteJournal", "x", "connection-string = \"Database=x\"")}}
            {{database.Plugin("typo", "Journal.SqlWriteJournal", "x", "connection-string = \"Hots=x\"")}}
            """;

        string With(string id, string option) => database.Plugin(
            id, "Journal.SqlWriteJournal", "x",
            $"connection-string = \"{database.ConnectionString("journal")};{option}\"");
    }
}
