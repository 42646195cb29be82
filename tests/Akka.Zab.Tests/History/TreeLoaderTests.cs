using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.Zab.History;
using Akka.Zab.Tests.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.History;

/// <summary>What a server that starts reads before its journal says what it needs, and what becomes of that.</summary>
public class TreeLoaderTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly ZnodeTree Newest = Trees.Large(9, chunks: 0);
    private static readonly ZnodeTree Other = Trees.Large(7, chunks: 0);
    private static readonly SnapshotRef NewestRef = new(3, 9, 1);
    private static readonly SnapshotRef OtherRef = new(2, 7, 1);

    private readonly TestProbe store;
    private readonly TestProbe history;
    private readonly IActorRef loader;

    public TreeLoaderTests()
    {
        store = CreateTestProbe("store");
        history = CreateTestProbe("history");
        loader = history.ChildActorOf(TreeLoader.Props(store, "zab-1"));
    }

    [Fact]
    public void The_newest_is_read_before_it_is_wanted_and_told_when_it_is()
    {
        Hint(NewestRef);
        Chunk("zab-1-snapshot-3", Newest);
        Assert.False(history.HasMessages);

        loader.Tell(new TreeLoader.Want(NewestRef));

        Assert.Equal(Newest.Digest(), history.ExpectMsg<SnapshotLoader.Loaded>().Tree.Digest());
    }

    [Fact]
    public void What_is_wanted_takes_the_place_of_what_was_read()
    {
        Hint(NewestRef);
        Chunk("zab-1-snapshot-3", Newest);

        loader.Tell(new TreeLoader.Want(OtherRef));
        Chunk("zab-1-snapshot-2", Other);

        Assert.Equal(OtherRef, history.ExpectMsg<SnapshotLoader.Loaded>().Snapshot);
        history.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void What_cannot_be_read_matters_only_if_it_is_wanted()
    {
        Hint(NewestRef);
        Missing("zab-1-snapshot-3");
        history.ExpectNoMsg(TimeSpan.Zero);

        loader.Tell(new TreeLoader.Want(NewestRef));

        Assert.Contains("'zab-1-snapshot-3'", history.ExpectMsg<SnapshotLoader.Failed>().Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_no_newest_is_known_the_wanted_is_read(bool unreadable)
    {
        Assert.Equal("zab-1-snapshot-newest", store.ExpectMsg<LoadSnapshot>().PersistenceId);
        store.Reply(unreadable
            ? new LoadSnapshotFailed(new IOException("damaged"))
            : new LoadSnapshotResult(null!, 1));

        loader.Tell(new TreeLoader.Want(OtherRef));
        Chunk("zab-1-snapshot-2", Other);

        Assert.Equal(OtherRef, history.ExpectMsg<SnapshotLoader.Loaded>().Snapshot);
    }

    [Fact]
    public void A_newest_that_comes_too_late_is_not_read()
    {
        var asked = store.ExpectMsg<LoadSnapshot>();
        loader.Tell(new TreeLoader.Want(OtherRef));
        var chunk = store.ExpectMsg<LoadSnapshot>();
        loader.Tell(Result(asked, new SnapshotTaken(NewestRef, 1, 1, [])));
        store.Reply(Result(chunk, new SnapshotPart(SnapshotCodec.Write(Other).Single())));

        Assert.Equal(OtherRef, history.ExpectMsg<SnapshotLoader.Loaded>().Snapshot);
        store.ExpectNoMsg(TimeSpan.Zero);
    }

    private void Hint(SnapshotRef newest)
    {
        var asked = store.ExpectMsg<LoadSnapshot>();
        Assert.Equal("zab-1-snapshot-newest", asked.PersistenceId);
        store.Reply(Result(asked, new SnapshotTaken(newest, 1, 1, [])));
    }

    private void Chunk(string name, ZnodeTree tree)
    {
        var asked = store.ExpectMsg<LoadSnapshot>();
        Assert.Equal(name, asked.PersistenceId);
        store.Reply(Result(asked, new SnapshotPart(SnapshotCodec.Write(tree).Single())));
    }

    private void Missing(string name)
    {
        Assert.Equal(name, store.ExpectMsg<LoadSnapshot>().PersistenceId);
        store.Reply(new LoadSnapshotResult(null!, 1));
    }

    private static LoadSnapshotResult Result(LoadSnapshot asked, object row) =>
        new(new SelectedSnapshot(new SnapshotMetadata(asked.PersistenceId, 1, DateTime.UnixEpoch), row), asked.ToSequenceNr);
}
