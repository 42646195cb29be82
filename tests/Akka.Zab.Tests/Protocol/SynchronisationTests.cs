using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>
/// Server 3 leads with servers 1 and 2, or joins them one by one; what memory does not have comes from the journal, and
/// no learner has more on its way to it than it has room for.
/// </summary>
public class SynchronisationTests : LeaderTest
{
    private const int LargeBytes = 700 * 1024;

    [Fact]
    public void What_memory_does_not_have_any_more_comes_from_the_journal_part_by_part()
    {
        var journal = Serving(batches: 10);
        Join(2, 1);
        Promise(2, 1, journal[2].LastZxid);
        Found(2, journal, from: 3);

        Assert.Equal(journal[2].LastZxid, Next<SyncDiff>(2).After);
        AssertAsked(2, journal[2].LastZxid);
        Tell(new JournalPart(Link(2), journal[3..5]));
        AssertAsked(2, journal[4].LastZxid);
        Tell(new JournalPart(Link(2), journal[5..9]));

        var told = Told(2);
        Assert.Equal(
            [.. journal[3..10].Select(b => b.LastZxid), Zxid.Of(2, 1)],
            told.OfType<SyncBatch>().Select(b => b.LastZxid));
        Assert.Equal(Zxid.Of(2, 1), Assert.IsType<NewLeader>(told[^1]).LastZxid);
    }

    [Fact]
    public void A_learner_with_batches_that_the_journal_lacks_is_told_to_cut_them_off()
    {
        var journal = Serving(batches: 10);
        Join(2, 1);
        Promise(2, 1, journal[2].LastZxid);

        Found(2, journal, from: 2);

        Assert.Equal(journal[1].LastZxid, Next<SyncTrunc>(2).To);
        AssertAsked(2, journal[1].LastZxid);
    }

    [Fact]
    public void Writes_go_on_meanwhile_and_reach_the_learner_in_their_place()
    {
        var journal = Serving(batches: 10);
        Join(2, 1);
        Promise(2, 1, journal[7].LastZxid);
        Found(2, journal, from: 8);
        AssertAsked(2, journal[7].LastZxid);
        Told(2);

        var late = Write("/while-reading");
        Assert.Empty(Told(2));
        Tell(new JournalPart(Link(2), journal[8..9]));
        AssertAsked(2, journal[8].LastZxid);
        Tell(new JournalPart(Link(2), journal[9..10]));

        var told = Told(2);
        Assert.Equal([journal[8].LastZxid, journal[9].LastZxid, Zxid.Of(2, 1), late], told.OfType<SyncBatch>().Select(b => b.LastZxid));
        Assert.Equal(late, Assert.IsType<NewLeader>(told[^1]).LastZxid);
        var live = Write("/live");
        Assert.Contains(Told(2), message => message is Propose propose && propose.LastZxid == live);
    }

    [Fact]
    public void An_observer_is_sent_nothing_from_the_journal_that_is_not_committed()
    {
        var journal = Serving(batches: 10, observers: [9]);
        Join(9, 1, MemberRole.Observer);
        Promise(9, 1, journal[7].LastZxid);
        Found(9, journal, from: 8);
        AssertAsked(9, journal[7].LastZxid);
        Told(9);
        Submit(Self, Create("/proposed"));
        var proposed = Given<AppendBatch>().Batch;

        Tell(new JournalPart(Link(9), [journal[8], journal[9], Batch(2, 1, 1), proposed]));

        var told = Told(9);
        Assert.Equal(
            [journal[8].LastZxid, journal[9].LastZxid, Zxid.Of(2, 1)],
            told.OfType<SyncBatch>().Select(batch => batch.LastZxid));
        Assert.Equal(Zxid.Of(2, 1), Assert.IsType<NewLeader>(told[^1]).LastZxid);
    }

    [Fact]
    public void A_server_that_has_lost_its_vote_gives_up_what_is_not_committed()
    {
        Serving(batches: 10, observers: [9]);
        Submit(Self, Create("/proposed"));
        var proposed = Given<AppendBatch>().Batch;
        Join(9, 2, MemberRole.Observer);

        Promise(9, 2, proposed.LastZxid);

        var told = Told(9);
        Assert.Equal(Zxid.Of(2, 1), Assert.Single(told.OfType<SyncTrunc>()).To);
        Assert.Equal(Zxid.Of(2, 1), Assert.IsType<NewLeader>(told[^1]).LastZxid);
    }

