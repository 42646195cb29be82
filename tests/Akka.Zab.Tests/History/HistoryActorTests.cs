using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.History;

/// <summary>
/// The history on a journal in memory: what it acknowledges, and what it finds again when it is started anew.
/// </summary>
public class HistoryActorTests : Akka.TestKit.Xunit2.TestKit
{
    private const string InMemory = """
        akka.loglevel = WARNING
        akka.zab.journal.class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
        akka.zab.snapshots.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
        """;

    private readonly TestProbe supervisor;
    private readonly TestProbe replica;
    private HistorySettings settings = new() { PersistenceId = "zab-1" };
    private IActorRef history = ActorRefs.Nobody;
    private long number;

    public HistoryActorTests()
        : base(InMemory)
    {
        supervisor = CreateTestProbe("supervisor");
        replica = CreateTestProbe("replica");
    }

    [Fact]
    public void An_empty_journal_is_the_empty_tree_and_epoch_zero()
    {
        var recovered = Start();

        Assert.Equal((0, 0, 0L), (recovered.AcceptedEpoch, recovered.CurrentEpoch, recovered.Committed));
        Assert.Equal(0, recovered.Tree.LastZxid);
        Assert.Empty(recovered.Batches);
    }

    [Fact]
    public void What_was_acknowledged_is_there_after_a_restart()
    {
        Start();
        Do(n => new AcceptEpoch(n, 3));
        Do(n => new EstablishEpoch(n, 3, null, 0, []));
        Do(n => new AppendBatch(n, Batch(3, 1, 5), 0));
        Do(n => new AppendBatch(n, Batch(3, 6, 6), Zxid.Of(3, 5)));
        Do(n => new AcceptEpoch(n, 7));

        var recovered = Restart();

        Assert.Equal((7, 3), (recovered.AcceptedEpoch, recovered.CurrentEpoch));
        Assert.Equal([Zxid.Of(3, 5), Zxid.Of(3, 6)], recovered.Batches.Select(b => b.LastZxid));
        Assert.Equal(Zxid.Of(3, 5), recovered.Committed);
    }

    [Fact]
    public void Commands_are_acknowledged_in_their_order()
    {
        Start();
        Tell(n => new AcceptEpoch(n, 1));
        Tell(n => new EstablishEpoch(n, 1, null, 0, []));
        for (var i = 1u; i <= 20; i++)
            Tell(n => new AppendBatch(n, Batch(1, i, i), 0));

        for (var i = 1; i <= 22; i++)
            Assert.Equal(i, ExpectMsg<Durable>().Number);
    }

    [Fact]
    public void A_synchronised_history_begins_where_the_old_one_was_cut()
    {
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        Do(n => new AppendBatch(n, Batch(1, 1, 5), 0));
        Do(n => new AppendBatch(n, Batch(1, 6, 9), 0));
        Do(n => new AcceptEpoch(n, 2));

        Do(n => new EstablishEpoch(n, 2, null, Zxid.Of(1, 5), [Batch(1, 6, 6), Batch(1, 7, 7)]));

        var recovered = Restart();
        Assert.Equal([Zxid.Of(1, 5), Zxid.Of(1, 6), Zxid.Of(1, 7)], recovered.Batches.Select(b => b.LastZxid));
        Assert.Equal(2, recovered.CurrentEpoch);
    }

    [Fact]
    public void A_leaders_snapshot_takes_the_place_of_everything_and_later_commands_wait_for_it()
    {
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        Do(n => new AppendBatch(n, Batch(1, 1, 5), 0));
        Do(n => new AcceptEpoch(n, 4));
        var tree = Tree(Zxid.Of(3, 1), Zxid.Of(3, 2));
        var snapshot = new InstalledSnapshot(tree.LastZxid, [.. SnapshotCodec.Write(tree)]);
        SayNewest(new SnapshotRef(1, 5, 1));

        Tell(n => new EstablishEpoch(n, 4, snapshot, tree.LastZxid, [Batch(3, 3, 4)]));
        Tell(n => new AppendBatch(n, Batch(4, 1, 1), Zxid.Of(3, 4)));
        Assert.Equal(number - 1, ExpectMsg<Durable>().Number);
        Assert.Equal(number, ExpectMsg<Durable>().Number);

        var recovered = Restart();
        Assert.Equal(tree.Digest(), recovered.Tree.Digest());
        Assert.Equal([Zxid.Of(3, 4), Zxid.Of(4, 1)], recovered.Batches.Select(b => b.LastZxid));
        Assert.Equal((4, 4, Zxid.Of(3, 4)), (recovered.AcceptedEpoch, recovered.CurrentEpoch, recovered.Committed));
        Assert.Null(Newest());
    }

