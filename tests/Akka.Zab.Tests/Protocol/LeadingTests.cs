using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;
using static Akka.Zab.Tests.Protocol.Batches;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Server 3 leads: discovery, synchronisation, and what ends a leadership.</summary>
public class LeadingTests : LeaderTest
{
    [Fact]
    public void Discovery_waits_for_a_quorum_and_takes_an_epoch_that_none_of_it_has_accepted()
    {
        Elect(currentEpoch: 2);
        ExpectNothing(Journal);

        Join(1, acceptedEpoch: 6);

        Assert.Equal(7, Given<AcceptEpoch>().Epoch);
    }

    [Fact]
    public void The_new_epoch_is_told_only_when_the_leaders_own_promise_is_durable()
    {
        Elect();
        Join(1);
        Given<AcceptEpoch>();
        Assert.Empty(Told(1));

        MakeDurable();
        Assert.Equal(new LeaderInfo(Link(1), 1, ProtocolVersion.Current, 1), Assert.Single(Told(1)));

        Join(2);
        Assert.Equal(new LeaderInfo(Link(2), 1, ProtocolVersion.Current, 1), Assert.Single(Told(2)));
    }

    [Fact]
    public void A_server_that_joined_while_this_one_was_still_looking_is_not_forgotten()
    {
        Start(Self);
        Join(1);
        Vote(1, new Vote(Self, 0, 0));
        Vote(2, new Vote(Self, 0, 0));

        Given<AcceptEpoch>();
        MakeDurable();

        Next<LeaderInfo>(1);
    }

    [Fact]
    public void A_server_with_a_better_history_ends_the_leadership()
    {
        Elect(currentEpoch: 2, batches: [Batch(2, 1, 4)]);
        Join(1, 2);
        Given<AcceptEpoch>();
        MakeDurable();

        Promise(1, currentEpoch: 2, lastZxid: Zxid.Of(2, 5));

        AssertLooking();
        Assert.Equal(Link(1), Next<LinkBroken>(1).Link);
        ExpectNothing(Journal);
    }

    [Fact]
    public void A_promise_that_does_not_count_makes_no_quorum()
    {
        Elect();
        Join(1, acceptedEpoch: 0);
        Given<AcceptEpoch>();
        MakeDurable();

        Promise(1, counts: false);
        ExpectNothing(Journal);
        Join(2);
        Promise(2);

        Given<EstablishEpoch>();
        Next<NewLeader>(1);
        Next<NewLeader>(2);
    }

    [Fact]
    public void The_epoch_is_established_by_a_quorum_that_holds_the_history_and_not_before()
    {
        Elect(currentEpoch: 2, batches: [Batch(2, 1, 4)]);
        Join(1, 2);
        Given<AcceptEpoch>();
        MakeDurable();
        Promise(1, 2, Zxid.Of(2, 4));
        Given<EstablishEpoch>();
        Synchronise(1);
        ExpectNothing(Replica, Sessions);

        MakeDurable();

        Assert.Equal(Zxid.Of(2, 4), Assert.Single(Replica.ExpectMsg<CommitBatches>().Batches).LastZxid);
        Replica.ExpectMsg<GetTree>();
        Assert.Equal(Zxid.Of(2, 4), Next<UpToDate>(1).Committed);
        ExpectNothing(Sessions);
    }

    [Fact]
    public void Two_followers_establish_the_epoch_while_the_leaders_own_journal_is_slow()
    {
        Elect();
        Join(1);
        Join(2);
        Given<AcceptEpoch>();
        MakeDurable();
        Promise(1);
        Promise(2);
        Given<EstablishEpoch>();

        Synchronise(1);
        Synchronise(2);

        BeginToServe();
    }