    [Fact]
    public void No_more_is_on_its_way_than_the_learner_has_room_for()
    {
        Settings = Settings with { SnapshotChunksInFlight = 2 };
        var journal = Serving(batches: 10);
        Join(2, 1);
        Promise(2, 1, journal[0].LastZxid);
        Found(2, journal, from: 1);
        Told(2);

        // Each takes two thirds of a chunk; four are more than two chunks.
        var part = Enumerable.Range(1, 4).Select(i => journal[i] with { Bytes = new byte[LargeBytes] }).ToArray();
        AssertAsked(2, journal[0].LastZxid);
        Tell(new JournalPart(Link(2), part));
        Assert.Equal(4, Told(2).OfType<SyncBatch>().Count());
        ExpectNothing(Journal);

        From(2, new SyncBatchesTaken(Link(2), Number(2), 2 * LargeBytes));

        AssertAsked(2, journal[4].LastZxid);
    }

    [Fact]
    public void Several_learners_catch_up_at_once_each_at_its_own_pace()
    {
        var journal = Serving(batches: 10, observers: [8, 9]);
        foreach (var learner in (int[])[2, 8, 9])
        {
            Join(learner, 1, learner == 2 ? MemberRole.Participant : MemberRole.Observer);
            Promise(learner, 1, journal[0].LastZxid);
            Found(learner, journal, from: 1);
            AssertAsked(learner, journal[0].LastZxid);
        }

        Tell(new JournalPart(Link(9), journal[1..10]));
        Tell(new JournalPart(Link(2), journal[1..4]));

        Assert.Single(Told(9).OfType<NewLeader>());
        AssertAsked(2, journal[3].LastZxid);
        Assert.DoesNotContain(Told(8), message => message is SyncBatch);
    }

    [Fact]
    public void A_journal_that_does_not_give_what_comes_next_ends_the_link_and_the_next_brings_the_tree()
    {
        var journal = Serving(batches: 10);
        Join(2, 1);
        Promise(2, 1, journal[0].LastZxid);
        Found(2, journal, from: 1);
        Told(2);
        AssertAsked(2, journal[0].LastZxid);

        Tell(new JournalPart(Link(2), [], "row 7 is there no longer"));

        Assert.Contains("row 7 is there no longer", Next<LinkBroken>(2).Reason);
        Assert.Equal(ServerRole.Leading, Status().Role);
        Join(2, 1);
        Promise(2, 1, journal[0].LastZxid);
        Found(2, journal, from: 1);
        Next<SyncSnapshot>(2);
    }

    [Fact]
    public void A_journal_that_is_behind_the_others_is_asked_again_at_the_next_beat()
    {
        var journal = Serving(batches: 10);
        Join(2, 1);
        Promise(2, 1, journal[0].LastZxid);
        Found(2, journal, from: 1);
        AssertAsked(2, journal[0].LastZxid);
        Tell(new JournalPart(Link(2), []));
        ExpectNothing(Journal);

        Time.Advance(Settings.Tick / 2);

        AssertAsked(2, journal[0].LastZxid);
    }

    [Fact]
    public void A_learner_whose_link_broke_in_the_middle_of_the_tree_is_sent_the_rest_of_it()
    {
        Serving(batches: 1, tree: Trees.Large(Zxid.Of(1, 9), chunks: 5));
        Join(2, 1);
        Promise(2);
        NothingInJournal(2);
        var first = Next<SyncSnapshot>(2);
        Assert.Equal(0, SnapshotCodec.NumberOf(first.Chunk));
        From(2, new LinkBroken(Link(2), "test"));
        Told(2);

        Join(2, 1);
        From(2, new AckEpoch(Link(2), Number(2), 0, 0, true, first.Zxid, 3));
        NothingInJournal(2);

        var rest = Told(2).OfType<SyncSnapshot>().ToArray();
        Assert.Equal([3, 4, 5], rest.Select(chunk => SnapshotCodec.NumberOf(chunk.Chunk)));
        Assert.True(rest[^1].Last);
        Assert.All(rest, chunk => Assert.Equal(first.Zxid, chunk.Zxid));
    }

    [Fact]
    public void A_learner_that_holds_all_of_the_tree_is_told_so_and_sent_what_came_after_it()
    {
        Serving(batches: 1, tree: Trees.Large(Zxid.Of(1, 9), chunks: 2));
        Join(2, 1);
        Promise(2);
        NothingInJournal(2);
        var zxid = Next<SyncSnapshot>(2).Zxid;
        From(2, new LinkBroken(Link(2), "test"));
        Told(2);

        Join(2, 1);
        From(2, new AckEpoch(Link(2), Number(2), 0, 0, true, zxid, 3));
        NothingInJournal(2);

        var only = Assert.Single(Told(2).OfType<SyncSnapshot>());
        Assert.Empty(only.Chunk);
        Assert.True(only.Last);
    }