    [Fact]
    public void After_enough_transactions_a_snapshot_is_taken_and_the_journal_before_it_deleted()
    {
        settings = settings with { SnapshotAfterTxns = 10, KeepSnapshots = 2 };
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        Do(n => new AppendBatch(n, Batch(1, 1, 9), 0));
        replica.ExpectNoMsg(TimeSpan.Zero);
        Do(n => new AppendBatch(n, Batch(1, 10, 10), Zxid.Of(1, 9)));
        replica.ExpectMsg<GetTree>();
        Do(n => new AppendBatch(n, Batch(1, 11, 12), Zxid.Of(1, 9)));

        var tree = Tree(Zxid.Of(1, 1), Zxid.Of(1, 10));
        replica.Reply(new TreeSnapshot(tree));
        AwaitAssert(() => Assert.Equal(
            (Zxid.Of(1, 10), 1, 2L), (Status().SnapshotZxid, Status().Snapshots, Status().TxnsSinceSnapshot)));

        var recovered = Restart();
        Assert.Equal(tree.Digest(), recovered.Tree.Digest());
        Assert.Equal([Zxid.Of(1, 12)], recovered.Batches.Select(b => b.LastZxid));
        Assert.Equal((1, 1, Zxid.Of(1, 10)), (recovered.AcceptedEpoch, recovered.CurrentEpoch, recovered.Committed));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(0)]
    public void The_tree_is_of_the_snapshot_that_the_journal_names_whatever_the_store_says_is_the_newest(int said)
    {
        settings = settings with { SnapshotAfterTxns = 1, KeepSnapshots = 2 };
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        for (var i = 1u; i <= 2; i++)
        {
            Do(n => new AppendBatch(n, Batch(1, i, i), 0));
            replica.ExpectMsg<GetTree>();
            replica.Reply(new TreeSnapshot(Tree(Zxid.Of(1, i), Zxid.Of(1, i))));
            AwaitAssert(() => Assert.Equal((int)i, Newest()?.Snapshot.Number));
        }

        if (said == 0)
            Store(new DeleteSnapshots("zab-1-snapshot-newest", SnapshotSelectionCriteria.Latest));
        else if (said != 2)
            SayNewest(new SnapshotRef(said, Zxid.Of(1, (uint)said), 1));

        Assert.Equal(Zxid.Of(1, 2), Restart().Tree.LastZxid);
    }

    /// <summary>Rows that are kept name snapshots that are not; a start ends up with the last, whatever came of those.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void Only_the_last_few_snapshots_are_kept(int keepJournalBytes)
    {
        settings = settings with { SnapshotAfterTxns = 1, KeepSnapshots = 2, KeepJournalBytes = keepJournalBytes };
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        for (var i = 1u; i <= 5; i++)
        {
            Do(n => new AppendBatch(n, Batch(1, i, i), 0));
            replica.ExpectMsg<GetTree>();
            replica.Reply(new TreeSnapshot(Tree(Zxid.Of(1, i), Zxid.Of(1, i))));
            var zxid = Zxid.Of(1, i);
            AwaitAssert(() => Assert.Equal(zxid, Status().SnapshotZxid));
        }

        Assert.Equal(2, Status().Snapshots);
        Assert.Equal(Zxid.Of(1, 5), Restart().Tree.LastZxid);
        Assert.Equal(2, Status().Snapshots);
    }

    [Fact]
    public void What_a_learner_lacks_is_read_from_the_journal_in_parts_without_what_was_cut_off()
    {
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        Do(n => new AppendBatch(n, Batch(1, 1, 5), 0));
        Do(n => new AppendBatch(n, Batch(1, 6, 9), 0));
        Do(n => new AcceptEpoch(n, 2));
        Do(n => new EstablishEpoch(n, 2, null, Zxid.Of(1, 5), [Batch(2, 1, 1), Batch(2, 2, 2)]));

        Assert.Equal((Zxid.Of(1, 5), 2L), (Find(Zxid.Of(1, 7)).Floor, Find(Zxid.Of(1, 7)).Rows));
        Assert.Equal([Zxid.Of(1, 5), Zxid.Of(2, 1), Zxid.Of(2, 2)], Read(0, 1000).Select(b => b.LastZxid));
        Assert.Equal([Zxid.Of(2, 1)], Read(Zxid.Of(1, 5), 1).Select(b => b.LastZxid));
        Assert.Equal(Batch(2, 2, 2).Bytes, Assert.Single(Read(Zxid.Of(2, 1), 1)).Bytes);
        Assert.Empty(Read(Zxid.Of(2, 2), 1));
    }

