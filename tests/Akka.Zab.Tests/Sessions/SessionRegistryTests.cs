using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Sessions;

public class SessionRegistryTests : RegistryTestKit
{
    private readonly TestProbe _client;

    public SessionRegistryTests()
    {
        _client = CreateTestProbe();
        Start();
    }

    [Fact]
    public void A_client_that_comes_while_the_server_does_not_serve_waits_for_a_tick_and_is_refused_then()
    {
        Attach();
        Status();
        AdvanceBeats(1);
        Assert.False(_client.HasMessages);
        AdvanceBeats(1);
        Assert.Equal(DisconnectReason.NotServing, _client.ExpectMsg<ConnectRefused>().Reason);
    }

    [Fact]
    public void A_client_that_comes_during_an_election_is_attached_at_its_end()
    {
        Serve();
        Serve(false);
        Attach();
        Serve(epoch: 2);
        Assert.IsType<OpenSession>(Proposed().Write.Operation);
    }

    [Fact]
    public void New_sessions_have_ids_of_this_server_and_secrets_of_sixteen_bytes()
    {
        Serve();
        var (first, _) = Open();
        var (second, _) = Open();
        Assert.Equal(3, first.SessionId >> 56);
        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.Equal(16, first.Secret.Length);
        Assert.NotEqual(first.Secret, second.Secret);
    }

    [Fact]
    public void The_timeout_is_kept_within_the_bounds()
    {
        Serve();
        Assert.Equal(2000, Open(timeoutMs: 1).Open.TimeoutMs);
        Assert.Equal(20_000, Open(timeoutMs: int.MaxValue).Open.TimeoutMs);
        Assert.Equal(7000, Open(timeoutMs: 7000).Open.TimeoutMs);
        Assert.Equal(2000, Open(timeoutMs: -5).Open.TimeoutMs);
    }

    [Fact]
    public void The_older_connection_of_a_session_is_let_go_when_the_newer_one_has_proved_its_secret_and_not_before()
    {
        Serve();
        var (open, _) = Open();
        var newer = CreateTestProbe();
        Registry.Tell(new AttachClient(
            new Connect(open.SessionId, open.Secret, 5000, 0), new ActorSink(newer, TestActor), "newer"));
        var write = Proposed();
        Assert.IsType<ReattachSession>(write.Write.Operation);
        Assert.False(_client.HasMessages);
        Confirm(write.Session, write.Write.RequestId, open.SessionId, open.Secret);
        newer.ExpectMsg<Connected>();
        Assert.Equal(DisconnectReason.SessionMoved, _client.ExpectMsg<Disconnected>().Reason);
    }

    [Fact]
    public void A_wrong_secret_does_not_disturb_the_session()
    {
        Serve();
        var (open, session) = Open();
        var thief = CreateTestProbe();
        Registry.Tell(new AttachClient(
            new Connect(open.SessionId, new byte[16], 5000, 0), new ActorSink(thief, TestActor), "thief"));
        var write = Proposed();
        write.Session.Tell(
            new SessionResults([new SessionResult(write.Write.RequestId, 1, new ErrorReply(ZabError.SessionExpired))]), Replica);
        Assert.Equal(DisconnectReason.SessionExpired, thief.ExpectMsg<ConnectRefused>().Reason);
        session.Tell(new ClientRequests([new NumberedRequest(1, new Ping())]));
        _client.ExpectMsg<ClientOutputs>();
    }

    [Fact]
    public void All_clients_are_let_go_when_the_server_stops_serving()
    {
        Serve();
        Open();
        Open();
        Serve(false);
        Assert.Equal(DisconnectReason.NotServing, _client.ExpectMsg<Disconnected>().Reason);
        Assert.Equal(DisconnectReason.NotServing, _client.ExpectMsg<Disconnected>().Reason);
        Replica.ExpectMsg<DetachSession>();
        Replica.ExpectMsg<DetachSession>();
        Serve(epoch: 2);
        Open();
    }

