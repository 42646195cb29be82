using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Connections;
using Akka.Zab.ZooKeeper.Tests.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Connections;

public class ClientConnectionTests : Akka.TestKit.Xunit2.TestKit
{
    static readonly byte[] _secret = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    static readonly byte[] _accepted =
        new Frame().Int(0).Int(4000).Long(0x0100000000000009).Buffer(_secret).Bool(false).WithLength();

    readonly TestProbe _registry;
    readonly TestProbe _session;

    public ClientConnectionTests()
    {
        _registry = CreateTestProbe();
        _session = CreateTestProbe();
    }

    static byte[] Get(int xid, string path) => Frame.Request(xid, 4).String(path).Bool(false).WithLength();

    static byte[] Reply(int xid, long zxid, int error = 0) => new Frame().Int(xid).Long(zxid).Int(error).WithLength();

    async Task<(TestClient Client, IClientSink Sink)> ConnectedAsync(
        ConnectionLimits? limits = null, int serverBuffer = 1 << 20, OutstandingBudget? budget = null)
    {
        var client = new TestClient(_registry.Ref, limits, serverBuffer: serverBuffer, budget: budget);
        await client.SendAsync(Frame.Connect());
        var sink = (await _registry.ExpectMsgAsync<AttachClient>()).Sink;
        sink.Connected(new Connected(0x0100000000000009, _secret, 4000, _session.Ref));
        Assert.Equal(_accepted, await client.ReceiveAsync());
        return (client, sink);
    }

    [Fact]
    public async Task The_handshake_is_asked_of_the_registry_and_answered()
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync(Frame.Connect(session: 0, timeout: 6000, lastZxid: 17));
        var attach = await _registry.ExpectMsgAsync<AttachClient>();
        var asked = attach.Request;
        Assert.Equal((0L, 6000, 17L), (asked.SessionId, asked.TimeoutMs, asked.LastZxidSeen));
        Assert.Equal("127.0.0.1:1234", attach.Remote);
        attach.Sink.Connected(new Connected(0x0100000000000009, _secret, 4000, _session.Ref));
        Assert.Equal(_accepted, await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_handshake_that_comes_in_crumbs_is_put_together()
    {
        var client = new TestClient(_registry.Ref);
        foreach (var crumb in Frame.Connect(readOnly: null)) await client.SendAsync([crumb]);
        (await _registry.ExpectMsgAsync<AttachClient>()).Sink.Connected(new Connected(9, _secret, 4000, _session.Ref));
        Assert.Equal(new Frame().Int(0).Int(4000).Long(9).Buffer(_secret).WithLength(), await client.ReceiveAsync());
    }

    [Fact]
    public async Task Requests_that_came_with_the_handshake_wait_for_the_session()
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync(Frame.Connect(), Get(1, "/a"), Get(2, "/b"));
        var attach = await _registry.ExpectMsgAsync<AttachClient>();
        attach.Sink.Connected(new Connected(0x0100000000000009, _secret, 4000, _session.Ref));
        var requests = await _session.ExpectMsgAsync<ClientRequests>();
        Assert.Equal(
            [new NumberedRequest(1, new GetData("/a")), new NumberedRequest(2, new GetData("/b"))], requests.Requests);
    }