    [Fact]
    public void A_new_leader_gives_every_session_its_full_time_again()
    {
        var edit = ZnodeTree.Empty.Edit();
        edit.Apply(new LoggedTxn(new TxnHeader(Zxid.Of(1, 1), 0, Session, 1), new OpenSessionTxn(Secret, 4000)));
        Elect(currentEpoch: 1, tree: edit.Commit());
        Join(1, 1);
        Given<AcceptEpoch>();
        MakeDurable();
        Promise(1, 1, Zxid.Of(1, 1));
        Given<EstablishEpoch>();
        MakeDurable();
        Synchronise(1);
        GiveTree();
        Sessions.ExpectMsg<ServingChanged>();

        Assert.Equal([(Session, 4000)], Sessions.ExpectMsg<StartExpiry>().Sessions);
    }

    [Fact]
    public void A_learner_with_the_same_history_is_sent_an_empty_DIFF()
    {
        Elect(currentEpoch: 2, batches: [Batch(2, 1, 4)]);
        BeginEpoch(1, 2, Zxid.Of(2, 4));

        Assert.Equal(
            ["SyncDiff", "NewLeader"], Told(1).Select(m => m.GetType().Name));
    }

    [Fact]
    public void A_learner_that_lacks_batches_is_sent_them()
    {
        Elect(currentEpoch: 2, batches: [Batch(2, 1, 4), Batch(2, 5, 5), Batch(2, 6, 9)]);
        BeginEpoch(1, 2, Zxid.Of(2, 4));

        Assert.Equal(
            [
                new SyncDiff(Link(1), 2, Zxid.Of(2, 4)),
                new SyncBatch(Link(1), 3, Zxid.Of(2, 5), Zxid.Of(2, 5), []),
                new SyncBatch(Link(1), 4, Zxid.Of(2, 6), Zxid.Of(2, 9), []),
                new NewLeader(Link(1), 5, 3, Zxid.Of(2, 9)),
            ],
            Told(1).Select(m => m is SyncBatch batch ? batch with { Bytes = [] } : m).Cast<LinkMessage>(),
            new WithoutBytes());
    }

    [Fact]
    public void A_learner_that_has_what_the_leader_lacks_is_told_to_cut_it_off()
    {
        Elect(currentEpoch: 2, batches: [Batch(1, 1, 4), Batch(2, 1, 1)]);
        BeginEpoch(1, 1, Zxid.Of(1, 6));

        var told = Told(1);
        Assert.Equal(Zxid.Of(1, 4), Assert.IsType<SyncTrunc>(told[0]).To);
        Assert.Equal(Zxid.Of(2, 1), Assert.IsType<SyncBatch>(told[1]).LastZxid);
        Assert.IsType<NewLeader>(told[2]);
    }

    [Fact]
    public void A_learner_for_whom_memory_is_too_short_is_sent_the_tree_and_what_came_after_it()
    {
        var edit = ZnodeTree.Empty.Edit();
        edit.Apply(new LoggedTxn(
            new TxnHeader(Zxid.Of(1, 1), 0, Session, 1), new OpenSessionTxn(Secret, 4000)));
        Elect(currentEpoch: 2, batches: [Batch(2, 1, 4)], tree: edit.Commit());
        BeginEpoch(1, 0, 0);
        Assert.Empty(Told(1));
        Journal.ExpectMsg<FindInJournal>();
        Tell(new FoundInJournal(Link(1), HistoryExtent.None));
        Replica.ExpectMsg<GetTree>();
        Tell(new TreeSnapshot(Committed));

        var reader = new SnapshotReader();
        SyncSnapshot part;
        do
        {
            part = Next<SyncSnapshot>(1);
            reader.Add(part.Chunk);
            From(1, new SyncSnapshotTaken(Link(1), Number(1)));
        }
        while (!part.Last);
        Assert.Equal(Committed.Digest(), reader.Finish().Digest());
        Assert.Equal(Zxid.Of(2, 4), Next<SyncBatch>(1).LastZxid);
        Next<NewLeader>(1);
        Synchronised(1, Zxid.Of(2, 4));
    }

