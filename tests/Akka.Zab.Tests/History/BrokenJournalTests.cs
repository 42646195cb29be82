using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit;
using Akka.Zab.History;
using Akka.Zab.Replica;
using Microsoft.Data.Sqlite;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.History;

/// <summary>A journal that cannot be written, and one that was damaged.</summary>
public sealed class BrokenJournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zab-history-").FullName;

    [Fact]
    public void A_journal_that_cannot_be_written_stops_the_server_and_acknowledges_nothing()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit($$"""
            akka.loglevel = OFF
            akka.zab.journal.class = "{{typeof(FullJournal).AssemblyQualifiedName}}"
            akka.zab.snapshots.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
            """);
        var supervisor = kit.CreateTestProbe();
        var history = Start(kit, supervisor);
        kit.ExpectMsg<Recovered>();

        history.Tell(new AcceptEpoch(1, 1), kit.TestActor);

        Assert.Contains("disk full", supervisor.ExpectMsg<HistoryFailed>().Reason);
        kit.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_damaged_row_stops_the_server_with_a_sentence_that_says_which()
    {
        using (var kit = new Akka.TestKit.Xunit2.TestKit(Sqlite))
        {
            var history = Start(kit, kit.CreateTestProbe());
            kit.ExpectMsg<Recovered>();
            history.Tell(new AcceptEpoch(1, 1), kit.TestActor);
            history.Tell(new EstablishEpoch(2, 1, null, 0, []), kit.TestActor);
            history.Tell(new AppendBatch(3, Batch(1, 1, 5), 0), kit.TestActor);
            history.Tell(new AppendBatch(4, Batch(1, 6, 6), 0), kit.TestActor);
            for (var i = 1; i <= 4; i++)
                Assert.Equal(i, kit.ExpectMsg<Durable>().Number);
        }

        Damage(row: 3);

        using (var kit = new Akka.TestKit.Xunit2.TestKit(Sqlite))
        {
            var supervisor = kit.CreateTestProbe();
            Start(kit, supervisor);

            var reason = supervisor.ExpectMsg<HistoryFailed>(TimeSpan.FromSeconds(10)).Reason;
            Assert.Contains("after row 2", reason);
            Assert.Contains("checksum", reason);
            kit.ExpectNoMsg(TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private string DataSource => $"Data Source={Path.Combine(folder, "journal.db")}";

    private string Sqlite => $$"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.actor {
          serializers.zab-history = "Akka.Zab.History.HistorySerializer, Akka.Zab"
          serialization-bindings {
            "Akka.Zab.History.HistoryEvent, Akka.Zab" = zab-history
            "Akka.Zab.History.SnapshotPart, Akka.Zab" = zab-history
          }
        }
        akka.zab.journal {
          class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
          plugin-id = "akka.zab.journal"
          provider-name = "SQLite.MS"
          connection-string = "{{DataSource.Replace("\\", "\\\\")}}"
          auto-initialize = true
          replay-filter.mode = off
        }
        akka.zab.snapshots.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
        """;

    private static IActorRef Start(Akka.TestKit.Xunit2.TestKit kit, TestProbe supervisor)
    {
        var settings = new HistorySettings { PersistenceId = "zab-1" };
        var history = supervisor.ChildActorOf(HistoryActor.Props(settings, kit.CreateTestProbe()));
        history.Tell(new OpenHistory(), kit.TestActor);
        return history;
    }

    private void Damage(int row)
    {
        using var connection = new SqliteConnection(DataSource);
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = $"SELECT message FROM journal WHERE sequence_number = {row}";
        var message = (byte[])read.ExecuteScalar()!;
        message[^1] ^= 1;
        using var write = connection.CreateCommand();
        write.CommandText = $"UPDATE journal SET message = $message WHERE sequence_number = {row}";
        write.Parameters.AddWithValue("$message", message);
        Assert.Equal(1, write.ExecuteNonQuery());
    }

    public sealed class FullJournal : MemoryJournal
    {
        protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages) =>
            Task.FromException<IImmutableList<Exception>>(new IOException("disk full"));
    }
}
