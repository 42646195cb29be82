using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Sessions;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 10, local sessions, and section 12, read-only mode: a whole registry.</summary>
public class LocalRegistryTests : RegistryTestKit
{
    [Fact]
    public void A_thousand_sessions_come_and_go_without_a_word_to_the_leader()
    {
        Start(local: true);
        Serve();
        for (var i = 0; i < 1000; i++)
        {
            var (client, connected) = Open();
            if (i % 2 == 0)
            {
                connected.Session.Tell(new ClientRequests([new NumberedRequest(1, new CloseSession())]));
                client.ExpectMsg<ClientOutputs>();
                Assert.Equal(DisconnectReason.Closed, client.ExpectMsg<Disconnected>().Reason);
            }
        }
        Assert.Equal(500, Status().Local);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void One_that_is_not_heard_from_expires_here_and_its_client_is_let_go()
    {
        Start(local: true);
        Serve();
        var (silent, _) = Open(timeoutMs: 3000);
        var (heard, connected) = Open(timeoutMs: 3000);
        for (var beat = 0; beat < 10; beat++)
        {
            Ping(heard, connected.Session);
            Advance(TickMs / 2);
        }
        Assert.Equal(DisconnectReason.SessionExpired, silent.ExpectMsg<Disconnected>().Reason);
        Assert.False(heard.HasMessages);
        Assert.Equal(1, Status().Local);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void Its_client_comes_back_to_it_with_the_secret_and_the_older_connection_is_let_go()
    {
        Start(local: true);
        Serve();
        var (older, connected) = Open();
        var (newer, again) = Open(connected.SessionId, connected.Secret);
        Assert.Equal(connected.SessionId, again.SessionId);
        Assert.Equal(DisconnectReason.SessionMoved, older.ExpectMsg<Disconnected>().Reason);
        var thief = Attach(connected.SessionId, new byte[16]);
        Assert.Equal(DisconnectReason.SessionExpired, thief.ExpectMsg<ConnectRefused>().Reason);
        Ping(newer, again.Session);
        Assert.Equal(1, Status().Local);
    }

    [Fact]
    public void Of_another_server_s_session_the_leader_is_asked_and_says_that_it_is_over()
    {
        Start(local: true);
        Serve();
        var client = Attach(77, new byte[16]);
        var (session, write) = Proposed();
        Assert.IsType<ReattachSession>(write.Operation);
        session.Tell(
            new SessionResults([new SessionResult(write.RequestId, 1, new ErrorReply(ZabError.SessionExpired))]), Replica);
        Assert.Equal(DisconnectReason.SessionExpired, client.ExpectMsg<ConnectRefused>().Reason);
    }

    [Fact]
    public void After_the_upgrade_the_leader_watches_over_it_and_this_server_only_reports_it()
    {
        Start(local: true, upgrade: true);
        Serve();
        var (client, connected) = Open(timeoutMs: 3000);
        connected.Session.Tell(new ClientRequests([
            new NumberedRequest(1, new Create("/e", [], Acl.Open, CreateMode.Ephemeral))]));
        Assert.IsType<OpenSession>(Peer.ExpectMsg<SubmitWrites>().Writes[0].Operation);
        Assert.Equal(0, Status().Local);
        Scheduler.Advance(TimeSpan.FromMilliseconds(TickMs));
        connected.Session.Tell(new ClientRequests([new NumberedRequest(2, new Ping())]));
        Scheduler.Advance(TimeSpan.FromMilliseconds(TickMs));
        Status();
        Scheduler.Advance(TimeSpan.FromMilliseconds(TickMs));
        Assert.Equal([connected.SessionId], Peer.ExpectMsg<TouchSessions>().SessionIds);
        for (var beat = 0; beat < 20; beat++) Advance(TickMs / 2);
        Assert.False(client.HasMessages);

        Attach(connected.SessionId, connected.Secret);
        Assert.IsType<ReattachSession>(Proposed().Write.Operation);
    }

    [Fact]
    public void A_client_that_comes_back_while_it_is_upgraded_has_to_ask_again()
    {
        Start(local: true, upgrade: true);
        Serve();
        var (_, connected) = Open();
        var newer = Attach(connected.SessionId, connected.Secret);
        connected.Session.Tell(new ClientRequests([
            new NumberedRequest(1, new Create("/e", [], Acl.Open, CreateMode.Ephemeral))]));
        Peer.ExpectMsg<SubmitWrites>();
        Status();
        Attached();
        newer.ExpectMsg<Connected>();
        Assert.Equal(DisconnectReason.NotServing, newer.ExpectMsg<Disconnected>().Reason);
        Assert.Equal(0, Status().Local);
    }

    [Fact]
    public void It_outlives_an_election_and_has_its_full_time_again_after_it()
    {
        Start(local: true);
        Serve();
        var (client, connected) = Open(timeoutMs: 3000);
        Serve(false);
        Assert.Equal(DisconnectReason.NotServing, client.ExpectMsg<Disconnected>().Reason);
        for (var beat = 0; beat < 20; beat++) Advance(TickMs / 2);
        Assert.Equal(1, Status().Local);
        Serve(epoch: 2);
        Advance(TickMs * 2);
        var (_, again) = Open(connected.SessionId, connected.Secret, 3000);
        Assert.Equal(connected.SessionId, again.SessionId);
    }

    [Fact]
    public void Without_a_leader_only_clients_that_accept_it_are_let_in_and_all_must_go_when_there_is_one()
    {
        Start();
        ServeReadOnly();
        Assert.Equal(DisconnectReason.NotServing, Attach().ExpectMsg<ConnectRefused>().Reason);
        var (client, connected) = Open(readOnlyAllowed: true);
        Assert.True(connected.ReadOnly);
        Serve(false);
        Assert.Equal(DisconnectReason.NotServing, client.ExpectMsg<Disconnected>().Reason);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void A_client_that_waited_for_the_end_of_the_election_may_read_when_there_is_none()
    {
        Start();
        Serve(false);
        var writer = Attach();
        var reader = Attach(readOnlyAllowed: true);
        ServeReadOnly();
        Assert.Equal(DisconnectReason.NotServing, writer.ExpectMsg<ConnectRefused>().Reason);
        Attached();
        Assert.True(reader.ExpectMsg<Connected>().ReadOnly);
    }

    [Fact]
    public void A_session_that_was_opened_without_a_leader_becomes_one_of_the_ensemble_when_its_client_comes_back()
    {
        Start();
        ServeReadOnly();
        var (_, connected) = Open(readOnlyAllowed: true);
        Serve(false);
        Serve(epoch: 2);
        var client = Attach(connected.SessionId, connected.Secret);
        var (session, write) = Proposed();
        var open = Assert.IsType<OpenSession>(write.Operation);
        Assert.Equal(connected.SessionId, open.SessionId);
        Assert.Equal(connected.Secret, open.Secret);
        session.Tell(new SessionResults(
            [new SessionResult(write.RequestId, 1, new SessionReply(open.SessionId, open.Secret, 5000))]), Replica);
        var again = client.ExpectMsg<Connected>();
        Assert.Equal((connected.SessionId, false), (again.SessionId, again.ReadOnly));
        Assert.Equal(0, Status().Local);
    }

    [Fact]
    public void A_session_of_the_ensemble_is_not_taken_without_a_leader()
    {
        Start();
        ServeReadOnly();
        var known = Attach(77, new byte[16], readOnlyAllowed: true);
        Attached(isGlobal: true);
        Assert.Equal(DisconnectReason.NotServing, known.ExpectMsg<ConnectRefused>().Reason);
        var unknown = Attach(78, new byte[16], readOnlyAllowed: true);
        Attached();
        Assert.Equal(DisconnectReason.SessionExpired, unknown.ExpectMsg<ConnectRefused>().Reason);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void Local_sessions_are_shown_apart_with_the_time_at_which_they_expire()
    {
        Start(local: true);
        Serve();
        var (_, connected) = Open();
        Registry.Tell(new StartExpiry([(11, 3000)]), Peer);
        Registry.Tell(new GetSessionExpiry(), TestActor);
        var expiry = (SessionExpiry)FishForMessage(message => message is SessionExpiry);
        Assert.Equal([11L], Assert.Single(expiry.Buckets).Sessions);
        Assert.Equal([connected.SessionId], Assert.Single(expiry.Local).Sessions);
        Assert.Equal((1, 1), (Status().Tracked, Status().Local));
    }

    private void ServeReadOnly()
    {
        Registry.Tell(new ServingChanged(ServerRole.Looking, 0, 0, false) { ReadOnly = true }, Peer);
        ExpectMsg<ServingChanged>();
    }

    private TestProbe Attach(long session = 0, byte[]? secret = null, int timeoutMs = 5000, bool readOnlyAllowed = false)
    {
        var client = CreateTestProbe();
        Registry.Tell(new AttachClient(
            new Connect(session, secret ?? [], timeoutMs, 0) { ReadOnlyAllowed = readOnlyAllowed },
            new ActorSink(client, ActorRefs.Nobody), "client"));
        return client;
    }

    private (TestProbe Client, Connected Connected) Open(
        long session = 0, byte[]? secret = null, int timeoutMs = 5000, bool readOnlyAllowed = false)
    {
        var client = Attach(session, secret, timeoutMs, readOnlyAllowed);
        Attached();
        return (client, client.ExpectMsg<Connected>());
    }

    // Connections that came before may have been let go of meanwhile.
    private IActorRef Attached(bool isGlobal = false) =>
        Attached((AttachSession)Replica.FishForMessage(message => message is AttachSession), isGlobal);

    private (IActorRef Session, NumberedWrite Write) Proposed() => (Attached(), Submitted());
}