    [Fact]
    public void An_observer_is_synchronised_with_what_is_committed_when_the_epoch_is_established()
    {
        Elect(observers: [9]);
        Join(9, role: MemberRole.Observer);
        Join(1);
        Given<AcceptEpoch>();
        MakeDurable();
        Promise(9);
        Promise(1);
        Given<EstablishEpoch>();
        Assert.DoesNotContain(Told(9), message => message is NewLeader);
        MakeDurable();
        Synchronise(1);

        Next<NewLeader>(9);
    }

    [Fact]
    public void A_leader_alone_serves_as_soon_as_its_journal_has_the_epoch()
    {
        Start(Self, voters: [Self]);
        Given<AcceptEpoch>();
        MakeDurable();
        Given<EstablishEpoch>();
        ExpectNothing(Replica);
        MakeDurable();

        BeginToServe();
    }

    [Fact]
    public void A_gap_on_a_learners_link_ends_it()
    {
        Elect();
        Serve(1, 2);
        Number(1);

        Acknowledge(1, 0);

        Assert.Equal(Link(1), Next<LinkBroken>(1).Link);
        Assert.Equal(1, Status().SyncedFollowers);
    }

    [Fact]
    public void Requests_that_make_no_sense_end_the_link_they_came_on()
    {
        Elect();
        Serve(1, 2);

        From(1, new ForwardWrites(Link(1), Number(1), [99, 1, 2]));

        Assert.Equal(Link(1), Next<LinkBroken>(1).Link);
        Assert.Equal(ServerRole.Leading, Status().Role);
    }

    [Fact]
    public void A_message_on_a_link_that_the_leader_does_not_know_is_answered_with_its_end()
    {
        Elect();
        Serve(1);

        From(2, new Ack(777, 5, Zxid.Of(1, 1)));

        Assert.Equal(777, Next<LinkBroken>(2).Link);
    }

    [Fact]
    public void A_server_that_has_accepted_a_later_epoch_makes_the_leader_look_for_a_later_one()
    {
        Elect();
        Serve(1);

        Join(2, acceptedEpoch: 8);
        AssertLooking();
        Sessions.ReceiveWhile<object>(TimeSpan.Zero, m => m);
        Vote(1, new Vote(Self, 0, 1), round: 2);
        Vote(2, new Vote(Self, 0, 1), round: 2);
        Join(1, acceptedEpoch: 1);

        Assert.Equal(9, Given<AcceptEpoch>().Epoch);
    }

    [Fact]
    public void A_stranger_and_a_server_of_another_version_are_turned_away()
    {
        Elect();

        From(1, new FollowerInfo(71, 1, ProtocolVersion.Current + 1, 1, MemberRole.Participant, 0));
        From(2, new FollowerInfo(72, 1, ProtocolVersion.Current, 77, MemberRole.Participant, 0));

        Assert.Equal(71, Next<LinkBroken>(1).Link);
        Assert.Equal(72, Next<LinkBroken>(2).Link);
        Assert.Equal(0, Status().Learners);
    }

    private void BeginEpoch(int server, int currentEpoch, long lastZxid)
    {
        Join(server, currentEpoch);
        Given<AcceptEpoch>();
        MakeDurable();
        Next<LeaderInfo>(server);
        Promise(server, currentEpoch, lastZxid);
        Given<EstablishEpoch>();
    }

    private void Synchronised(int server, long zxid)
    {
        From(server, new AckNewLeader(Link(server), Number(server), zxid));
        Assert.Equal(1, Status().SyncedFollowers);
    }

    private sealed class WithoutBytes : IEqualityComparer<LinkMessage>
    {
        public bool Equals(LinkMessage? x, LinkMessage? y) =>
            x is SyncBatch one && y is SyncBatch other ? one with { Bytes = other.Bytes } == other : Equals(
                (object?)x, y);

        public int GetHashCode(LinkMessage obj) => 0;
    }
}
