using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Sessions;

public class SessionActorTests : TestKit.Xunit2.TestKit
{
    private const int Connection = 7;
    private const long SessionId = (1L << 56) | 5;
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private readonly TestProbe _replica;
    private readonly TestProbe _peer;
    private readonly TestProbe _registry;
    private readonly TestProbe _client;

    public SessionActorTests()
    {
        _replica = CreateTestProbe();
        _peer = CreateTestProbe();
        _registry = CreateTestProbe();
        _client = CreateTestProbe();
    }

    [Fact]
    public void A_new_session_is_attached_to_the_replica_before_its_opening_is_proposed()
    {
        var session = Start(new Connect(0, [], 10, 3));
        Assert.Equal(new AttachSession(Connection, SessionId, session, Identities.None), _replica.ExpectMsg<AttachSession>());
        session.Tell(new SessionAttached(3), _replica);
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        var open = Assert.IsType<OpenSession>(write.Operation);
        Assert.Equal((SessionId, 4000), (open.SessionId, open.TimeoutMs));
        session.Tell(Result(write.RequestId, 1, new SessionReply(SessionId, Secret, 4000)), _replica);
        var connected = _client.ExpectMsg<Connected>();
        Assert.Equal((SessionId, 4000, session), (connected.SessionId, connected.TimeoutMs, connected.Session));
        Assert.Equal(3, connected.LastZxidSeen);
        Assert.Equal(SessionId, _registry.ExpectMsg<SessionEstablished>().SessionId);
    }

    [Fact]
    public void A_client_that_has_seen_more_than_this_server_is_refused()
    {
        var session = Start(new Connect(0, [], 5000, 10));
        _replica.ExpectMsg<AttachSession>();
        session.Tell(new SessionAttached(9), _replica);
        Assert.Equal(DisconnectReason.Behind, _client.ExpectMsg<ConnectRefused>().Reason);
        _replica.ExpectMsg<DetachSession>();
    }

    [Fact]
    public void A_session_that_the_leader_does_not_know_or_whose_secret_is_wrong_is_refused()
    {
        var session = Start(new Connect(SessionId, Secret, 5000, 0));
        _replica.ExpectMsg<AttachSession>();
        session.Tell(new SessionAttached(9), _replica);
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        Assert.IsType<ReattachSession>(write.Operation);
        session.Tell(Result(write.RequestId, 9, new ErrorReply(ZabError.SessionExpired)), _replica);
        Assert.Equal(DisconnectReason.SessionExpired, _client.ExpectMsg<ConnectRefused>().Reason);
    }

    [Fact]
    public void Runs_of_reads_and_writes_leave_at_once_and_every_read_names_the_write_before_it()
    {
        var session = Connect();
        Send(session, new GetData("/a"), new SetData("/a", []), new GetData("/a"), new Ping(), new SetData("/a", []), new Exists("/a"));
        var reads = _replica.ExpectMsg<SubmitReads>().Reads;
        var writes = _peer.ExpectMsg<SubmitWrites>().Writes;
        Assert.Equal([0, writes[0].RequestId, writes[1].RequestId], reads.Select(r => r.AfterWrite));
        Assert.Equal(2, writes.Length);

        session.Tell(Result(writes[1].RequestId, 2, DoneReply.Instance), _replica);
        session.Tell(Result(reads[0].RequestId, 1, DoneReply.Instance), _replica);
        Assert.Equal([1], Xids());
        session.Tell(new SessionResults(
        [
            new SessionResult(0, 2, new WatchEvent(WatchEventType.NodeDataChanged, "/a", 2)),
            new SessionResult(writes[0].RequestId, 2, DoneReply.Instance),
            new SessionResult(reads[1].RequestId, 2, DoneReply.Instance),
        ]), _replica);
        Assert.Equal([-1, 2, 3, 4, 5], Xids().OrderBy(x => x));
        session.Tell(Result(reads[2].RequestId, 2, DoneReply.Instance), _replica);
        Assert.Equal([6], Xids());
    }

