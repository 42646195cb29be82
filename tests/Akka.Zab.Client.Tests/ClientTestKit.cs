using Akka.Actor;
using Akka.TestKit;

namespace Akka.Zab.Client.Tests;

/// <summary>
/// A client against servers that are probes: each answers for <c>/user/zab/clients</c> of its own actor system path.
/// </summary>
public abstract class ClientTestKit : TestKit.Xunit2.TestKit
{
    protected static readonly byte[] Secret = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    protected ClientTestKit() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        Gateway = CreateTestProbe();
        Session = CreateTestProbe();
        // The member's gateway, which passes on whatever it gets.
        Sys.ActorOf(Props.Create(() => new FakeMember(Gateway)), "zab");
        // A selection that comes before the gateway is there would lead to nobody, and no time passes to try again.
        Gateway.ExpectMsg<Ready>();
    }

    /// <summary>Whom a client asks for a session.</summary>
    protected TestProbe Gateway { get; }

    /// <summary>The session that it gets.</summary>
    protected TestProbe Session { get; }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    protected async Task<ZabClient> Connect()
    {
        var connecting = ZabClient.ConnectAsync(Sys, []);
        Gateway.ExpectMsg<Connect>();
        Accept();
        return await connecting;
    }

    /// <summary>The server lets go, and the client asks for another; what it had sent is not answered.</summary>
    protected void LetGo()
    {
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Gateway.ExpectMsg<Connect>();
        while (Session.ReceiveOne(TimeSpan.FromSeconds(10)) is not Detach)
        {
        }
    }

    protected void Accept() => ToClient(
        new Connected(99, Secret, 10_000, Session) { LastZxidSeen = long.MaxValue }); // whatever it was

    protected void ToClient(object message) => Gateway.LastSender.Tell(message, Session);

    protected NumberedRequest Sent() => Assert.Single(Receive(1));

    protected List<NumberedRequest> Receive(int count)
    {
        var requests = new List<NumberedRequest>();
        while (requests.Count < count) requests.AddRange(Session.ExpectMsg<ClientRequests>().Requests);
        return requests;
    }

    protected void Answer(List<NumberedRequest> requests, params Reply[] replies) => ToClient(
        new ClientOutputs([.. requests.Select((request, i) => new ClientOutput(request.Xid, 5, replies[i]))]));

    protected void Advance(int ms) => Scheduler.Advance(TimeSpan.FromMilliseconds(ms));

    protected void Advance(int ms, Func<bool> until)
    {
        Scheduler.Advance(TimeSpan.FromMilliseconds(ms));
        AwaitCondition(until);
    }

    // Before there is a session there is no message by which to know that the client has set its timer.
    protected void AdvanceUntil(int ms, Func<bool> until) => AwaitCondition(() =>
    {
        Scheduler.Advance(TimeSpan.FromMilliseconds(ms));
        return until();
    });

    private sealed record Ready;

    private sealed class FakeMember : ReceiveActor
    {
        public FakeMember(IActorRef gateway)
        {
            Context.ActorOf(Props.Create(() => new Forwarder(gateway)), "clients");
            gateway.Tell(new Ready());
        }
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef gateway) => ReceiveAny(gateway.Forward);
    }
}
