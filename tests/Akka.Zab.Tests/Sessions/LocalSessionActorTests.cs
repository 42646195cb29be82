using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Sessions;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 10, local sessions, and section 12, read-only mode: one connection.</summary>
public class LocalSessionActorTests : TestKit.Xunit2.TestKit
{
    private const long SessionId = (1L << 56) | 5;
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private readonly TestProbe _replica;
    private readonly TestProbe _peer;
    private readonly TestProbe _registry;
    private readonly TestProbe _client;
    private SessionSettings _settings = new(1, 2000, 4000, 40_000) { LocalSessions = true };

    public LocalSessionActorTests()
    {
        _replica = CreateTestProbe();
        _peer = CreateTestProbe();
        _registry = CreateTestProbe();
        _client = CreateTestProbe();
    }

    public static TheoryData<WriteRequest> Ephemerals => new(
        new Create("/e", [], Acl.Open, CreateMode.Ephemeral),
        new Create("/e", [], Acl.Open, CreateMode.EphemeralSequential),
        new Multi([new Create("/p", [], Acl.Open), new Create("/e", [], Acl.Open, CreateMode.Ephemeral)]));

    [Fact]
    public void It_is_opened_without_asking_the_leader()
    {
        var session = Attach(Admission.OpenLocal, zxid: 12);
        var connected = _client.ExpectMsg<Connected>();
        Assert.Equal((SessionId, 5000, session, false), (connected.SessionId, connected.TimeoutMs, connected.Session, connected.ReadOnly));
        var established = _registry.ExpectMsg<SessionEstablished>();
        Assert.Equal((SessionId, false), (established.SessionId, established.IsReattached));
        Assert.True(established.Local!.IsSecret(Secret));
        Assert.Equal(5000, established.Local.TimeoutMs);
        Send(session, new Ping());
        Assert.Equal(12, Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs).Zxid);
        Assert.False(_peer.HasMessages);
    }

    [Fact]
    public void Its_writes_go_to_the_leader_with_the_server_s_word_for_it()
    {
        var session = Open();
        Send(session, new Create("/a", [], Acl.Open), new Sync("/"), new SetData("/a", [1]));
        var writes = _peer.ExpectMsg<SubmitWrites>();
        Assert.True(writes.Local);
        Assert.Equal(3, writes.Writes.Length);
    }

    [Fact]
    public void It_is_closed_after_everything_before_and_without_asking_the_leader()
    {
        var session = Open();
        Send(session, new GetData("/a"), new CloseSession(), new Ping());
        Assert.Equal(SessionId, _registry.ExpectMsg<LocalSessionClosed>().SessionId);
        var read = Assert.Single(_replica.ExpectMsg<SubmitReads>().Reads);
        Assert.False(_client.HasMessages);
        session.Tell(Result(read.RequestId, 7, new ErrorReply(ZabError.NoNode)), _replica);
        Assert.Equal([1, 2], Xids());
        Assert.Equal(DisconnectReason.Closed, _client.ExpectMsg<Disconnected>().Reason);
        Assert.False(_peer.HasMessages);
    }

    [Theory]
    [MemberData(nameof(Ephemerals))]
    public void Without_upgrades_an_ephemeral_goes_to_the_leader_like_all_else_and_is_refused_there(
        WriteRequest ephemeral)
    {
        var session = Open();
        Send(session, new Create("/a", [], Acl.Open), ephemeral, new SetData("/a", [1]));
        var writes = _peer.ExpectMsg<SubmitWrites>();
        Assert.True(writes.Local);
        Assert.Same(ephemeral, writes.Writes[1].Operation);
        session.Tell(Result(writes.Writes[1].RequestId, 3, new ErrorReply(ZabError.EphemeralOnLocalSession)), _replica);
        session.Tell(Result(writes.Writes[0].RequestId, 3, DoneReply.Instance), _replica);
        Assert.Equal([1, 2], Xids());
        Send(session, new Create("/e", [], Acl.Open, CreateMode.Ephemeral));
        Assert.True(_peer.ExpectMsg<SubmitWrites>().Local);
        Assert.False(_registry.HasMessages);
    }

    [Theory]
    [MemberData(nameof(Ephemerals))]
    public void With_upgrades_the_session_is_opened_between_what_was_asked_before_and_the_ephemeral(WriteRequest ephemeral)
    {
        _settings = _settings with { LocalSessionsUpgrade = true };
        var session = Open();
        Send(session, new SetData("/a", [0]), new GetData("/a"), ephemeral, new SetData("/a", [1]));

        var before = _peer.ExpectMsg<SubmitWrites>();
        Assert.True(before.Local);
        Assert.IsType<SetData>(Assert.Single(before.Writes).Operation);
        Assert.Equal(before.Writes[0].RequestId, Assert.Single(_replica.ExpectMsg<SubmitReads>().Reads).AfterWrite);
        var after = _peer.ExpectMsg<SubmitWrites>();
        Assert.False(after.Local);
        Assert.Equal(3, after.Writes.Length);
        var open = Assert.IsType<OpenSession>(after.Writes[0].Operation);
        Assert.Equal((SessionId, 5000, 0), (open.SessionId, open.TimeoutMs, after.Writes[0].RequestId));
        Assert.Equal(Secret, open.Secret);
        Assert.Same(ephemeral, after.Writes[1].Operation);
        Assert.Equal(SessionId, _registry.ExpectMsg<SessionUpgraded>().SessionId);

        Send(session, ephemeral, new CloseSession());
        var global = _peer.ExpectMsg<SubmitWrites>();
        Assert.False(global.Local);
        Assert.Equal([ephemeral, new CloseSession()], global.Writes.Select(write => write.Operation));
    }

    [Fact]
    public void What_is_not_ephemeral_never_upgrades_it()
    {
        _settings = _settings with { LocalSessionsUpgrade = true };
        var session = Open();
        Send(
            session, new Create("/a", [], Acl.Open, CreateMode.PersistentSequential),
            new Create("/b", [], Acl.Open, CreateMode.Container), new Multi([new Create("/c", [], Acl.Open)]),
            new Delete("/a"));
        Assert.True(_peer.ExpectMsg<SubmitWrites>().Local);
        Assert.False(_registry.HasMessages);
    }

    [Fact]
    public void Its_end_is_told_by_the_registry_unless_it_is_one_of_the_ensemble_s_by_then()
    {
        var session = Open();
        session.Tell(new SessionUpgraded(SessionId), _registry);
        session.Tell(new LocalSessionEnded(), _registry);
        Send(session, new Ping());
        Assert.Equal([1], Xids());

        var other = Open();
        other.Tell(new LocalSessionEnded(), _registry);
        Assert.Equal(DisconnectReason.SessionExpired, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void Without_a_leader_reads_are_answered_and_everything_else_is_refused()
    {
        var session = Attach(Admission.OpenLocal, zxid: 9, readOnly: true);
        Assert.True(_client.ExpectMsg<Connected>().ReadOnly);
        Send(
            session, new Create("/a", [], Acl.Open), new Delete("/a"), new SetData("/a", []), new SetAcl("/a", Acl.Open),
            new Multi([]), new Sync("/"), new Reconfigure(null, null, null, -1), new Ping(), new GetData("/a", Watch: true));
        Assert.False(_peer.HasMessages);
        var outputs = _client.ExpectMsg<ClientOutputs>().Outputs;
        Assert.Equal(Enumerable.Range(1, 8), outputs.Select(output => output.Xid));
        Assert.All(outputs[..7], output => Assert.Equal(new ErrorReply(ZabError.NotReadOnly), output.Content));
        Assert.All(outputs, output => Assert.Equal(9, output.Zxid));
        var read = Assert.Single(_replica.ExpectMsg<SubmitReads>().Reads);
        Assert.Equal(0, read.AfterWrite);
        session.Tell(Result(read.RequestId, 9, new DataReply([], default)), _replica);
        Assert.Equal([9], Xids());
        Send(session, new CloseSession());
        Assert.Single(_client.ExpectMsg<ClientOutputs>().Outputs);
        Assert.Equal(DisconnectReason.Closed, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Theory]
    [InlineData(true, DisconnectReason.NotServing)]
    [InlineData(false, DisconnectReason.SessionExpired)]
    public void Without_a_leader_a_session_that_the_tree_has_may_be_alive_and_another_one_is_not(
        bool isGlobal, DisconnectReason expected)
    {
        Attach(Admission.LookUp, readOnly: true, isGlobal: isGlobal);
        Assert.Equal(expected, _client.ExpectMsg<ConnectRefused>().Reason);
        Assert.False(_peer.HasMessages);
    }

    [Fact]
    public void A_client_that_has_seen_more_than_this_server_is_refused()
    {
        Attach(Admission.OpenLocal, zxid: 4, seen: 5);
        Assert.Equal(DisconnectReason.Behind, _client.ExpectMsg<ConnectRefused>().Reason);
        Assert.False(_registry.HasMessages);
    }

    private IActorRef Open()
    {
        var session = Attach(Admission.OpenLocal);
        _client.ExpectMsg<Connected>();
        _registry.ExpectMsg<SessionEstablished>();
        return session;
    }

    private IActorRef Attach(
        Admission how, long zxid = 1, long seen = 0, bool readOnly = false, bool isGlobal = false)
    {
        var session = _registry.ChildActorOf(SessionActor.Props(
            _settings, new SessionNeighbours(_peer, _replica), new Connect(0, [], 5000, seen),
            new ActorSink(_client, TestActor), 7, new SessionOpening(how, SessionId, Secret, readOnly),
            Identities.None));
        _replica.FishForMessage<AttachSession>(_ => true);
        session.Tell(new SessionAttached(zxid) { IsGlobal = isGlobal }, _replica);
        return session;
    }

    private static void Send(IActorRef session, params Request[] requests) => session.Tell(
        new ClientRequests([.. requests.Select((request, i) => new NumberedRequest(i + 1, request))]));

    private static SessionResults Result(long request, long zxid, Reply reply) => new([new SessionResult(request, zxid, reply)]);

    private IEnumerable<int> Xids() => _client.ExpectMsg<ClientOutputs>().Outputs.Select(o => o.Xid);
}