    [Fact]
    public void A_ping_alone_is_answered_with_the_last_zxid_seen()
    {
        var session = Connect(zxid: 12);
        Send(session, new Ping());
        var output = Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs);
        Assert.Equal((1, 12L, DoneReply.Instance), (output.Xid, output.Zxid, output.Content));
    }

    [Fact]
    public void A_close_is_answered_and_then_the_connection_ends()
    {
        var session = Connect();
        Send(session, new CloseSession(), new Ping());
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        session.Tell(Result(write.RequestId, 2, DoneReply.Instance), _replica);
        session.Tell(new SessionEnded(), _replica);
        Assert.Equal([1], Xids());
        Assert.Equal(DisconnectReason.Closed, _client.ExpectMsg<Disconnected>().Reason);
        _replica.ExpectMsg<DetachSession>();
    }

    [Fact]
    public void The_end_of_the_session_from_elsewhere_ends_the_connection()
    {
        var session = Connect();
        session.Tell(new SessionEnded(), _replica);
        Assert.Equal(DisconnectReason.SessionExpired, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void A_write_of_a_session_that_has_expired_is_answered_so_and_then_the_connection_ends()
    {
        var session = Connect();
        Send(session, new SetData("/a", []));
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        session.Tell(Result(write.RequestId, 2, new ErrorReply(ZabError.SessionExpired)), _replica);
        var output = Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs);
        Assert.Equal(new ErrorReply(ZabError.SessionExpired), output.Content);
        Assert.Equal(DisconnectReason.SessionExpired, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void A_session_that_has_moved_is_let_go_without_an_answer()
    {
        var session = Connect();
        Send(session, new SetData("/a", []));
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        session.Tell(Result(write.RequestId, 2, new ErrorReply(ZabError.SessionMoved)), _replica);
        Assert.Equal(DisconnectReason.SessionMoved, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void A_scheme_other_than_digest_is_refused_in_its_turn_and_the_connection_ends()
    {
        var session = Connect();
        Send(session, new AddAuth("digest", "a:b"u8.ToArray()), new Exists("/"), new AddAuth("x", []), new Ping());
        _replica.ExpectMsg<IdentitiesChanged>();
        var read = Assert.Single(_replica.ExpectMsg<SubmitReads>().Reads);
        Assert.Equal([1], Xids());
        session.Tell(Result(read.RequestId, 2, DoneReply.Instance), _replica);
        var outputs = _client.ExpectMsg<ClientOutputs>().Outputs;
        Assert.Equal([2, 3], outputs.Select(o => o.Xid));
        Assert.Equal(new ErrorReply(ZabError.AuthFailed), outputs[1].Content);
        Assert.Equal(DisconnectReason.ProtocolError, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void When_the_server_stops_serving_the_client_is_let_go_and_what_was_under_way_is_not_answered()
    {
        var session = Connect();
        Send(session, new SetData("/a", []));
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        session.Tell(new ReleaseClient(DisconnectReason.NotServing));
        session.Tell(Result(write.RequestId, 2, DoneReply.Instance), _replica);
        Assert.Equal(DisconnectReason.NotServing, _client.ExpectMsg<Disconnected>().Reason);
        _replica.ExpectMsg<DetachSession>();
    }

    [Fact]
    public void A_client_that_is_gone_is_told_nothing()
    {
        var session = Connect();
        _registry.Watch(session);
        session.Tell(new Detach());
        Assert.Equal(Connection, _replica.ExpectMsg<DetachSession>().Connection);
        _registry.ExpectMsg<SessionEstablished>();
        _registry.ExpectTerminated(session);
        Assert.False(_client.HasMessages);
    }

    [Fact]
    public void What_a_connection_is_known_by_goes_to_the_replica_before_its_reads_and_with_its_writes()
    {
        var session = Connect();
        Send(session, new GetData("/a"), new AddAuth("digest", "bob:pw"u8.ToArray()), new Delete("/a"), new WhoAmI());
        var bob = new Identity("digest", "bob:ikIaKsbtGweaHnb/jKn7OHqbunM=");
        Assert.Equal([bob], _replica.ExpectMsg<IdentitiesChanged>().Who.All.ToArray());
        var read = Assert.Single(_replica.ExpectMsg<SubmitReads>().Reads);
        var submitted = _peer.ExpectMsg<SubmitWrites>();
        Assert.Equal([bob], submitted.Who!.All.ToArray());
        session.Tell(Result(read.RequestId, 5, new ErrorReply(ZabError.NoNode)), _replica);
        session.Tell(Result(submitted.Writes[0].RequestId, 6, DoneReply.Instance), _replica);
        Assert.Equal([1, 2], Xids());
        var outputs = _client.ExpectMsg<ClientOutputs>().Outputs;
        Assert.Equal([new Identity("digest", "bob")], Assert.IsType<WhoAmIReply>(outputs[1].Content).Identities);
    }

    [Fact]
    public void Whoever_has_the_password_of_the_super_digest_may_do_everything()
    {
        var session = Connect();
        Send(session, new AddAuth("digest", "root:secret"u8.ToArray()));
        Assert.True(_replica.ExpectMsg<IdentitiesChanged>().Who.IsSuper);
    }

    [Fact]
    public void A_client_cannot_say_that_it_is_the_superuser()
    {
        var session = Connect();
        Send(session, new AddAuth("super", []));
        Assert.Equal(new ErrorReply(ZabError.AuthFailed), Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs).Content);
        _client.ExpectMsg<Disconnected>();
    }

    [Fact]
    public void To_say_that_it_has_an_address_changes_nothing()
    {
        var session = Connect();
        Send(session, new AddAuth("ip", "10.0.0.1"u8.ToArray()));
        Assert.IsType<DoneReply>(Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs).Content);
        Send(session, new WhoAmI());
        Assert.DoesNotContain(
            Assert.IsType<WhoAmIReply>(Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs).Content).Identities,
            identity => identity.Id == "10.0.0.1");
    }

    // ZOOKEEPER-PROTOCOL.md, section 9: enforce.auth.schemes.
    [Fact]
    public void Where_a_scheme_is_required_nothing_but_authentication_is_done_without_it()
    {
        _settings = _settings with { RequiredSchemes = ["digest"] };
        var session = Connect();
        Send(session, new Ping(), new GetData("/a"));
        Assert.Equal(
            [new ErrorReply(ZabError.SessionClosedRequireAuth)],
            _client.ExpectMsg<ClientOutputs>().Outputs.Select(output => output.Content));
        Assert.Equal(DisconnectReason.ProtocolError, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void Where_a_scheme_is_required_whoever_is_known_by_it_is_served()
    {
        _settings = _settings with { RequiredSchemes = ["digest"] };
        var session = Connect();
        Send(session, new AddAuth("digest", "bob:pw"u8.ToArray()), new Ping());
        Assert.All(
            _client.ExpectMsg<ClientOutputs>().Outputs, output => Assert.Equal(DoneReply.Instance, output.Content));
    }

    // ZOOKEEPER-PROTOCOL.md, section 9: skipACL.
    [Fact]
    public void Where_ACLs_are_skipped_everybody_is_the_superuser_and_is_not_told_so()
    {
        _settings = _settings with { SkipAcl = true };
        var session = Connect(attached: attach => Assert.True(attach.Who.IsSuper));
        Send(session, new SetData("/a", []), new WhoAmI());
        Assert.True(_peer.ExpectMsg<SubmitWrites>().Who!.IsSuper);
        session.Tell(Result(((long)Connection << 32) | 2, 5, DoneReply.Instance), _replica);
        var who = Assert.IsType<WhoAmIReply>(_client.ExpectMsg<ClientOutputs>().Outputs[1].Content);
        Assert.Empty(who.Identities);
    }

    [Fact]
    public void An_Akka_client_with_too_many_requests_under_way_is_refused_the_rest_and_let_go_if_it_goes_on()
    {
        _settings = _settings with { MaxOutstandingRequests = 2 };
        var session = Connect();
        Send(session, new GetData("/1"), new GetData("/2"), new GetData("/3"));
        Assert.Equal(["/1", "/2"], _replica.ExpectMsg<SubmitReads>().Reads.Select(read => read.Operation.Path));
        var first = ((long)Connection << 32) | 2;
        var missing = new ErrorReply(ZabError.NoNode);
        session.Tell(new SessionResults([new SessionResult(first, 1, missing), new SessionResult(first + 1, 1, missing)]), _replica);
        Assert.Equal(
            [missing, missing, new ErrorReply(ZabError.ThrottledOp)],
            _client.ExpectMsg<ClientOutputs>().Outputs.Select(output => output.Content));
        Send(session, [.. Enumerable.Range(0, 10).Select(i => new GetData($"/{i}"))]);
        Assert.Equal(2, _replica.ExpectMsg<SubmitReads>().Reads.Length);
        session.Tell(new SessionResults([new SessionResult(first + 3, 1, missing), new SessionResult(first + 4, 1, missing)]), _replica);
        Assert.True(_client.ExpectMsg<ClientOutputs>().Outputs.Length < 10);
        Assert.Equal(DisconnectReason.ProtocolError, _client.ExpectMsg<Disconnected>().Reason);
    }

    private SessionSettings _settings = new(1, 2000, 4000, 40_000) { SuperDigest = DigestId.Of("root:secret"u8) };

    private IActorRef Start(Connect request) => _registry.ChildActorOf(SessionActor.Props(
        _settings, new SessionNeighbours(_peer, _replica), request,
        new ActorSink(_client, TestActor), Connection,
        new SessionOpening(request.SessionId == 0 ? Admission.Open : Admission.Reattach, SessionId, Secret),
        Identities.None));

    private IActorRef Connect(long zxid = 1, Action<AttachSession>? attached = null)
    {
        var session = Start(new Connect(0, [], 5000, 0));
        var attach = _replica.FishForMessage<AttachSession>(_ => true);
        attached?.Invoke(attach);
        session.Tell(new SessionAttached(0), _replica);
        var write = Assert.Single(_peer.ExpectMsg<SubmitWrites>().Writes);
        session.Tell(Result(write.RequestId, zxid, new SessionReply(SessionId, Secret, 5000)), _replica);
        _client.ExpectMsg<Connected>();
        return session;
    }

    private static void Send(IActorRef session, params Request[] requests) => session.Tell(
        new ClientRequests([.. requests.Select((request, i) => new NumberedRequest(i + 1, request))]));

    private static SessionResults Result(long request, long zxid, Reply reply) => new([new SessionResult(request, zxid, reply)]);

    private IEnumerable<int> Xids() => _client.ExpectMsg<ClientOutputs>().Outputs.Select(o => o.Xid);
}
