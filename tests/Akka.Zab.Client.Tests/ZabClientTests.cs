using Akka.Actor;

namespace Akka.Zab.Client.Tests;

/// <summary>A session: opened, kept, lost; and calls within it.</summary>
public class ZabClientTests : ClientTestKit
{
    [Fact]
    public async Task A_session_is_opened_and_closed()
    {
        var connecting = ZabClient.ConnectAsync(Sys, []);
        var connect = Gateway.ExpectMsg<Connect>();
        Assert.Equal((0L, 10_000, 0L), (connect.SessionId, connect.TimeoutMs, connect.LastZxidSeen));
        Accept();
        var client = await connecting;
        Assert.Equal(99, client.SessionId);
        var closing = client.DisposeAsync();
        Assert.IsType<CloseSession>(Sent().Operation);
        Gateway.LastSender.Tell(new Disconnected(DisconnectReason.Closed), Session);
        await closing;
    }

    [Fact]
    public async Task A_server_that_refuses_or_is_silent_is_followed_by_the_next()
    {
        var connecting = ZabClient.ConnectAsync(Sys, []);
        Gateway.ExpectMsg<Connect>();
        Gateway.Reply(new ConnectRefused(DisconnectReason.NotServing));
        AdvanceUntil(200, () => Gateway.HasMessages);
        Gateway.ExpectMsg<Connect>();
        AdvanceUntil(2000, () => Gateway.HasMessages);
        Gateway.ExpectMsg<Connect>();
        Accept();
        await connecting;
    }

    [Fact]
    public async Task Calls_are_answered_in_order_with_results_or_typed_errors()
    {
        var client = await Connect();
        var create = client.CreateAsync("/a", [1]);
        var exists = client.ExistsAsync("/b");
        var delete = client.DeleteAsync("/c", 3);
        var requests = Receive(3);
        Assert.Equal(new Delete("/c", 3), requests[2].Operation);
        Answer(requests,
            new CreatedReply("/a", default), new ErrorReply(ZabError.NoNode), new ErrorReply(ZabError.BadVersion));
        Assert.Equal("/a", (await create).Path);
        Assert.Null(await exists);
        var refusal = await Assert.ThrowsAsync<BadVersionException>(() => delete);
        Assert.Equal((ZabError.BadVersion, "/c"), (refusal.Error, refusal.Path));
    }

    [Fact]
    public async Task A_linearizable_read_is_sent_right_behind_a_sync_and_fails_with_it()
    {
        var client = await Connect();
        var data = client.GetDataAsync("/a", ReadConsistency.Linearizable, watch: true);
        var requests = Receive(2);
        Assert.Equal(
            [new Sync("/") { Confirmed = true }, new GetData("/a", true)], requests.Select(request => request.Operation));
        Answer(requests, new SyncReply("/"), new DataReply([7], default));
        Assert.Equal([7], (await data).Data!);

        var exists = client.ExistsAsync("/a", ReadConsistency.Linearizable);
        Answer(Receive(2), new ErrorReply(ZabError.SessionMoved), new StatReply(default));
        await Assert.ThrowsAsync<ZabException>(() => exists);

        var names = client.GetChildrenAsync("/a", ReadConsistency.Sequential);
        Answer(Receive(1), new ChildrenReply(["b"], default));
        Assert.Equal(["b"], (await names).Names);
    }

    [Fact]
    public async Task The_ensemble_is_changed_and_the_lead_handed_over_by_requests_like_any_other()
    {
        var client = await Connect();
        var added = client.ReconfigureAsync(["server.4=d:1:2", "server.5=e:1:2"], [1, 2], 7);
        var whole = client.ReconfigureAsync("server.1=a:1:2");
        var lead = client.TransferLeadershipAsync(3);
        var requests = Receive(3);
        Assert.Equal(
            [
                new Reconfigure("server.4=d:1:2,server.5=e:1:2", "1,2", null, 7),
                new Reconfigure(null, null, "server.1=a:1:2"), new TransferLeadership(3),
            ],
            requests.Select(request => request.Operation));
        Answer(requests,
            new DataReply("version=8"u8.ToArray(), default), new ErrorReply(ZabError.ReconfigDisabled),
            DoneReply.Instance);
        Assert.Equal("version=8", await added);
        Assert.Equal(
            ZabError.ReconfigDisabled, (await Assert.ThrowsAsync<ZabException>(() => whole)).Error);
        await lead;
    }

    [Fact]
    public async Task A_failed_multi_says_which_operation_failed()
    {
        var client = await Connect();
        var multi = client.MultiAsync([new Check("/a"), new SetData("/b", []), new Delete("/c")]);
        Answer(Receive(1), new MultiReply(
            [new ErrorReply(ZabError.Ok), new ErrorReply(ZabError.NoNode), new ErrorReply(ZabError.RuntimeInconsistency)],
            ZabError.NoNode));
        var refusal = await Assert.ThrowsAsync<ZabMultiException>(() => multi);
        Assert.Equal((ZabError.NoNode, "/b", 3), (refusal.Error, refusal.Path, refusal.Results.Count));
    }