    [Fact]
    public void A_follower_reports_who_was_heard_from_twice_in_a_tick_each_once()
    {
        Serve();
        var (open, session) = Open();
        Status();
        Scheduler.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal([open.SessionId], Peer.ExpectMsg<TouchSessions>().SessionIds);
        for (var i = 0; i < 3; i++) session.Tell(new ClientRequests([new NumberedRequest(i, new Ping())]));
        for (var i = 0; i < 3; i++) _client.ExpectMsg<ClientOutputs>();
        Status();
        Scheduler.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal([open.SessionId], Peer.ExpectMsg<TouchSessions>().SessionIds);
        Scheduler.Advance(TimeSpan.FromMilliseconds(500));
        Status();
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void The_leader_expires_who_was_not_heard_from()
    {
        Lead((11, 3000), (12, 6000));
        AdvanceBeats(3);
        Registry.Tell(new SessionsTouched([11]));
        Status();
        AdvanceBeats(5);
        Assert.False(Peer.HasMessages);
        AdvanceBeats(2);
        Assert.Equal(11, Peer.ExpectMsg<ExpireSession>().SessionId);
        AdvanceBeats(4);
        Assert.Equal(12, Peer.ExpectMsg<ExpireSession>().SessionId);
        AdvanceBeats(20);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void A_session_of_the_leader_s_own_clients_is_touched_directly()
    {
        Serve();
        var (open, session) = Open();
        Registry.Tell(new StartExpiry([(open.SessionId, 2000)]), Peer);
        for (var i = 0; i < 20; i++)
        {
            session.Tell(new ClientRequests([new NumberedRequest(i, new Ping())]));
            _client.ExpectMsg<ClientOutputs>();
            AdvanceBeats(1);
        }
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void No_session_expires_before_its_timeout_has_passed_since_its_client_was_last_heard_from()
    {
        Serve();
        var (open, session) = Open();
        Registry.Tell(new StartExpiry([(open.SessionId, 2000)]), Peer);
        Wait(TickMs - 10);
        Ping(_client, session, 1);
        // So soon after the last time that the registry is not told.
        Wait(TickMs / 4 - 10);
        Ping(_client, session, 2);
        Wait(2000 - 10);
        Assert.False(Peer.HasMessages);
        AdvanceBeats(4);
        Assert.Equal(open.SessionId, Peer.ExpectMsg<ExpireSession>().SessionId);
    }

    [Fact]
    public void Sessions_opened_and_closed_meanwhile_are_watched_and_forgotten()
    {
        Lead();
        Registry.Tell(new TrackSession(11, 2000));
        Registry.Tell(new TrackSession(12, 2000));
        Registry.Tell(new UntrackSession(12));
        Assert.Equal(1, Status().Tracked);
        AdvanceBeats(7);
        Assert.Equal(11, Peer.ExpectMsg<ExpireSession>().SessionId);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void A_server_that_leads_no_longer_expires_nobody()
    {
        Lead((11, 2000));
        Registry.Tell(new StopExpiry());
        AdvanceBeats(20);
        Assert.False(Peer.HasMessages);
    }

    [Fact]
    public void A_process_that_was_stopped_for_an_hour_expires_nobody_before_it_could_hear_them()
    {
        Lead((11, 3000));
        AdvanceBeats(1);
        Time.Pause = TimeSpan.FromHours(1);
        AdvanceBeats(1);
        Assert.False(Peer.HasMessages);
        Registry.Tell(new SessionsTouched([11]));
        Status();
        AdvanceBeats(5);
        Assert.False(Peer.HasMessages);
        AdvanceBeats(3);
        Assert.Equal(11, Peer.ExpectMsg<ExpireSession>().SessionId);
    }

    private void Lead(params (long, int)[] sessions)
    {
        Serve();
        Registry.Tell(new StartExpiry(sessions), Peer);
        Assert.Equal(sessions.Length, Status().Tracked);
    }

    private void Wait(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 10) Advance(10);
    }

    private void Attach(int timeoutMs = 5000) => Registry.Tell(
        new AttachClient(new Connect(0, [], timeoutMs, 0), new ActorSink(_client, CreateTestProbe()), "client"));

    private (OpenSession Open, IActorRef Session) Open(int timeoutMs = 5000)
    {
        Attach(timeoutMs);
        var (session, write) = Proposed();
        var open = Assert.IsType<OpenSession>(write.Operation);
        Confirm(session, write.RequestId, open.SessionId, open.Secret);
        _client.ExpectMsg<Connected>();
        return (open, session);
    }

    private (IActorRef Session, NumberedWrite Write) Proposed() =>
        (Attached(Replica.ExpectMsg<AttachSession>()), Submitted());

    private void Confirm(IActorRef session, long request, long sessionId, byte[] secret) => session.Tell(
        new SessionResults([new SessionResult(request, 1, new SessionReply(sessionId, secret, 5000))]), Replica);
}
