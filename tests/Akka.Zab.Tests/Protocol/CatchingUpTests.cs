using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Server 1 is sent what it lacks by server 3, and tells how far it has got.</summary>
public class CatchingUpTests : FollowerTest
{
    private static readonly ZnodeTree Tree = Trees.Large(Zxid.Of(4, 9), chunks: 3);
    private static readonly byte[][] Chunks = [.. SnapshotCodec.Write(Tree)];

    [Fact]
    public void A_tree_whose_link_broke_in_the_middle_is_completed_on_the_next()
    {
        Elect();
        Promise(5);
        Send(Snapshot(0));
        Send(Snapshot(1));
        From(Leader, new LinkBroken(link, "test"));

        var acknowledged = JoinAgain();
        Assert.Equal((Tree.LastZxid, 2), (acknowledged.SnapshotHeld, acknowledged.ChunksHeld));
        Send(Snapshot(2));
        Send(Snapshot(3));
        Send(new NewLeader(link, ++sent, 5, Tree.LastZxid));

        var snapshot = Given<EstablishEpoch>().Snapshot!;
        Assert.Equal(Tree.LastZxid, snapshot.Zxid);
        Assert.Equal(Chunks, snapshot.Chunks);
    }

    [Fact]
    public void A_tree_that_is_complete_is_not_sent_again_when_the_link_breaks_after_it()
    {
        Elect();
        Promise(5);
        for (var i = 0; i < Chunks.Length; i++)
            Send(Snapshot(i));
        From(Leader, new LinkBroken(link, "test"));

        Assert.Equal(Chunks.Length, JoinAgain().ChunksHeld);
        Send(new SyncSnapshot(link, ++sent, Tree.LastZxid, true, []));
        Send(Sync(Batch(4, 10, 12)));
        Send(new NewLeader(link, ++sent, 5, Zxid.Of(4, 12)));

        var command = Given<EstablishEpoch>();
        Assert.Equal(Chunks, command.Snapshot!.Chunks);
        Assert.Single(command.Batches);
    }

    [Fact]
    public void A_leader_that_does_not_have_that_tree_begins_with_another()
    {
        Elect();
        Promise(5);
        Send(Snapshot(0));
        From(Leader, new LinkBroken(link, "test"));
        JoinAgain();

        var other = Trees.Large(Zxid.Of(4, 11), chunks: 0);
        Send(new SyncSnapshot(link, ++sent, other.LastZxid, true, Assert.Single(SnapshotCodec.Write(other))));
        Send(new NewLeader(link, ++sent, 5, other.LastZxid));

        Assert.Equal(other.LastZxid, Given<EstablishEpoch>().Snapshot!.Zxid);
    }

    [Fact]
    public void What_is_left_of_a_tree_is_forgotten_when_history_came_from_elsewhere()
    {
        Elect();
        Promise(5);
        Send(Snapshot(0));
        From(Leader, new LinkBroken(link, "test"));
        JoinAgain();
        Send(new SyncDiff(link, ++sent, 0));
        Send(new NewLeader(link, ++sent, 5, 0));
        Given<EstablishEpoch>();
        MakeDurable();
        From(Leader, new LinkBroken(link, "test"));

        Assert.Equal((0, 0), (JoinAgain().SnapshotHeld, 0));
    }

    [Fact]
    public void A_damaged_chunk_ends_the_link_and_what_is_held_is_asked_for_anew()
    {
        Elect();
        Promise(5);
        Send(Snapshot(0));
        byte[] damaged = [.. Chunks[1]];
        damaged[^1] ^= 1;
        Send(new SyncSnapshot(link, ++sent, Tree.LastZxid, false, damaged));

        AssertLooking();
        Assert.Equal(0, JoinAgain().ChunksHeld);
    }

    [Fact]
    public void A_learner_says_now_and_then_how_much_it_has_taken()
    {
        var large = Trees.LargeBatch(4, 1, bytes: 70_000);
        Elect();
        Promise(5);
        Send(new SyncDiff(link, ++sent, 0));
        Send(Sync(large));
        Assert.Equal(large.Bytes.Length, Assert.IsType<SyncBatchesTaken>(Assert.Single(Told(Leader))).Bytes);

        for (var i = 2u; i <= 9; i++)
            Send(Sync(Batch(4, i, i)));
        Assert.Empty(Told(Leader));
    }

    private SyncSnapshot Snapshot(int chunk) =>
        new(link, ++sent, Tree.LastZxid, chunk == Chunks.Length - 1, Chunks[chunk]);

    /// <summary>Looks for a leader, finds the same, and joins it once more.</summary>
    private AckEpoch JoinAgain()
    {
        Told(Leader);
        var round = Next<Notification>(2).Round;
        Told(2);
        var vote = new Vote(Leader, Zxid.Of(99, 1), 99);
        for (var i = 0; i < 3; i++)
        {
            Vote(2, vote, round + i);
            Vote(Leader, vote, round + i);
        }

        link = Next<FollowerInfo>(Leader).Link;
        sent = 0;
        Send(new LeaderInfo(link, ++sent, ProtocolVersion.Current, 5));
        return Next<AckEpoch>(Leader);
    }
}
