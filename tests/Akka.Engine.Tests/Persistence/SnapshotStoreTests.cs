using Akka.Actor;
using Akka.Engine.Tests.Persistence.Sql;
using Akka.Persistence;

namespace Akka.Engine.Tests.Persistence;

/// <summary>A snapshot store that is spoken to directly, without a persistent actor.</summary>
public abstract class SnapshotStoreTests(string configuration, string pluginId)
    : Akka.TestKit.Xunit2.TestKit(configuration)
{
    static readonly DateTime s_time = new(2024, 5, 17, 12, 0, 0, DateTimeKind.Utc);

    IActorRef Store => Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor(pluginId);

    [StoreFact]
    public void What_is_saved_is_loaded_byte_for_byte()
    {
        var chunk = new byte[1 << 20];
        new Random(7).NextBytes(chunk);
        Save("chunks", 1, chunk);
        Save("chunks", 2, []);
        var loaded = Load("chunks", new SnapshotSelectionCriteria(1))!;
        Assert.Equal(1, loaded.Metadata.SequenceNr);
        Assert.Equal(s_time.AddSeconds(1), loaded.Metadata.Timestamp);
        Assert.Equal(chunk, (byte[])loaded.Snapshot);
        Assert.Empty((byte[])Load("chunks", SnapshotSelectionCriteria.Latest)!.Snapshot);
    }

    [StoreFact]
    public void A_snapshot_of_the_same_number_is_replaced()
    {
        Save("a", 1, [1]);
        Save("a", 1, [2]);
        Assert.Equal([2], (byte[])Load("a", SnapshotSelectionCriteria.Latest)!.Snapshot);
    }

    [StoreFact]
    public void The_latest_within_the_criteria_is_selected()
    {
        for (byte i = 1; i <= 5; i++)
            Save("a", i, [i]);
        Save("b", 9, [9]);
        Assert.Equal([5], (byte[])Load("a", SnapshotSelectionCriteria.Latest)!.Snapshot);
        Assert.Equal([3], (byte[])Load("a", new SnapshotSelectionCriteria(3))!.Snapshot);
        var early = new SnapshotSelectionCriteria(long.MaxValue, s_time.AddSeconds(4));
        Assert.Equal([4], (byte[])Load("a", early)!.Snapshot);
        Assert.Equal([2], (byte[])Load("a", SnapshotSelectionCriteria.Latest, toSequenceNr: 2)!.Snapshot);
        Assert.Null(Load("a", SnapshotSelectionCriteria.None));
        Assert.Null(Load("c", SnapshotSelectionCriteria.Latest));
    }

    [StoreFact]
    public void Snapshots_are_deleted_by_number_and_by_criteria()
    {
        for (byte i = 1; i <= 5; i++)
            Save("a", i, [i]);
        Save("b", 1, [1]);
        var metadata = new SnapshotMetadata("a", 5, s_time.AddSeconds(5));
        Store.Tell(new DeleteSnapshot(metadata), TestActor);
        ExpectMsg(new DeleteSnapshotSuccess(metadata));
        Assert.Equal([4], (byte[])Load("a", SnapshotSelectionCriteria.Latest)!.Snapshot);
        var criteria = new SnapshotSelectionCriteria(3);
        Store.Tell(new DeleteSnapshots("a", criteria), TestActor);
        ExpectMsg(new DeleteSnapshotsSuccess(criteria));
        Assert.Null(Load("a", criteria));
        Assert.NotNull(Load("a", SnapshotSelectionCriteria.Latest));
        Store.Tell(new DeleteSnapshots("a", SnapshotSelectionCriteria.Latest), TestActor);
        ExpectMsg(new DeleteSnapshotsSuccess(SnapshotSelectionCriteria.Latest));
        Assert.Null(Load("a", SnapshotSelectionCriteria.Latest));
        Assert.NotNull(Load("b", SnapshotSelectionCriteria.Latest));
    }

    [StoreFact]
    public void Requests_that_are_sent_together_are_all_answered()
    {
        for (var i = 1; i <= 100; i++)
            Store.Tell(new SaveSnapshot(new SnapshotMetadata("many", i, s_time), new byte[1000]), TestActor);
        var saved = ReceiveN(100, TimeSpan.FromSeconds(20)).Cast<SaveSnapshotSuccess>().Select(s => s.Metadata.SequenceNr).Order();
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), saved);
        Assert.Equal(100, Load("many", SnapshotSelectionCriteria.Latest)!.Metadata.SequenceNr);
    }

    void Save(string id, long sequenceNr, byte[] snapshot)
    {
        var metadata = new SnapshotMetadata(id, sequenceNr, s_time.AddSeconds(sequenceNr));
        Store.Tell(new SaveSnapshot(metadata, snapshot), TestActor);
        ExpectMsg(new SaveSnapshotSuccess(metadata));
    }

    SelectedSnapshot? Load(string id, SnapshotSelectionCriteria criteria, long toSequenceNr = long.MaxValue)
    {
        Store.Tell(new LoadSnapshot(id, criteria, toSequenceNr), TestActor);
        var result = ExpectMsg<LoadSnapshotResult>();
        Assert.Equal(toSequenceNr, result.ToSequenceNr);
        return result.Snapshot;
    }
}

public sealed class MemorySnapshotStoreTests() : SnapshotStoreTests("", "akka.persistence.snapshot-store.inmem");
