using System.Buffers.Binary;
using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

/// <summary>A whole registry of sessions, in virtual time, between probes for its peer and its replica.</summary>
public abstract class RegistryTestKit : TestKit.Xunit2.TestKit
{
    protected const int TickMs = 1000;
    private int _random;

    protected RegistryTestKit() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        Peer = CreateTestProbe();
        Replica = CreateTestProbe();
        Time = new VirtualTime(Scheduler);
    }

    protected TestProbe Peer { get; }

    protected TestProbe Replica { get; }

    protected IActorRef Registry { get; private set; } = ActorRefs.Nobody;

    protected TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    /// <summary>The registry's clocks.</summary>
    private protected VirtualTime Time { get; }

    protected void Start(bool local = false, bool upgrade = false) => Registry = ChildActorOf(SessionRegistry.Props(
        new SessionSettings(3, TickMs, 2000, 20_000)
        {
            Time = Time,
            FillRandom = bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes, ++_random),
            LocalSessions = local,
            LocalSessionsUpgrade = upgrade,
        },
        Replica));

    protected void Serve(bool serving = true, int epoch = 1)
    {
        Registry.Tell(new ServingChanged(ServerRole.Following, serving ? 1 : 0, epoch, serving), Peer);
        ExpectMsg<ServingChanged>();
    }

    /// <summary>Half a tick, so many times.</summary>
    protected void AdvanceBeats(int count)
    {
        for (var i = 0; i < count; i++) Advance(TickMs / 2);
    }

    protected void Advance(int milliseconds)
    {
        Scheduler.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Status();
    }

    private protected SessionsStatus Status()
    {
        Registry.Tell(new GetSessionsStatus(), TestActor);
        return (SessionsStatus)FishForMessage(message => message is SessionsStatus);
    }

    protected void Ping(TestProbe client, IActorRef session, int xid = 1)
    {
        session.Tell(new ClientRequests([new NumberedRequest(xid, new Ping())]));
        client.ExpectMsg<ClientOutputs>();
        Status();
    }

    /// <summary>The replica takes the session that it is asked to take next.</summary>
    private protected IActorRef Attached(AttachSession attach, bool isGlobal = false)
    {
        attach.Session.Tell(new SessionAttached(0) { IsGlobal = isGlobal }, Replica);
        return attach.Session;
    }

    /// <summary>The one write that the peer is asked to propose next.</summary>
    private protected NumberedWrite Submitted() => Assert.Single(Peer.ExpectMsg<SubmitWrites>().Writes);
}
