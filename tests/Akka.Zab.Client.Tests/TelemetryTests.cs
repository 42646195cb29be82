using System.Diagnostics;
using Akka.Actor;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Tests;

/// <summary>What a client tells of itself, with a server that is a probe. By itself, as it counts bytes.</summary>
[Collection(nameof(TelemetryTests))]
public class TelemetryTests : TestKit.Xunit2.TestKit
{
    private const string Chroot = "/telemetry";
    private readonly TestKit.TestProbe _gateway;
    private readonly TestKit.TestProbe _session;

    public TelemetryTests()
    {
        _gateway = CreateTestProbe();
        _session = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new Member(_gateway)), "zab");
        _gateway.ExpectMsg("ready");
    }

    [Fact]
    public async Task A_call_is_a_measurement_and_a_span_with_its_operation_and_its_error()
    {
        using var told = new TelemetryRecorder(Chroot);
        var client = await ConnectAsync();
        var call = client.CreateAsync("/a", []);
        Answer(new ErrorReply(ZabError.NodeExists));
        await Assert.ThrowsAnyAsync<ZabException>(() => call);
        var exists = client.ExistsAsync("/b");
        Answer(new ErrorReply(ZabError.NoNode));
        Assert.Null(await exists);

        var durations = told.Of("db.client.operation.duration");
        Assert.Equal(
            [("create", "NodeExists", "NodeExists"), ("exists", null, null)],
            durations.Select(tags => (
                (string?)tags["db.operation.name"], (string?)tags.GetValueOrDefault("error.type"),
                (string?)tags.GetValueOrDefault("db.response.status_code"))));
        Assert.All(durations, tags => Assert.Equal("akka.zab", tags["db.system.name"]));
        var span = Assert.Single(told.Spans, span => span.DisplayName == "create /telemetry");
        Assert.Equal((ActivityKind.Client, ActivityStatusCode.Error), (span.Kind, span.Status));
        Assert.Equal(
            ("/a", "NodeExists", Chroot),
            (span.GetTagItem("zab.path"), span.GetTagItem("error.type"), span.GetTagItem("db.namespace")));
        Assert.Equal(0, told.Sum("zab.client.operation.active", "db.operation.name", "create"));
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_ends_the_measurement()
    {
        using var told = new TelemetryRecorder(Chroot);
        var client = await ConnectAsync();
        using var impatience = new CancellationTokenSource();
        var call = client.GetDataAsync("/a", false, impatience.Token);
        Assert.Equal(1, told.Sum("zab.client.operation.active", "db.operation.name", "getData"));
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("cancelled", Assert.Single(told.Of("db.client.operation.duration"))["error.type"]);
        Assert.Equal(0, told.Sum("zab.client.operation.active", "db.operation.name", "getData"));
    }

    [Fact]
    public async Task A_lost_connection_is_a_retry_two_changes_and_an_interruption()
    {
        using var told = new TelemetryRecorder(Chroot);
        var client = await ConnectAsync();
        const string state = "db.client.connection.state";
        Assert.Equal(1, told.Observe("db.client.connection.count", state, "connected"));
        var read = client.GetDataAsync("/a");
        _session.ExpectMsg<ClientRequests>();
        _gateway.LastSender.Tell(new Disconnected(DisconnectReason.NotServing), _session);
        _session.ExpectMsg<Detach>();
        _gateway.ExpectMsg<Connect>();
        Accept();
        Answer(new DataReply([1], default));
        await read;
        Assert.Equal(1, told.Sum("zab.client.operation.retries", "db.operation.name", "getData"));
        Assert.Equal(
            ["connected", "disconnected", "connected"],
            told.Of("zab.client.connection.changes").Select(tags => tags[state]));
        Assert.Single(told.Of("zab.client.connection.interruption.duration"));
        var span = Assert.Single(told.Spans, span => span.DisplayName == "getData /telemetry");
        Assert.Equal("retry", Assert.Single(span.Events).Name);

        _gateway.LastSender.Tell(new Disconnected(DisconnectReason.SessionExpired), _session);
        await AwaitConditionAsync(() => Task.FromResult(
            told.Sum("zab.client.connection.changes", state, "expired") == 1));
        Assert.Equal(0, told.Observe("db.client.connection.count", state, "connected"));
    }

    [Fact]
    public async Task A_watch_event_is_counted_by_its_type()
    {
        using var told = new TelemetryRecorder(Chroot);
        var client = await ConnectAsync();
        client.Subscribe(TestActor);
        ExpectMsg<ConnectionStateChanged>();
        var fired = new WatchEvent(WatchEventType.NodeDeleted, "/telemetry/a", 3);
        _gateway.LastSender.Tell(new ClientOutputs([new ClientOutput(-1, 3, fired)]), _session);
        ExpectMsg<WatchEvent>();
        Assert.Equal(1, told.Sum("zab.client.watch.events", "zab.watch.event.type", "NodeDeleted"));
    }

    [Fact]
    public void While_nobody_listens_nothing_is_measured_and_nothing_allocated()
    {
        var telemetry = new ClientTelemetry("akka.zab", Chroot);
        telemetry.Entered(ConnectionState.Disconnected);
        telemetry.Entered(ConnectionState.Connected);
        var call = new ClientCall(new GetData("/a"));
        Assert.Equal(0, Tell(telemetry, call));
        Assert.Equal(0, Tell(telemetry, call)); // the first may have allocated what is needed once
        telemetry.Entered(ConnectionState.Closed);
    }

    private static long Tell(ClientTelemetry telemetry, ClientCall call)
    {
        if (ClientTelemetry.IsWanted || ClientTelemetry.IsHoldWanted) return -1;
        telemetry.Fired(WatchEventType.NodeCreated);
        telemetry.Retried(call);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            telemetry.Fired(WatchEventType.NodeCreated);
            telemetry.Retried(call);
            if (ClientTelemetry.IsWanted || ClientTelemetry.IsHoldWanted) return -1;
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private async Task<ZabClient> ConnectAsync()
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], new ZabClientOptions { Chroot = Chroot });
        _gateway.ExpectMsg<Connect>();
        Accept();
        return await connecting;
    }

    private void Accept() => _gateway.LastSender.Tell(
        new Connected(99, new byte[16], 10_000, _session) { LastZxidSeen = long.MaxValue }, _session);

    private void Answer(Reply reply)
    {
        var request = Assert.Single(_session.ExpectMsg<ClientRequests>().Requests);
        _gateway.LastSender.Tell(new ClientOutputs([new ClientOutput(request.Xid, 5, reply)]), _session);
    }

    private sealed class Member : ReceiveActor
    {
        public Member(IActorRef gateway)
        {
            Context.ActorOf(Props.Create(() => new Clients(gateway)), "clients");
            gateway.Tell("ready");
        }
    }

    private sealed class Clients : ReceiveActor
    {
        public Clients(IActorRef gateway) => ReceiveAny(gateway.Forward);
    }
}

/// <summary>By itself: other tests' clients would be counted too.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryTestsCollection;