    [Fact]
    public void The_journal_stays_for_learners_as_far_as_it_is_set_to_and_is_found_again_after_a_restart()
    {
        settings = settings with { SnapshotAfterTxns = 4, KeepJournalBytes = 2 * (BatchBytes + JournalIndex.RowBytes) };
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        for (var i = 1u; i <= 4; i++)
            Do(n => new AppendBatch(n, Batch(1, i, i), 0));
        replica.ExpectMsg<GetTree>();
        replica.Reply(new TreeSnapshot(Tree(Zxid.Of(1, 1), Zxid.Of(1, 4))));
        AwaitAssert(() => Assert.Equal(Zxid.Of(1, 4), Status().SnapshotZxid));
        Do(n => new AppendBatch(n, Batch(1, 5, 5), 0));

        Assert.Equal(Zxid.Of(1, 5), Assert.Single(Restart().Batches).LastZxid);
        Assert.Equal(0, Status().BytesSinceSnapshot - BatchBytes);
        Assert.Equal([3u, 4u, 5u], Read(Zxid.Of(1, 2), 1000).Select(b => Zxid.Counter(b.LastZxid)));
        Assert.False(Find(Zxid.Of(1, 1)).Exists);
    }

    [Fact]
    public void What_the_journal_does_not_have_any_more_is_refused_with_a_sentence()
    {
        settings = settings with { SnapshotAfterTxns = 1 };
        Start();
        Do(n => new AcceptEpoch(n, 1));
        Do(n => new EstablishEpoch(n, 1, null, 0, []));
        Do(n => new AppendBatch(n, Batch(1, 1, 1), 0));
        replica.ExpectMsg<GetTree>();
        replica.Reply(new TreeSnapshot(Tree(Zxid.Of(1, 1), Zxid.Of(1, 1))));
        AwaitAssert(() => Assert.Equal(Zxid.Of(1, 1), Status().SnapshotZxid));

        history.Tell(new ReadJournal(77, 0, 1000), TestActor);

        var part = ExpectMsg<JournalPart>();
        Assert.Equal((77, 0), (part.Link, part.Batches.Length));
        Assert.Equal("the journal does not go back to 0x0 any more", part.Failure);
    }

    private SnapshotTaken? Newest() =>
        (SnapshotTaken?)((LoadSnapshotResult)Store(
            new LoadSnapshot("zab-1-snapshot-newest", SnapshotSelectionCriteria.Latest, long.MaxValue))).Snapshot?.Snapshot;

    private void SayNewest(SnapshotRef snapshot) => Store(new SaveSnapshot(
        new SnapshotMetadata("zab-1-snapshot-newest", 1, DateTime.UnixEpoch), new SnapshotTaken(snapshot, 1, 1, [])));

    private object Store(object request)
    {
        var asker = CreateTestProbe();
        Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor("akka.zab.snapshots").Tell(request, asker);
        return asker.ReceiveOne(TimeSpan.FromSeconds(10))!;
    }

    private HistoryExtent Find(long zxid)
    {
        history.Tell(new FindInJournal(77, zxid), TestActor);
        return ExpectMsg<FoundInJournal>().Extent;
    }

    private TxnBatch[] Read(long after, int maxBytes)
    {
        history.Tell(new ReadJournal(77, after, maxBytes), TestActor);
        var part = ExpectMsg<JournalPart>();
        Assert.Null(part.Failure);
        return part.Batches;
    }

    private static ZnodeTree Tree(long first, long last)
    {
        var edit = ZnodeTree.Empty.Edit();
        for (var zxid = first; zxid <= last; zxid++)
        {
            edit.Apply(new LoggedTxn(
                new TxnHeader(
                    zxid, 1000, 1, 1), new CreateTxn($"/{zxid:x}", [1, 2], Acl.Open, 0, (int)(zxid - first) + 2)));
        }

        return edit.Commit();
    }

    private Recovered Start()
    {
        history = supervisor.ChildActorOf(HistoryActor.Props(settings, replica));
        history.Tell(new OpenHistory(), TestActor);
        return ExpectMsg<Recovered>();
    }

    private Recovered Restart()
    {
        Watch(history);
        Sys.Stop(history);
        ExpectTerminated(history);
        return Start();
    }

    private void Tell(Func<long, HistoryCommand> command) => history.Tell(command(++number), TestActor);

    private void Do(Func<long, HistoryCommand> command)
    {
        Tell(command);
        Assert.Equal(number, ExpectMsg<Durable>().Number);
    }

    private HistoryStatus Status()
    {
        history.Tell(new GetHistoryStatus(), TestActor);
        return ExpectMsg<HistoryStatus>();
    }
}