    [Fact]
    public async Task When_the_server_lets_go_the_session_is_taken_to_the_next_with_its_watches()
    {
        var client = await Connect();
        var states = CreateTestProbe();
        client.Subscribe(states);
        Assert.Equal(ConnectionState.Connected, states.ExpectMsg<ConnectionStateChanged>().State);
        var read = client.GetDataAsync("/a", watch: true);
        var missing = client.ExistsAsync("/b", watch: true);
        var gone = client.GetChildrenAsync("/c", watch: true);
        Answer(Receive(3),
            new DataReply([], default), new ErrorReply(ZabError.NoNode), new ChildrenReply([], default));
        await read;
        await missing;
        await gone;
        ToClient(new ClientOutputs([new ClientOutput(-1, 7, new WatchEvent(WatchEventType.NodeDeleted, "/c", 7))]));
        Assert.Equal("/c", states.ExpectMsg<WatchEvent>().Path);
        var lost = client.SetDataAsync("/a", []);
        Receive(1);

        ToClient(new Disconnected(DisconnectReason.NotServing));
        Assert.Equal(ZabError.ConnectionLoss, (await Assert.ThrowsAsync<ConnectionLossException>(() => lost)).Error);
        Assert.Equal(ConnectionState.Disconnected, states.ExpectMsg<ConnectionStateChanged>().State);
        var connect = Gateway.ExpectMsg<Connect>();
        Assert.Equal((99L, 7L), (connect.SessionId, connect.LastZxidSeen));
        Assert.Equal(Secret, connect.Secret);
        Session.ExpectMsg<Detach>();
        var waiting = client.GetDataAsync("/a");
        Accept();
        Assert.Equal(ConnectionState.Connected, states.ExpectMsg<ConnectionStateChanged>().State);
        var requests = Receive(2);
        var watches = Assert.IsType<SetWatches>(requests[0].Operation);
        Assert.Equal(7, watches.SinceZxid);
        Assert.Equal(["/a"], watches.Data);
        Assert.Equal(["/b"], watches.Exist);
        Assert.Empty(watches.Children);
        Answer(requests, DoneReply.Instance, new DataReply([5], default));
        Assert.Equal([5], (await waiting).Data!);
    }

    [Fact]
    public async Task When_the_session_has_expired_every_call_says_so()
    {
        var client = await Connect();
        var states = CreateTestProbe();
        client.Subscribe(states);
        states.ExpectMsg<ConnectionStateChanged>();
        ToClient(new Disconnected(DisconnectReason.NotServing));
        states.ExpectMsg<ConnectionStateChanged>();
        var waiting = client.GetDataAsync("/a");
        Gateway.ExpectMsg<Connect>();
        Gateway.Reply(new ConnectRefused(DisconnectReason.SessionExpired));
        Assert.Equal(ConnectionState.Expired, states.ExpectMsg<ConnectionStateChanged>().State);
        Assert.Equal(ZabError.SessionExpired, (await Assert.ThrowsAsync<SessionExpiredException>(() => waiting)).Error);
        await Assert.ThrowsAsync<SessionExpiredException>(() => client.SyncAsync());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task An_idle_client_pings_and_gives_a_silent_server_up_after_two_thirds_of_the_timeout()
    {
        var client = await Connect();
        Advance(3334, () => Session.HasMessages);
        var ping = Sent();
        Assert.IsType<Ping>(ping.Operation);
        Answer([ping], DoneReply.Instance);
        client.Subscribe(TestActor);
        ExpectMsg<ConnectionStateChanged>();
        Advance(3334, () => Session.HasMessages);
        Assert.IsType<Ping>(Sent().Operation);
        Advance(3334, () => Gateway.HasMessages); // what it was surely heard with last is two thirds ago
        Session.ExpectMsg<Detach>();
        Assert.Equal(99, Gateway.ExpectMsg<Connect>().SessionId);
    }

    [Fact]
    public async Task A_session_that_answers_too_late_is_closed_again()
    {
        var client = await Connect();
        var late = CreateTestProbe();
        ToClient(new Connected(100, Secret, 10_000, late));
        Assert.IsType<CloseSession>(Assert.Single(late.ExpectMsg<ClientRequests>().Requests).Operation);
        Assert.Equal(99, client.SessionId);
    }

    [Fact]
    public async Task Watch_events_can_be_read_as_a_sequence()
    {
        var client = await Connect();
        var watching = client.ExistsAsync("/a", watch: true);
        Answer(Receive(1), new ErrorReply(ZabError.NoNode));
        await watching;
        var first = new WatchEvent(WatchEventType.NodeCreated, "/a", 3);
        var second = new WatchEvent(WatchEventType.NodeDeleted, "/a", 4);
        ToClient(new ClientOutputs([new ClientOutput(-1, 3, first), new ClientOutput(-1, 4, second)]));
        var seen = new List<WatchEvent>();
        await foreach (var fired in client.ReadWatchEventsAsync())
        {
            seen.Add(fired);
            if (seen.Count == 2) break;
        }
        Assert.Equal([first, second], seen);
    }

    [Fact]
    public async Task A_cancelled_call_is_not_waited_for_and_its_reply_is_taken_for_no_other()
    {
        var client = await Connect();
        using var cancellation = new CancellationTokenSource();
        var cancelled = client.ExistsAsync("/a", cancellation: cancellation.Token);
        var requests = Receive(1);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var next = client.GetDataAsync("/b");
        requests.AddRange(Receive(1));
        Answer(requests, new StatReply(default), new DataReply([1], default));
        Assert.Equal([1], (await next).Data!);
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ZabClient.ConnectAsync(Sys, ["somewhere"]));
}
