using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Replica;

public class ReplicaTests : TestKit.Xunit2.TestKit
{
    private const long Epoch = 1L << 32;
    private const long Here = 100;
    private const long Elsewhere = 200;
    private static readonly Identities Bob = Identities.None.With(new Identity("digest", "bob:x"));
    private static readonly Acl[] Bobs = [new Acl(Permissions.All, "digest", "bob:x")];
    private readonly IActorRef _replica;
    private readonly TestProbe _session;
    private long _zxid = Epoch;

    public ReplicaTests()
    {
        _replica = Sys.ActorOf(ReplicaActor.Props());
        _session = Attach(connection: 7, Here);
    }

    [Fact]
    public void The_answer_to_a_transaction_goes_to_the_connection_that_asked_for_it()
    {
        var elsewhere = Attach(connection: 8, Elsewhere);
        Commit(Txn(Here, Id(7, 2), Create("/a")), Txn(Elsewhere, Id(8, 2), Create("/b")), Txn(0, 0, Create("/c")));
        var result = Assert.Single(Results());
        Assert.Equal(Id(7, 2), result.RequestId);
        Assert.Equal(Epoch + 1, result.Zxid);
        Assert.Equal("/a", Assert.IsType<CreatedReply>(result.Content).Path);
        Assert.Equal(Id(8, 2), Assert.Single(elsewhere.ExpectMsg<SessionResults>().Results).RequestId);
    }

    [Fact]
    public void A_request_of_another_server_s_connection_of_the_same_number_is_not_answered_here()
    {
        Commit(Txn(Elsewhere, Id(7, 2), Create("/a")));
        ExpectNothingTo(_session);
    }

    [Fact]
    public void An_event_precedes_the_reply_to_the_transaction_that_caused_it_and_every_read_that_shows_it()
    {
        Commit(Txn(0, 0, Create("/a")));
        Read(Id(7, 2), 0, new GetData("/a", Watch: true));
        Assert.IsType<DataReply>(Assert.Single(Results()).Content);

        Read(Id(7, 4), Id(7, 3), new GetData("/a"));
        Commit(Txn(Here, Id(7, 3), new SetDataTxn("/a", [1], 1)));
        var results = Results();
        Assert.Equal([0, Id(7, 3), Id(7, 4)], results.Select(r => r.RequestId));
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/a", Epoch + 2), results[0].Content);
        Assert.Equal([1], Assert.IsType<DataReply>(results[2].Content).Data!);
    }

    [Fact]
    public void A_read_between_two_writes_of_its_session_sees_the_first_and_not_the_second_although_both_commit_together()
    {
        Commit(Txn(0, 0, Create("/a")));
        Read(Id(7, 3), Id(7, 2), new GetData("/a"));
        Commit(
            Txn(Here, Id(7, 2), new SetDataTxn("/a", [1], 1)),
            Txn(Here, Id(7, 4), new SetDataTxn("/a", [2], 2)));
        var results = Results();
        Assert.Equal([Id(7, 2), Id(7, 3), Id(7, 4)], results.Select(r => r.RequestId));
        var read = Assert.IsType<DataReply>(results[1].Content);
        Assert.Equal([1], read.Data!);
        Assert.Equal(Epoch + 2, results[1].Zxid);
    }

    [Fact]
    public void A_read_after_a_write_that_is_answered_already_does_not_wait()
    {
        Commit(Txn(Here, Id(7, 2), Create("/a")));
        Results();
        Read(Id(7, 3), Id(7, 2), new Exists("/a"));
        Assert.IsType<StatReply>(Assert.Single(Results()).Content);
    }

    [Fact]
    public void Reads_behind_a_waiting_read_wait_too()
    {
        Commit(Txn(0, 0, Create("/a")));
        Submit(new NumberedRead(Id(7, 3), Id(7, 2), new Exists("/a")), new NumberedRead(Id(7, 4), 0, new Exists("/a")));
        ExpectNothingTo(_session);
        Answer(Id(7, 2), Epoch + 1, new ErrorReply(ZabError.NoNode));
        Assert.Equal([Id(7, 2), Id(7, 3), Id(7, 4)], Results().Select(r => r.RequestId));
    }

