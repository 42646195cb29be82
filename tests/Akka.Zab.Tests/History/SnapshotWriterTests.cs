using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.Zab.History;
using Akka.Zab.Tests.Protocol;

namespace Akka.Zab.Tests.History;

/// <summary>How a snapshot's chunks get into their store, in virtual time; a probe stands for the store.</summary>
public class SnapshotWriterTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(30);
    private readonly TestProbe store;
    private readonly TestProbe history;

    public SnapshotWriterTests()
        : base("""
            akka.loglevel = OFF
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            akka.actor.default-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
            akka.actor.internal-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
            """)
    {
        store = CreateTestProbe("store");
        history = CreateTestProbe("history");
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void In_the_background_it_rests_after_each_chunk_for_as_long_as_that_took()
    {
        Start(new VirtualTime(Time));
        Save(1, takes: Work);
        Assert.False(store.HasMessages);

        Time.Advance(Work - TimeSpan.FromMilliseconds(1));
        Assert.False(store.HasMessages);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        Save(2, takes: Work);
        Time.Advance(Work);
        Assert.Equal(new SnapshotRef(7, 9, 2), history.ExpectMsg<SnapshotWriter.Written>().Snapshot);
    }

    [Fact]
    public void When_someone_waits_for_it_it_does_not_rest()
    {
        Start(restsBy: null);

        Save(1, takes: Work);
        Save(2, takes: Work);

        history.ExpectMsg<SnapshotWriter.Written>();
    }

    [Fact]
    public void What_is_left_of_an_earlier_attempt_goes_first()
    {
        history.ChildActorOf(SnapshotWriter.Props(store, "zab-1", new SnapshotRef(7, 9, 0), [[1]], null));

        Assert.Equal("zab-1-snapshot-7", store.ExpectMsg<DeleteSnapshots>().PersistenceId);
        Assert.False(store.HasMessages);
        store.Reply(new DeleteSnapshotsFailure(SnapshotNames.All, new IOException("disk full")));
        Assert.Equal("disk full", history.ExpectMsg<SnapshotWriter.Failed>().Reason);
    }

    private void Start(TimeProvider? restsBy)
    {
        history.ChildActorOf(SnapshotWriter.Props(store, "zab-1", new SnapshotRef(7, 9, 0), [[1], [2]], restsBy));
        store.ExpectMsg<DeleteSnapshots>();
        store.Reply(new DeleteSnapshotsSuccess(SnapshotNames.All));
    }

    private void Save(int chunk, TimeSpan takes)
    {
        var save = store.ExpectMsg<SaveSnapshot>();
        Assert.Equal(chunk, save.Metadata.SequenceNr);
        Time.Advance(takes);
        store.Reply(new SaveSnapshotSuccess(save.Metadata));
    }
}