    [Fact]
    public async Task An_expired_session_is_answered_as_invalid_and_the_connection_ends()
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync(Frame.Connect(session: 5));
        (await _registry.ExpectMsgAsync<AttachClient>()).Sink.Refused(DisconnectReason.SessionExpired);
        Assert.Equal(
            new Frame().Int(0).Int(0).Long(0).Buffer(new byte[16]).Bool(false).WithLength(),
            await client.ReceiveAllAsync());
        await client.Ended;
    }

    [Theory]
    [InlineData(DisconnectReason.NotServing)]
    [InlineData(DisconnectReason.Behind)]
    public async Task Any_other_refusal_ends_the_connection_without_a_word(DisconnectReason reason)
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync(Frame.Connect());
        (await _registry.ExpectMsgAsync<AttachClient>()).Sink.Refused(reason);
        Assert.Empty(await client.ReceiveAllAsync());
        await client.Ended;
    }

    [Fact]
    public async Task A_client_that_goes_while_its_session_is_being_opened_is_detached_once_it_is()
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync(Frame.Connect());
        var attach = await _registry.ExpectMsgAsync<AttachClient>();
        client.Hang();
        await client.Ended;
        attach.Sink.Connected(new Connected(9, _secret, 4000, _session.Ref));
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed_after_a_while()
    {
        var limits = new ConnectionLimits(HandshakeTimeout: TimeSpan.FromMilliseconds(1));
        var client = new TestClient(_registry.Ref, limits);
        Assert.Empty(await client.ReceiveAllAsync());
        await client.Ended;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(27)]
    [InlineData(0x100000)]
    public async Task A_first_frame_of_an_impossible_length_ends_the_connection(int length)
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync([.. new Frame().Int(length).Bytes, .. new byte[Math.Clamp(length, 0, 100)]]);
        Assert.Empty(await client.ReceiveAllAsync());
        await client.Ended;
        await _registry.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("ruok")]
    [InlineData("ruok\n")]
    public async Task A_word_in_place_of_the_handshake_is_answered_and_the_connection_ends(string word)
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync(Encoding.ASCII.GetBytes(word));
        Assert.Equal("<Ruok>", Encoding.ASCII.GetString(await client.ReceiveAllAsync()));
        await client.Ended;
    }

    [Fact]
    public async Task The_mask_of_stmk_is_waited_for()
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync([.. "stmk"u8, 0, 0, 0, 0]);
        await client.SendAsync([0, 0, 1, 7]);
        Assert.Equal("<Stmk 263>", Encoding.ASCII.GetString(await client.ReceiveAllAsync()));
    }

    [Fact]
    public async Task A_word_is_answered_also_to_a_client_that_has_closed_its_half()
    {
        var client = new TestClient(_registry.Ref);
        await client.SendAsync("srvr"u8.ToArray());
        client.Hang();
        Assert.Equal("<Srvr>", Encoding.ASCII.GetString(await client.ReceiveAllAsync()));
    }

    [Fact]
    public async Task After_the_handshake_a_word_is_a_bad_length()
    {
        var (client, _) = await ConnectedAsync();
        await client.SendAsync("ruok"u8.ToArray());
        Assert.Empty(await client.ReceiveAllAsync());
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task All_frames_of_a_read_are_one_message_and_their_replies_come_in_order_with_events_between()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(
            Frame.Request(1, 1).String("/a").Buffer(null).OpenAcl().Int(0).WithLength(),
            Frame.Request(2, 15).String("/b").Buffer(null).OpenAcl().Int(0).WithLength(),
            Frame.Request(77, 11).WithLength());
        Assert.Equal([1, 2, 77], XidsOf(await _session.ExpectMsgAsync<ClientRequests>()));

        sink.Deliver([
            new ClientOutput(1, 5, new CreatedReply("/a", default)),
            new ClientOutput(-1, 5, new WatchEvent(WatchEventType.NodeCreated, "/b", 6)),
            new ClientOutput(2, 6, new CreatedReply("/b", default))]);
        sink.Deliver([new ClientOutput(77, 6, DoneReply.Instance)]);
        Assert.Equal(new Frame().Int(1).Long(5).Int(0).String("/a").WithLength(), await client.ReceiveAsync());
        Assert.Equal(
            new Frame().Int(-1).Long(6).Int(0).Int(1).Int(3).String("/b").WithLength(), await client.ReceiveAsync());
        Assert.Equal(4 + 16 + 6 + 68, (await client.ReceiveAsync())!.Length);
        Assert.Equal(Reply(-2, 6), await client.ReceiveAsync());
        Assert.Equal((3, 4, 0, 3), Figures(client.Connection.Statistics));
    }

    static IEnumerable<int> XidsOf(ClientRequests requests) => requests.Requests.Select(request => request.Xid);

    static (long Received, long Sent, long Outstanding, long Answered) Figures(ConnectionStatistics statistics)
        => (statistics.Received, statistics.Sent, statistics.Outstanding, statistics.Answered);

    [Fact]
    public async Task A_malformed_request_is_refused_in_its_turn_and_the_connection_goes_on()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(Frame.Request(1, 4).Int(1000).WithLength(), Get(2, "/a"));
        var requests = (await _session.ExpectMsgAsync<ClientRequests>()).Requests;
        Assert.Equal(new Refused(ZabError.MarshallingError), requests[0].Operation);
        sink.Deliver([
            new ClientOutput(1, 3, new ErrorReply(ZabError.MarshallingError)),
            new ClientOutput(2, 3, new ErrorReply(ZabError.NoNode))]);
        Assert.Equal(Reply(1, 3, -5), await client.ReceiveAsync());
        Assert.Equal(Reply(2, 3, -101), await client.ReceiveAsync());
    }

    [Fact]
    public async Task After_an_unknown_operation_nothing_is_read_and_the_connection_ends_with_its_answer()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(Get(1, "/a"), Frame.Request(2, 999).WithLength(), Get(3, "/c"));
        Assert.Equal([1, 2], XidsOf(await _session.ExpectMsgAsync<ClientRequests>()));
        sink.Deliver([
            new ClientOutput(1, 3, new ErrorReply(ZabError.NoNode)),
            new ClientOutput(2, 3, new ErrorReply(ZabError.Unimplemented))]);
        byte[] expected = [.. Reply(1, 3, -101), .. Reply(2, -1, -6)];
        Assert.Equal(expected, await client.ReceiveAllAsync());
        await client.Ended;
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task Closing_the_session_is_answered_and_then_the_connection_ends()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(Frame.Request(1, -11).WithLength());
        Assert.Equal(new CloseSession(), (await _session.ExpectMsgAsync<ClientRequests>()).Requests[0].Operation);
        sink.Deliver([new ClientOutput(1, 8, DoneReply.Instance)]);
        sink.Disconnected(DisconnectReason.Closed);
        Assert.Equal(Reply(1, 8), await client.ReceiveAllAsync());
        await client.Ended;
        await _session.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Refused_credentials_are_answered_with_zxid_0_and_the_connection_ends()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(Frame.Request(-4, 100).Int(0).String("nobody").Buffer([1]).WithLength());
        await _session.ExpectMsgAsync<ClientRequests>();
        sink.Deliver([new ClientOutput(-4, 8, new ErrorReply(ZabError.AuthFailed))]);
        Assert.Equal(Reply(-4, 0, -115), await client.ReceiveAllAsync());
        await client.Ended;
    }

    [Fact]
    public async Task A_session_that_ends_takes_the_connection_with_it_after_what_it_delivered()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(Get(1, "/a"));
        await _session.ExpectMsgAsync<ClientRequests>();
        sink.Deliver([new ClientOutput(1, 3, new ErrorReply(ZabError.NoNode))]);
        sink.Disconnected(DisconnectReason.SessionExpired);
        Assert.Equal(Reply(1, 3, -101), await client.ReceiveAllAsync());
        await client.Ended;
        await _session.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_client_that_goes_is_detached()
    {
        var (client, _) = await ConnectedAsync();
        client.Hang();
        await client.Ended;
        await _session.ExpectMsgAsync<Detach>();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    [InlineData(0x1000000)]
    public async Task A_frame_of_an_impossible_length_ends_the_connection_after_the_requests_before_it(int length)
    {
        var (client, _) = await ConnectedAsync();
        await client.SendAsync(
            [.. Get(1, "/a"), .. new Frame().Int(length).Bytes, .. new byte[Math.Clamp(length, 0, 100)]]);
        await _session.ExpectMsgAsync<ClientRequests>();
        await _session.ExpectMsgAsync<Detach>();
        await client.Ended;
    }

    // ZOOKEEPER-PROTOCOL.md, section 1: ZooKeeper closes the connection there; what is after it would be lost.
    [Theory]
    [InlineData(0x100000)]
    [InlineData(0x100000 * 10)]
    public async Task A_request_that_is_too_long_is_refused_in_its_turn_and_the_connection_goes_on(int length)
    {
        var limits = new ConnectionLimits();
        var (client, sink) = await ConnectedAsync(limits);
        await client.SendAsync(
            [.. Get(1, "/a"), .. new Frame().Int(length).Int(2).Int(5).Bytes, .. new byte[length - 8], .. Get(3, "/c")]);
        var requests = new List<NumberedRequest>();
        while (requests.Count < 3) requests.AddRange((await _session.ExpectMsgAsync<ClientRequests>()).Requests);
        Assert.Equal([1, 2, 3], requests.Select(request => request.Xid));
        Assert.Equal(new Refused(ZabError.MarshallingError), requests[1].Operation);
        sink.Deliver([Missing(1), new ClientOutput(2, 1, new ErrorReply(ZabError.MarshallingError)), Missing(3)]);
        Assert.Equal(Reply(1, 1, -101), await client.ReceiveAsync());
        Assert.Equal(Reply(2, 1, -5), await client.ReceiveAsync());
        Assert.Equal(Reply(3, 1, -101), await client.ReceiveAsync());
        Assert.Equal(1, limits.Refusals.LongRequests);
    }

    [Fact]
    public async Task A_reply_that_is_too_long_is_an_error_and_the_connection_goes_on()
    {
        var limits = new ConnectionLimits(MaxReply: 1000);
        var (client, sink) = await ConnectedAsync(limits);
        await client.SendAsync(Get(1, "/a"), Get(2, "/a"));
        await _session.ExpectMsgAsync<ClientRequests>();
        sink.Deliver([new ClientOutput(1, 1, new DataReply(new byte[1000], default)), Missing(2)]);
        Assert.Equal(Reply(1, 1, -5), await client.ReceiveAsync());
        Assert.Equal(Reply(2, 1, -101), await client.ReceiveAsync());
        Assert.Equal(1, limits.Refusals.LongReplies);
    }

    [Fact]
    public async Task When_all_connections_together_have_too_much_under_way_those_with_requests_are_not_read_from()
    {
        var budget = new OutstandingBudget(38);
        var (greedy, greedySink) = await ConnectedAsync(budget: budget);
        await greedy.SendAsync(Get(1, "/a"), Get(2, "/a"));
        await _session.ExpectMsgAsync<ClientRequests>(requests => requests.Requests.Length == 2);
        await AwaitConditionAsync(() => Task.FromResult(!greedy.Connection.Reading));
        await greedy.SendAsync(Get(3, "/a"));
        // Another client has nothing under way: it may always ask for one thing.
        var (modest, modestSink) = await ConnectedAsync(budget: budget);
        await modest.SendAsync(Get(9, "/b"));
        Assert.Equal(9, (await _session.ExpectMsgAsync<ClientRequests>()).Requests.Single().Xid);
        modestSink.Deliver([Missing(9)]);
        Assert.Equal(Reply(9, 1, -101), await modest.ReceiveAsync());
        Assert.False(_session.HasMessages);
        greedySink.Deliver([Missing(1), Missing(2)]);
        Assert.Equal(3, (await _session.ExpectMsgAsync<ClientRequests>()).Requests.Single().Xid);
        greedy.Hang();
        await greedy.Ended;
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_costs_what_is_encoded_once_and_references_for_the_rest()
    {
        var (client, sink) = await ConnectedAsync(
            new ConnectionLimits(MaxRequests: 50_000, MaxReply: 2 << 20), serverBuffer: 64);
        var reply = new DataReply(new byte[1 << 20], default);
        var ask = Enumerable.Range(1, 2000).Select(i => Get(i, "/a")).ToArray();
        await client.SendAsync(ask);
        for (var read = 0; read < 2000; read += (await _session.ExpectMsgAsync<ClientRequests>()).Requests.Length) ;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 1; i <= 2000; i++) sink.Deliver([new ClientOutput(i, 1, reply)]);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        // 2 GB of replies are owed.
        Assert.InRange(after - before, -16 << 20, 16 << 20);
        client.Hang();
        client.Connection.Abort();
    }

    [Fact]
    public async Task The_longest_frame_is_taken()
    {
        var (client, _) = await ConnectedAsync();
        var data = new byte[0xFFFFF - 8 - 6 - 4 - 4];
        await client.SendAsync(Frame.Request(1, 5).String("/a").Buffer(data).Int(-1).WithLength());
        var set = Assert.IsType<SetData>((await _session.ExpectMsgAsync<ClientRequests>()).Requests[0].Operation);
        Assert.Equal(data.Length, set.Data!.Length);
    }

    [Fact]
    public async Task With_too_many_requests_under_way_no_more_are_read_until_half_are_answered()
    {
        var (client, sink) = await ConnectedAsync(new ConnectionLimits(MaxRequests: 4));
        await client.SendAsync(Get(1, "/a"), Get(2, "/a"), Get(3, "/a"), Get(4, "/a"));
        await _session.ExpectMsgAsync<ClientRequests>(requests => requests.Requests.Length == 4);
        await AwaitConditionAsync(() => Task.FromResult(!client.Connection.Reading));
        await client.SendAsync(Get(5, "/a"));
        sink.Deliver([Missing(1), Missing(2)]);
        for (var i = 1; i <= 2; i++) Assert.Equal(Reply(i, 1, -101), await client.ReceiveAsync());
        Assert.False(_session.HasMessages);
        sink.Deliver([Missing(3)]);
        Assert.Equal(5, (await _session.ExpectMsgAsync<ClientRequests>()).Requests.Single().Xid);
    }

    static ClientOutput Missing(int xid) => new(xid, 1, new ErrorReply(ZabError.NoNode));

    static ClientOutput Event(string path) => new(-1, 1, new WatchEvent(WatchEventType.NodeDataChanged, path, 1));

    [Fact]
    public async Task A_client_that_reads_slowly_gets_everything_in_order_and_its_requests_wait_meanwhile()
    {
        var (client, sink) = await ConnectedAsync(serverBuffer: 64);
        for (var i = 0; i < 100; i++) sink.Deliver([Event($"/{i}"), Event($"/{i}b")]);
        await client.SendAsync(Get(1, "/a"));
        await _session.ExpectMsgAsync<ClientRequests>(requests => requests.Requests.Length == 1);
        await client.SendAsync(Get(2, "/a"));
        for (var i = 0; i < 200; i++)
        {
            var path = $"/{i / 2}{(i % 2 == 0 ? "" : "b")}";
            var expected = new Frame().Int(-1).Long(1).Int(0).Int(3).Int(3).String(path);
            Assert.Equal(expected.WithLength(), await client.ReceiveAsync());
        }
        await _session.ExpectMsgAsync<ClientRequests>();
    }

    [Fact]
    public async Task A_client_that_does_not_read_at_all_loses_its_connection_at_a_limit()
    {
        var (client, sink) = await ConnectedAsync(new ConnectionLimits(MaxWaitingOutputs: 50), serverBuffer: 64);
        for (var i = 0; i < 60; i++) sink.Deliver([Event("/some/path/that/fills/the/buffer/of/the/transport")]);
        await client.Ended;
        await _session.ExpectMsgAsync<Detach>();
    }

    [Fact]
    public async Task A_reply_that_does_not_fit_its_request_is_a_fault_that_costs_only_this_connection()
    {
        var (client, sink) = await ConnectedAsync();
        await client.SendAsync(Get(1, "/a"));
        await _session.ExpectMsgAsync<ClientRequests>();
        sink.Deliver([new ClientOutput(1, 1, DoneReply.Instance)]);
        await client.Ended;
        Assert.IsType<InvalidOperationException>(client.Fault);
    }
}