    [Fact]
    public void An_answer_is_held_back_until_what_it_was_judged_against_is_applied()
    {
        Answer(Id(7, 2), Epoch + 2, new ErrorReply(ZabError.NodeExists));
        Answer(Id(7, 3), Epoch + 2, new SyncReply("/"));
        Commit(Txn(0, 0, Create("/a")));
        ExpectNothingTo(_session);
        Commit(Txn(0, 0, Create("/b")));
        var results = Results();
        Assert.Equal([Id(7, 2), Id(7, 3)], results.Select(r => r.RequestId));
        Assert.All(results, r => Assert.Equal(Epoch + 2, r.Zxid));
    }

    [Fact]
    public void An_answer_held_back_comes_between_the_transactions_it_stood_between()
    {
        Answer(Id(7, 3), Epoch + 1, new ErrorReply(ZabError.NodeExists));
        Commit(Txn(Here, Id(7, 2), Create("/a")), Txn(Here, Id(7, 4), Create("/b")));
        Assert.Equal([Id(7, 2), Id(7, 3), Id(7, 4)], Results().Select(r => r.RequestId));
    }

    [Fact]
    public void A_commit_told_again_changes_nothing()
    {
        var batch = Batch(Txn(Here, Id(7, 2), Create("/a")));
        _replica.Tell(new CommitBatches([batch]));
        Results();
        _replica.Tell(new CommitBatches([batch]));
        ExpectNothingTo(_session);
        Assert.Equal(Epoch + 1, Status().LastApplied);
    }

    [Fact]
    public void What_this_server_has_made_itself_need_not_be_decoded()
    {
        LoggedTxn[] first = [Txn(Here, Id(7, 2), Create("/a"))], second = [Txn(Here, Id(7, 3), Create("/a/b"))];
        var batch = Batch(first);
        var undecodable = batch with { Bytes = [1, 2, 3] };
        _replica.Tell(new CommitBatches([undecodable, Batch(second)]) { Made = [first, null] });
        Assert.Equal(["/a", "/a/b"], Results().Select(result => Assert.IsType<CreatedReply>(result.Content).Path));
        Assert.Equal(Epoch + 2, Status().LastApplied);
    }

    [Fact]
    public void A_gap_in_the_commits_stops_the_replica()
    {
        var encoder = new BatchEncoder();
        encoder.Add(new LoggedTxn(new TxnHeader(Epoch + 2, 0, 0, 0), Create("/a")));
        var gap = new CommitBatches([encoder.Finish()]);
        EventFilter.Exception<CommitGapException>(contains: "there is a gap").ExpectOne(() => _replica.Tell(gap));
    }

    [Fact]
    public void The_next_epoch_begins_with_its_first_transaction()
    {
        Commit(Txn(0, 0, Create("/a")));
        _zxid = 3L << 32;
        Commit(Txn(0, 0, Create("/b")));
        Assert.Equal((3L << 32) + 1, Status().LastApplied);
    }

    [Fact]
    public void Watches_of_a_connection_go_with_it()
    {
        Commit(Txn(0, 0, Create("/a")));
        Submit(
            new NumberedRead(Id(7, 2), 0, new GetData("/a", true)), new NumberedRead(Id(7, 3), 0, new GetChildren("/", true)));
        Results();
        Assert.Equal(2, Status().Watches);
        _replica.Tell(new DetachSession(7));
        Commit(Txn(0, 0, new DeleteTxn("/a")));
        ExpectNothingTo(_session);
        Assert.Equal(0, Status().Watches);
        Assert.Equal(0, Status().Connections);
    }

