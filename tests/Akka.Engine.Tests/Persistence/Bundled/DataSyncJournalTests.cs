using Akka.Actor;
using Akka.Engine.Tests.Persistence.Sql;

namespace Akka.Engine.Tests.Persistence.Bundled;

/// <summary>What the journal makes of the syncs of its log.</summary>
public sealed class DataSyncJournalTests : Akka.TestKit.Xunit2.TestKit
{
    readonly SqliteTestDatabase _database;

    public DataSyncJournalTests() : this(new SqliteTestDatabase())
    {
    }

    DataSyncJournalTests(SqliteTestDatabase database) : base(Configuration(database)) => _database = database;

    string JournalLog => _database.JournalFile + "-wal";

    [LinuxFact]
    public void An_event_is_told_as_persisted_after_a_sync_of_the_log()
    {
        var ledger = Start();
        for (var i = 1; i <= 10; i++)
        {
            var before = Syncs();
            ledger.Tell(new Ledger.WriteAll("x"));
            ExpectMsg($"persisted x {i}");
            Assert.Equal(before + 1, Syncs());
        }
    }

    [LinuxFact]
    public void A_sync_that_fails_fails_the_write_and_the_journal_is_usable_when_the_disk_is()
    {
        var ledger = Start();
        Watch(ledger);
        ledger.Tell(new Ledger.WriteAll("a"));
        ExpectMsg("persisted a 1");
        SyncWitness.Fail(JournalLog, true);
        ledger.Tell(new Ledger.WriteAll("b"));
        Assert.Equal(
            new Ledger.Failed(
                "persist b", 2,
                $"Reading or writing the database '{_database.JournalFile}' failed " +
                "(disk I/O error, SQLite code 1034)."),
            ExpectMsg<Ledger.Failed>());
        ExpectTerminated(ledger);
        SyncWitness.Fail(JournalLog, false);
        ledger = Start("a", 1);
        ledger.Tell(new Ledger.WriteAll("c"));
        ExpectMsg("persisted c 2");
        Start("a,c", 2);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _database.Dispose();
    }

    IActorRef Start(string entries = "", long sequenceNr = 0)
    {
        var ledger = Sys.ActorOf(Ledger.Props("ledger", TestActor, new(Journal: "witness")));
        ExpectMsg(new Ledger.Recovered(entries, sequenceNr), TimeSpan.FromSeconds(20));
        return ledger;
    }

    int Syncs() =>
        SyncWitness.SyncsBelow(Path.GetDirectoryName(JournalLog)!).Count(file => file == Path.GetFileName(JournalLog));

    static string Configuration(SqliteTestDatabase database) => database.Configuration() + "\n" + database.Plugin(
        "witness", "Journal.SqlWriteJournal", database.Journal,
        $"connection-string = \"{database.ConnectionString(database.Journal)};Vfs={SyncWitness.Name}\"");
}
