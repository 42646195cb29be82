using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>What is particular to a journal in a database, the same for each kind of database.</summary>
public abstract class SqlJournalTests : Akka.TestKit.Xunit2.TestKit
{
    protected SqlJournalTests(SqlTestDatabase database, string configuration = "")
        : base(configuration + Configuration(database)) => Database = database;

    protected SqlTestDatabase Database { get; }

    [StoreFact]
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

        using var second = ActorSystem.Create("second", Configuration(Database));
        var probe = CreateTestProbe(second);
        Start(second, probe, string.Join(",", Enumerable.Range(1, 102)), 102);
        await second.Terminate();
    }

    [StoreFact]
    public void A_row_holds_the_event_as_its_serializer_made_it()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteObject(new byte[] { 1, 2, 0xAB }));
        ExpectMsg("persisted object");
        ledger.Tell(new Ledger.WriteObject(Array.Empty<byte>()));
        ExpectMsg("persisted object");
        Assert.Equal(
            ["1|0|ledger|1|0102AB|4|", "2|0|ledger|2||4|"],
            Database.Query(
                "SELECT ordering, deleted, persistence_id, sequence_number, message, identifier, manifest " +
                "FROM journal ORDER BY ordering"));
        Assert.Equal(["2"], Database.Query("SELECT count(*) FROM journal WHERE length(writer_uuid) = 32"));
        Assert.Equal(["2"], Database.Query($"SELECT count(*) FROM journal WHERE created > {Ticks(-1)}"));
        Assert.Equal(["0"], Database.Query($"SELECT count(*) FROM journal WHERE created > {Ticks(+1)}"));
    }

    [StoreFact]
    public void The_row_of_the_highest_number_stays_marked_when_everything_is_deleted()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll(Enumerable.Range(1, 600).Select(i => $"{i}").ToArray()));
        ReceiveN(600);
        ledger.Tell(new Ledger.DeleteTo(600));
        ExpectMsg(new DeleteMessagesSuccess(600));
        Assert.Equal(["600|1"], Database.Query("SELECT sequence_number, deleted FROM journal"));
    }

    [StoreFact]
    public void A_number_that_is_taken_fails_the_write_and_stops_only_that_actor()
    {
        var ledger = Start(Sys, this);
        var bystander = CreateTestProbe();
        var other = Sys.ActorOf(Ledger.Props("other", bystander));
        bystander.ExpectMsg<Ledger.Recovered>();
        Database.Execute(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, identifier, manifest) " +
            $"VALUES (0, false, 'ledger', 1, {Database.Bytes("00")}, 4, '')");
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

    [StoreFact]
    public void A_refused_insert_leaves_no_part_of_an_atomic_write()
    {
        var ledger = Start(Sys, this);
        Database.Refuse(3, "no room");
        Watch(ledger);
        ledger.Tell(new Ledger.WriteAll("a", "b", "c"));
        Assert.Contains("no room", ExpectMsg<Ledger.Failed>().Cause);
        ExpectTerminated(ledger);
        Start(Sys, this);
    }

    [StoreFact]
    public void An_event_that_cannot_be_serialised_is_rejected_and_the_others_are_written()
    {
        var ledger = Start(Sys, this);
        ledger.Tell(new Ledger.WriteAll("a", "unwritable"));
        var failed = ExpectMsg<Ledger.Failed>();
        Assert.Equal("rejected a", failed.What);
        Assert.Equal("rejected unwritable", ExpectMsg<Ledger.Failed>().What);
        ledger.Tell(new Ledger.WriteAll("b"));
        ExpectMsg("persisted b 3");
        Assert.Equal(["3|62|one|4711"], Database.Query(
            "SELECT sequence_number, message, manifest, identifier FROM journal"));
    }

    [StoreFact]
    public void Plug_ins_with_places_of_their_own_work_side_by_side()
    {
        var ledger = Start(Sys, this, options: new(Journal: "second", SnapshotStore: "chunks"));
        ledger.Tell(new Ledger.WriteAll("a", "b"));
        ReceiveN(2);
        ledger.Tell(new Ledger.TakeSnapshot());
        ExpectMsg<SaveSnapshotSuccess>();
        Start(Sys, this, options: new(Journal: "akka.persistence.journal.sql"));
        Start(Sys, this, "a,b", 2, new(Journal: "second", SnapshotStore: "chunks"));
        Assert.Empty(Database.Query("SELECT 1 FROM journal"));
    }

    [StoreFact]
    public void Tags_of_an_event_go_to_their_table_and_leave_with_it()
    {
        var ledger = Start(Sys, this, options: new(Journal: "tagged"));
        ledger.Tell(new Ledger.WriteAll("a", "b"));
        ReceiveN(2);
        const string tags = "SELECT ordering_id, tag, persistence_id, sequence_nr FROM tags ORDER BY 1, 2";
        Assert.Equal(["1|even|ledger|1", "1|odd|ledger|1", "2|even|ledger|2", "2|odd|ledger|2"], Database.Query(tags));
        ledger.Tell(new Ledger.DeleteTo(1));
        ExpectMsg<DeleteMessagesSuccess>();
        Assert.Equal(["2|even|ledger|2", "2|odd|ledger|2"], Database.Query(tags));
        Start(Sys, this, "b", 2, new(Journal: "tagged"));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Database.Dispose();
    }

    static string Configuration(SqlTestDatabase database) =>
        $$"""

        akka.persistence.journal-plugin-fallback.recovery-event-timeout = 5s
        {{database.Configuration()}}
        {{database.Plugin("second", "Journal.SqlWriteJournal", "second")}}
        {{database.Plugin("chunks", "Snapshot.SqlSnapshotStore", "chunks")}}
        {{database.Plugin(
            "tagged", "Journal.SqlWriteJournal", database.Journal,
            """
            event-adapters.tagging = "Akka.Engine.Tests.Persistence.Sql.Tagging, Akka.Engine.Tests"
            event-adapter-bindings { "System.String, System.Private.CoreLib" = tagging }
            """)}}
        """;

    protected static IActorRef Start(
        ActorSystem system, TestKitBase kit, string entries = "", long sequenceNr = 0,
        Ledger.Options? options = null)
    {
        var ledger = system.ActorOf(Ledger.Props("ledger", kit.TestActor, options));
        kit.ExpectMsg(new Ledger.Recovered(entries, sequenceNr), TimeSpan.FromSeconds(20));
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