    [Fact]
    public void Exists_leaves_its_watch_on_what_is_not_there_and_the_others_do_not()
    {
        Submit(
            new NumberedRead(Id(7, 2), 0, new Exists("/a", true)), new NumberedRead(Id(7, 3), 0, new GetData("/b", true)),
            new NumberedRead(Id(7, 4), 0, new GetChildren("/c", true)));
        Assert.All(Results(), r => Assert.Equal(new ErrorReply(ZabError.NoNode), r.Content));
        Assert.Equal(1, Status().Watches);
        Commit(Txn(0, 0, Create("/a")), Txn(0, 0, Create("/b")), Txn(0, 0, Create("/c")));
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, "/a", Epoch + 1), Assert.Single(Results()).Content);
    }

    [Fact]
    public void Watches_set_again_tell_first_what_has_changed_meanwhile()
    {
        Commit(Txn(0, 0, Create("/a")), Txn(0, 0, Create("/b")));
        Read(Id(7, 2), 0, new SetWatches(Epoch + 1, ["/a", "/gone"], ["/b"], ["/"]));
        var results = Results();
        Assert.Equal(
            [
                new WatchEvent(WatchEventType.NodeDeleted, "/gone", -1), new WatchEvent(WatchEventType.NodeCreated, "/b", -1),
                new WatchEvent(WatchEventType.NodeChildrenChanged, "/", -1), DoneReply.Instance,
            ],
            results.Select(r => r.Content));
        Assert.Equal(1, Status().Watches);
    }

    [Fact]
    public void The_end_of_a_session_is_told_to_its_connections_after_their_events()
    {
        Commit(Txn(Here, Id(7, 2), new OpenSessionTxn(new byte[16], 1000)), Txn(0, 0, new CreateTxn("/e", [], Acl.Open, Here, 1)));
        Results();
        Read(Id(7, 3), 0, new Exists("/e", true));
        Results();
        Commit(Txn(Here, 0, new CloseSessionTxn(["/e"])));
        Assert.Equal(new WatchEvent(WatchEventType.NodeDeleted, "/e", Epoch + 3), Assert.Single(Results()).Content);
        _session.ExpectMsg<SessionEnded>();
    }

    [Fact]
    public void Nothing_is_told_to_anyone_after_the_server_stopped_serving()
    {
        _replica.Tell(new ServingChanged(ServerRole.Looking, 0, 1, false));
        Commit(Txn(Here, Id(7, 2), Create("/a")));
        ExpectNothingTo(_session);
    }

    [Fact]
    public void A_tree_from_the_leader_replaces_everything()
    {
        Commit(Txn(0, 0, Create("/a")));
        _replica.Tell(new ResetReplica(ZnodeTree.Empty));
        Assert.Equal(0, Status().LastApplied);
        Attach(9, Here);
        _replica.Tell(new SubmitReads(9, [new NumberedRead(Id(9, 1), 0, new Exists("/a"))]));
        Assert.Equal(4, Status().Znodes);
    }

    [Fact]
    public void Reads_are_refused_without_the_permission_and_leave_no_watch()
    {
        Commit(Txn(0, 0, new CreateTxn("/a", [], Bobs, 0, 1)));
        Submit(
            new NumberedRead(Id(7, 2), 0, new GetData("/a", true)), new NumberedRead(Id(7, 3), 0, new Exists("/a", true)),
            new NumberedRead(Id(7, 4), 0, new GetChildren("/a", true)), new NumberedRead(Id(7, 5), 0, new GetAcl("/a")));
        Assert.All(Results(), r => Assert.Equal(new ErrorReply(ZabError.NoAuth), r.Content));
        Assert.Equal(0, Status().Watches);
        _replica.Tell(new IdentitiesChanged(7, Bob));
        Read(Id(7, 6), 0, new GetData("/a", true));
        Assert.IsType<DataReply>(Assert.Single(Results()).Content);
    }

    [Fact]
    public void Watches_that_stay_are_added_found_and_taken_back()
    {
        Submit(
            new NumberedRead(Id(7, 2), 0, new AddWatch("/a", AddWatchMode.PersistentRecursive)),
            new NumberedRead(Id(7, 3), 0, new CheckWatches("/a", WatchType.PersistentRecursive)),
            new NumberedRead(Id(7, 4), 0, new CheckWatches("/a", WatchType.Persistent)),
            new NumberedRead(Id(7, 5), 0, new RemoveWatches("/a", WatchType.Data)));
        IZabMessage[] expected =
        [
            DoneReply.Instance, DoneReply.Instance, new ErrorReply(ZabError.NoWatcher), new ErrorReply(ZabError.NoWatcher),
        ];
        Assert.Equal(expected, Results().Select(r => r.Content));
        Commit(Txn(0, 0, Create("/a")), Txn(0, 0, Create("/a/b")), Txn(0, 0, new CreateTxn("/a/c", [], Bobs, 0, 2)));
        // What this connection may not read is not told to it.
        Assert.Equal(
            [new WatchEvent(WatchEventType.NodeCreated, "/a", Epoch + 1), new WatchEvent(WatchEventType.NodeCreated, "/a/b", Epoch + 2)],
            Results().Select(r => r.Content));
        Read(Id(7, 6), 0, new RemoveWatches("/a", WatchType.Any));
        Assert.Equal(DoneReply.Instance, Assert.Single(Results()).Content);
        Assert.Equal(0, Status().Watches);
    }

    [Fact]
    public void Watches_that_stay_are_left_again_without_late_events()
    {
        Commit(Txn(0, 0, Create("/a")));
        Read(Id(7, 2), 0, new SetWatches(0, [], [], []) { Persistent = ["/a"], Recursive = ["/gone", "/a"] });
        Assert.Equal(DoneReply.Instance, Assert.Single(Results()).Content);
        Assert.Equal(3, Status().Watches);
    }

    [Fact]
    public void Each_of_several_reads_fails_by_itself_and_leaves_no_watch()
    {
        Commit(Txn(0, 0, new CreateTxn("/a", [1], Acl.Open, 0, 1)), Txn(0, 0, new CreateTxn("/b", [], Bobs, 0, 2)));
        Read(Id(7, 2), 0, new MultiRead([new GetData("/a", true), new GetData("/x"), new GetData("/b"), new GetChildren("/", true)]));
        var results = Assert.IsType<MultiReply>(Assert.Single(Results()).Content).Results;
        Assert.Equal([1], Assert.IsType<DataReply>(results[0]).Data!);
        Assert.Equal(new ErrorReply(ZabError.NoNode), results[1]);
        Assert.Equal(new ErrorReply(ZabError.NoAuth), results[2]);
        Assert.Equal(["a", "b", "zookeeper"], Assert.IsType<ChildrenReply>(results[3]).Names);
        Assert.Equal(0, Status().Watches);
    }

    [Theory]
    [InlineData("/", "/a/e /e")]
    [InlineData("", "/a/e /e")]
    [InlineData(" \u0001", "/a/e /e")]
    [InlineData("/a", "/a/e")]
    [InlineData("/a/e/", "")]
    public void A_session_lists_its_own_ephemerals_by_the_beginning_of_their_paths(string prefix, string expected)
    {
        Commit(
            Txn(Here, 0, new OpenSessionTxn([], 1000)), Txn(Elsewhere, 0, new OpenSessionTxn([], 1000)),
            Txn(0, 0, Create("/a")), Txn(0, 0, new CreateTxn("/e", [], Acl.Open, Here, 2)),
            Txn(0, 0, new CreateTxn("/a/e", [], Acl.Open, Here, 1)), Txn(0, 0, new CreateTxn("/f", [], Acl.Open, Elsewhere, 3)));
        Read(Id(7, 2), 0, new GetEphemerals(prefix));
        Assert.Equal(expected, string.Join(' ', Assert.IsType<PathsReply>(Assert.Single(Results()).Content).Paths));
    }

    // ZOOKEEPER-PROTOCOL.md, section 8: the ACL that counts is that of the znode in the event, even if it is gone.
    [Fact]
    public void Events_are_told_only_to_those_who_may_read_what_they_are_about()
    {
        var bob = Attach(8, Elsewhere, Bob);
        Commit(Txn(0, 0, new CreateTxn("/b", [], Acl.Open, 0, 1)));
        NumberedRead[] reads =
            [new(Id(8, 1), 0, new Exists("/a", true)), new(Id(8, 2), 0, new GetData("/b", true)), new(Id(8, 3), 0, new GetChildren("/", true))];
        _replica.Tell(new SubmitReads(8, reads));
        _replica.Tell(new SubmitReads(7, reads));
        Assert.Equal(3, Results().Length);
        bob.ExpectMsg<SessionResults>();

        Commit(Txn(0, 0, new CreateTxn("/a", [], Bobs, 0, 2)), Txn(0, 0, new SetAclTxn("/b", Bobs, 1)), Txn(0, 0, new DeleteTxn("/b")));
        Assert.Equal([new WatchEvent(WatchEventType.NodeChildrenChanged, "/", Epoch + 2)], Results().Select(r => r.Content));
        Assert.Equal(
            [
                new WatchEvent(WatchEventType.NodeCreated, "/a", Epoch + 2),
                new WatchEvent(WatchEventType.NodeChildrenChanged, "/", Epoch + 2),
                new WatchEvent(WatchEventType.NodeDeleted, "/b", Epoch + 4),
            ],
            bob.ExpectMsg<SessionResults>().Results.Select(r => r.Content));
        Assert.Equal(0, Status().Watches);
    }

    [Fact]
    public void A_watch_that_resumes_is_told_what_it_missed_and_goes_on_without_a_gap()
    {
        Commit(Txn(0, 0, Create("/a")), Txn(0, 0, new SetDataTxn("/a", [1], 1)), Txn(0, 0, Create("/a/b")));
        Read(Id(7, 2), 0, new ResumeWatch("/a", AddWatchMode.Persistent, Epoch + 1));
        var results = Results();
        Assert.Equal(
            [
                new WatchEvent(WatchEventType.NodeDataChanged, "/a", Epoch + 2),
                new WatchEvent(WatchEventType.NodeChildrenChanged, "/a", Epoch + 3),
                DoneReply.Instance,
            ],
            results.Select(result => result.Content));
        Commit(Txn(0, 0, new SetDataTxn("/a", [2], 2)));
        Assert.Equal(
            new WatchEvent(WatchEventType.NodeDataChanged, "/a", Epoch + 4), Assert.Single(Results()).Content);
    }

    [Fact]
    public void A_watch_cannot_resume_from_before_what_the_server_remembers()
    {
        Commit(Txn(0, 0, Create("/a")));
        _replica.Tell(new ResetReplica(ZnodeTree.Empty));
        var session = Attach(connection: 9, Here);
        _replica.Tell(new SubmitReads(9, [new NumberedRead(Id(9, 2), 0, new ResumeWatch("/a", AddWatchMode.Persistent, -1))]));
        Assert.Equal(
            new ErrorReply(ZabError.ChangesForgotten), Assert.Single(session.ExpectMsg<SessionResults>().Results).Content);
        Assert.Equal(0, Status().Watches);
    }

    [Fact]
    public void What_was_missed_is_told_only_to_those_who_may_read_it()
    {
        var bob = Attach(connection: 8, Elsewhere, Bob);
        Commit(
            Txn(0, 0, new CreateTxn("/a", [], Bobs, 0, 1)), Txn(0, 0, new CreateTxn("/b", [], Bobs, 0, 2)),
            Txn(0, 0, new DeleteTxn("/b")), Txn(0, 0, Create("/c")));
        Read(Id(7, 2), 0, new ResumeWatch("/", AddWatchMode.PersistentRecursive, Epoch));
        Assert.Equal(
            [new WatchEvent(WatchEventType.NodeCreated, "/c", Epoch + 4), DoneReply.Instance],
            Results().Select(result => result.Content));
        _replica.Tell(new SubmitReads(
            8, [new NumberedRead(Id(8, 2), 0, new ResumeWatch("/", AddWatchMode.PersistentRecursive, Epoch))]));
        Assert.Equal(5, bob.ExpectMsg<SessionResults>().Results.Length);
    }

    private static long Id(int connection, uint number) => ((long)connection << 32) | number;

    private static CreateTxn Create(string path) => new(path, [], Acl.Open, 0, 1);

    private LoggedTxn Txn(long session, long request, Txn body) => new(new TxnHeader(++_zxid, 0, session, request), body);

    private static TxnBatch Batch(params ReadOnlySpan<LoggedTxn> txns)
    {
        var encoder = new BatchEncoder();
        foreach (ref readonly var txn in txns) encoder.Add(txn);
        return encoder.Finish();
    }

    private void Commit(params ReadOnlySpan<LoggedTxn> txns) => _replica.Tell(new CommitBatches([Batch(txns)]));

    private void Answer(long request, long after, Reply reply) =>
        _replica.Tell(new DeliverAnswers([new Answer(Here, request, after, reply)]));

    private void Read(long request, long after, ReadRequest operation) => Submit(new NumberedRead(request, after, operation));

    private void Submit(params NumberedRead[] reads) => _replica.Tell(new SubmitReads(7, reads));

    private SessionResult[] Results() => _session.ExpectMsg<SessionResults>().Results;

    private TestProbe Attach(int connection, long sessionId, Identities? who = null)
    {
        var probe = CreateTestProbe();
        _replica.Tell(new AttachSession(connection, sessionId, probe, who ?? Identities.None));
        probe.ExpectMsg<SessionAttached>();
        return probe;
    }

    private ReplicaStatus Status()
    {
        _replica.Tell(new GetReplicaStatus(), TestActor);
        return ExpectMsg<ReplicaStatus>();
    }

    /// <summary>
    /// The replica has handled all it was told when it answers this; had it told the probe anything, it would be there.
    /// </summary>
    private void ExpectNothingTo(TestProbe probe)
    {
        _replica.Tell(new GetTree(), probe);
        probe.ExpectMsg<TreeSnapshot>();
    }
}