    [Fact]
    public void A_part_of_a_tree_that_the_leader_does_not_have_is_of_no_use()
    {
        Serving(batches: 1, tree: Trees.Large(Zxid.Of(1, 9), chunks: 2));
        Join(2, 1);

        From(2, new AckEpoch(Link(2), Number(2), 0, 0, true, Zxid.Of(1, 77), 1));
        NothingInJournal(2);

        Assert.Equal(0, SnapshotCodec.NumberOf(Next<SyncSnapshot>(2).Chunk));
    }

    [Fact]
    public void A_learner_that_answers_pings_and_never_acknowledges_NEWLEADER_is_let_go()
    {
        Elect();
        Serve(1);
        Join(2, 1);
        Promise(2);
        Next<NewLeader>(2);

        for (var beat = 0; beat <= 2 * Settings.InitLimit; beat++)
        {
            Assert.DoesNotContain(Told(2), message => message is LinkBroken);
            Time.Advance(Settings.Tick / 2);
            foreach (var server in (int[])[1, 2])
                From(server, new PeerPong(Link(server), Number(server), 0, []));
        }

        Time.Advance(Settings.Tick / 2);
        Assert.Contains("no progress", Next<LinkBroken>(2).Reason);
        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_learner_that_falls_behind_memory_while_it_makes_NEWLEADER_durable_is_let_go()
    {
        Settings = Settings with { HistoryInMemory = 1, MaxOutstandingBatches = 1 };
        Elect();
        Serve(1);
        Join(2, 1);
        Promise(2);
        Next<NewLeader>(2);
        OpenSession();

        for (var i = 0; i < 4; i++)
            Write($"/{i}");

        Assert.Contains("too far behind", Next<LinkBroken>(2).Reason);
    }

    [Fact]
    public void An_observer_whose_journal_falls_behind_memory_is_let_go()
    {
        Settings = Settings with { HistoryInMemory = 1, MaxOutstandingBatches = 1 };
        Elect(observers: [9]);
        Serve(1);
        Join(9, role: MemberRole.Observer);
        Promise(9);
        Synchronise(9);
        OpenSession();
        Told(9);

        for (var i = 0; i < 8; i++)
        {
            Acknowledge(9, Write($"/kept-{i}"));
            Assert.DoesNotContain(Told(9), message => message is LinkBroken);
        }

        for (var i = 0; i < 4; i++)
            Write($"/{i}");

        Assert.Contains("too far behind", Next<LinkBroken>(9).Reason);
    }

    [Fact]
    public void An_observer_may_be_behind_what_memory_keeps_for_others()
    {
        Settings = Settings with { HistoryInMemory = 1, MaxOutstandingBatches = 1, MaxBehind = 1 << 20 };
        Elect(observers: [9]);
        Serve(1);
        Join(9, role: MemberRole.Observer);
        Promise(9);
        Synchronise(9);
        OpenSession();
        Told(9);

        for (var i = 0; i < 8; i++)
            Write($"/{i}");

        Assert.DoesNotContain(Told(9), message => message is LinkBroken);
    }

    /// <summary>
    /// Leads with server 1. Of so many batches of history, all committed, memory holds the last one only, and the session
    /// that was opened since.
    /// </summary>
    private TxnBatch[] Serving(int batches, ZnodeTree? tree = null, int[]? observers = null)
    {
        Settings = Settings with { HistoryInMemory = 1, MaxOutstandingBatches = 1 };
        var first = tree is null ? 1u : Zxid.Counter(tree.LastZxid) + 1;
        var journal = Enumerable.Range(0, batches)
            .Select(i => Batch(1, first + (uint)i, first + (uint)i)).ToArray();
        Elect(currentEpoch: 1, batches: journal, tree: tree ?? ZnodeTree.Empty, observers: observers);
        Serve(1);
        OpenSession();
        return journal;
    }

    private void Found(int learner, TxnBatch[] journal, int from)
    {
        Assert.Equal(Link(learner), Journal.ExpectMsg<FindInJournal>().Link);
        Tell(new FoundInJournal(
            Link(learner), new HistoryExtent(journal[from - 1].LastZxid, journal.Length - from, 1000)));
        GiveTree();
    }

    private void NothingInJournal(int learner)
    {
        Assert.Equal(Link(learner), Journal.ExpectMsg<FindInJournal>().Link);
        Tell(new FoundInJournal(Link(learner), HistoryExtent.None));
        GiveTree();
    }

    private void AssertAsked(int learner, long after)
    {
        var read = Journal.ExpectMsg<ReadJournal>();
        Assert.Equal((Link(learner), after), (read.Link, read.After));
    }

    /// <summary>A write of the leader's own client, committed. Returns its zxid.</summary>
    private long Write(string path)
    {
        Submit(Self, Create(path));
        var zxid = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Acknowledge(1, zxid);
        while (Replica.HasMessages)
            Assert.IsType<CommitBatches>(Replica.ReceiveOne(TimeSpan.Zero));
        return zxid;
    }
}
