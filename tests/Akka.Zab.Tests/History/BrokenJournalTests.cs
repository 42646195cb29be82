using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
using Akka.TestKit;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tests.Protocol;
using Microsoft.Data.Sqlite;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.History;

/// <summary>A journal or a snapshot that cannot be written, and one that was damaged.</summary>
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

        Damage("journal", "sequence_number = 3", "message");

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

    [Fact]
    public void A_damaged_chunk_of_a_snapshot_stops_the_server_with_a_sentence_that_says_which_and_loses_nothing()
    {
        var tree = Trees.Large(Zxid.Of(1, 9), chunks: 2);
        using (var kit = new Akka.TestKit.Xunit2.TestKit(Sqlite))
        {
            var replica = kit.CreateTestProbe();
            var history = Start(kit, kit.CreateTestProbe(), replica, snapshotAfter: 1);
            kit.ExpectMsg<Recovered>();
            history.Tell(new AcceptEpoch(1, 1), kit.TestActor);
            history.Tell(new EstablishEpoch(2, 1, null, 0, []), kit.TestActor);
            history.Tell(new AppendBatch(3, Batch(1, 1, 9), 0), kit.TestActor);
            replica.ExpectMsg<GetTree>();
            replica.Reply(new TreeSnapshot(tree));
            kit.AwaitAssert(() => Assert.Equal(tree.LastZxid, Status(kit, history).SnapshotZxid));
        }

        Damage("snapshot", "persistence_id = 'zab-1-snapshot-1' AND sequence_number = 2", "snapshot");
        Assert.Contains("Row 2 of snapshot 'zab-1-snapshot-1' cannot be read", Refusal());
        Assert.Contains("checksum", Refusal());

        Damage("snapshot", "persistence_id = 'zab-1-snapshot-1' AND sequence_number = 2", "snapshot");
        using (var kit = new Akka.TestKit.Xunit2.TestKit(Sqlite))
        {
            Start(kit, kit.CreateTestProbe());
            Assert.Equal(tree.Digest(), kit.ExpectMsg<Recovered>().Tree.Digest());
        }
    }

    [Fact]
    public void A_snapshot_that_cannot_be_written_is_tried_again_later_and_the_journal_stays_whole()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit($$"""
            akka.loglevel = WARNING
            akka.stdout-loglevel = OFF
            akka.loggers = []
            akka.zab.journal.class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
            akka.zab.snapshots.class = "{{typeof(FullSnapshotStore).AssemblyQualifiedName}}"
            """);
        var supervisor = kit.CreateTestProbe();
        var replica = kit.CreateTestProbe();
        var history = Start(kit, supervisor, replica, snapshotAfter: 1);
        kit.ExpectMsg<Recovered>();
        history.Tell(new AcceptEpoch(1, 1), kit.TestActor);
        history.Tell(new EstablishEpoch(2, 1, null, 0, []), kit.TestActor);
        history.Tell(new AppendBatch(3, Batch(1, 1, 9), 0), kit.TestActor);
        replica.ExpectMsg<GetTree>();
        kit.Sys.EventStream.Subscribe(kit.TestActor, typeof(Warning));
        replica.Reply(new TreeSnapshot(Trees.Large(Zxid.Of(1, 9), chunks: 0)));
        kit.FishForMessage(message => message is Warning warning && $"{warning.Message}".Contains("disk full"));

        history.Tell(new AppendBatch(4, Batch(1, 10, 10), 0), kit.TestActor);
        kit.FishForMessage(message => message is Durable { Number: 4 });

        Assert.Equal(10, Status(kit, history).TxnsSinceSnapshot);
        replica.ExpectNoMsg(TimeSpan.Zero);
        supervisor.ExpectNoMsg(TimeSpan.Zero);
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
        akka.zab.snapshots {
          class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
          plugin-id = "akka.zab.snapshots"
          provider-name = "SQLite.MS"
          connection-string = "{{DataSource.Replace("\\", "\\\\")}}"
          auto-initialize = true
        }
        """;

    private static IActorRef Start(
        Akka.TestKit.Xunit2.TestKit kit, TestProbe supervisor, TestProbe? replica = null, int snapshotAfter = 1000)
    {
        var settings = new HistorySettings { PersistenceId = "zab-1", SnapshotAfterTxns = snapshotAfter };
        var history = supervisor.ChildActorOf(HistoryActor.Props(settings, replica ?? kit.CreateTestProbe()));
        history.Tell(new OpenHistory(), kit.TestActor);
        return history;
    }

    private static HistoryStatus Status(Akka.TestKit.Xunit2.TestKit kit, IActorRef history)
    {
        var asker = kit.CreateTestProbe();
        history.Tell(new GetHistoryStatus(), asker);
        return asker.ExpectMsg<HistoryStatus>();
    }

    /// <summary>Why a server that is started now does not.</summary>
    private string Refusal()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit(Sqlite);
        var supervisor = kit.CreateTestProbe();
        Start(kit, supervisor);
        var reason = supervisor.ExpectMsg<HistoryFailed>(TimeSpan.FromSeconds(10)).Reason;
        kit.ExpectNoMsg(TimeSpan.Zero);
        return reason;
    }

    /// <summary>Turns over a bit; a second time, turns it back.</summary>
    private void Damage(string table, string row, string column)
    {
        using var connection = new SqliteConnection(DataSource);
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = $"SELECT {column} FROM {table} WHERE {row}";
        var bytes = (byte[])read.ExecuteScalar()!;
        bytes[^1] ^= 1;
        using var write = connection.CreateCommand();
        write.CommandText = $"UPDATE {table} SET {column} = $bytes WHERE {row}";
        write.Parameters.AddWithValue("$bytes", bytes);
        Assert.Equal(1, write.ExecuteNonQuery());
    }

    public sealed class FullSnapshotStore : SnapshotStore
    {
        protected override Task<SelectedSnapshot?> LoadAsync(
            string persistenceId, SnapshotSelectionCriteria criteria) => Task.FromResult<SelectedSnapshot?>(null);

        protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) =>
            Task.FromException(new IOException("disk full"));

        protected override Task DeleteAsync(SnapshotMetadata metadata) => Task.CompletedTask;

        protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
            Task.CompletedTask;
    }

    public sealed class FullJournal : MemoryJournal
    {
        protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages) =>
            Task.FromException<IImmutableList<Exception>>(new IOException("disk full"));
    }
}
