using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>
/// One peer among probes: a probe stands for each other server, for the history, the replica and the session
/// registry. Everything runs on the test's thread and in virtual time, so what a test does not do does not happen.
/// </summary>
public abstract class PeerTest : TestKit.Xunit2.TestKit
{
    private const string InVirtualTime = """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.actor.default-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        akka.actor.internal-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        """;

    private readonly Dictionary<int, TestProbe> servers = [];
    private long durable;

    protected PeerTest()
        : base(Configuration.ConfigurationFactory.ParseString(InVirtualTime))
    {
        Journal = CreateTestProbe("journal");
        Replica = CreateTestProbe("replica");
        Sessions = CreateTestProbe("sessions");
    }

    internal PeerSettings Settings { get; set; } = new();

    /// <summary>Whether the ensemble can be changed while it runs.</summary>
    protected bool Reconfigurable { get; set; }

    /// <summary>What votes weigh that do not weigh 1, by server.</summary>
    protected Dictionary<int, int> Weights { get; } = [];

    protected IActorRef Peer { get; private set; } = ActorRefs.Nobody;

    protected TestProbe Journal { get; }

    protected TestProbe Replica { get; }

    protected TestProbe Sessions { get; }

    protected TestScheduler Time => (TestScheduler)Sys.Scheduler;

    /// <summary>The number of the last command that the journal was given.</summary>
    protected long LastCommand { get; private set; }

    protected TestProbe Server(int id) => servers[id];

    /// <summary>Starts server <paramref name="self"/> of three, or of those that are named.</summary>
    internal void Start(
        int self, int currentEpoch = 0, int acceptedEpoch = -1, TxnBatch[]? batches = null, long committed = 0,
        int[]? voters = null, int[]? observers = null, ZnodeTree? tree = null)
    {
        voters ??= [1, 2, 3];
        observers ??= [];
        foreach (var id in voters.Concat(observers).Where(id => id != self))
            servers[id] = CreateTestProbe($"server-{id}");
        var ensemble = new Ensemble(
        [
            .. voters.Select(id => MemberOf(id, MemberRole.Participant)),
            .. observers.Select(id => MemberOf(id, MemberRole.Observer)),
        ]);
        Peer = Sys.ActorOf(Akka.Zab.Protocol.Peer.Props(new PeerContext
        {
            Self = self,
            Ensemble = ensemble,
            Reconfigurable = Reconfigurable,
            Directory = new Directory(servers),
            History = Journal,
            Replica = Replica,
            Sessions = Sessions,
            Settings = Settings,
            Random = new Random(1),
            Time = new VirtualTime(Time),
        }));
        Journal.ExpectMsg<OpenHistory>();
        Tell(new Recovered(
            currentEpoch, currentEpoch, tree ?? ZnodeTree.Empty, batches ?? [], committed) with
        {
            AcceptedEpoch = acceptedEpoch < 0 ? currentEpoch : acceptedEpoch,
        });
        Replica.ExpectMsg<ResetReplica>();
        if (committed != 0)
            Replica.ExpectMsg<CommitBatches>();
        Replica.ExpectMsg<ServingChanged>(changed => Assert.False(changed.Serving));
        Sessions.ExpectMsg<ServingChanged>(changed => Assert.False(changed.Serving));
    }

    private Member MemberOf(int id, MemberRole role) => new(id, role)
    {
        Host = Reconfigurable ? $"s{id}" : "",
        Port = Reconfigurable ? 1 : 0,
        ElectionPort = 2,
        Weight = Weights.GetValueOrDefault(id, 1),
    };

    protected void Tell(object message) => Peer.Tell(message, ActorRefs.NoSender);

    internal void From(int server, object message) => Peer.Tell(message, servers[server]);

    internal void Vote(int from, Vote vote, long round = 1, ServerRole state = ServerRole.Looking) =>
        From(from, new Notification(from, state, round, vote));

    /// <summary>What the peer told the journal next.</summary>
    internal T Given<T>()
        where T : HistoryCommand
    {
        var command = Journal.ExpectMsg<T>();
        LastCommand = command.Number;
        return command;
    }

    /// <summary>The journal has made durable what it was given, up to this command or all of it.</summary>
    protected void MakeDurable(long upTo = 0)
    {
        durable = Math.Max(durable, upTo == 0 ? LastCommand : upTo);
        Tell(new Durable(durable));
    }

    /// <summary>The next message to a server that is of this kind; those before it are let pass.</summary>
    internal T Next<T>(int server) => (T)Server(server).FishForMessage(message => message is T);

    /// <summary>What a server was told since it was last asked.</summary>
    internal List<object> Told(int server)
    {
        var told = new List<object>();
        while (Server(server).HasMessages)
            told.Add(Server(server).ReceiveOne(TimeSpan.Zero)!);
        return told;
    }

    internal void ExpectNothing(params TestProbe[] probes)
    {
        foreach (var probe in probes)
            Assert.False(probe.HasMessages, probe.HasMessages ? $"{probe.ReceiveOne(TimeSpan.Zero)}" : "");
    }

    internal PeerStatus Status()
    {
        Peer.Tell(new GetPeerStatus(), TestActor);
        return ExpectMsg<PeerStatus>();
    }

    internal void AssertLooking() => Assert.Equal(ServerRole.Looking, Status().Role);

    private sealed class Directory(Dictionary<int, TestProbe> servers) : IPeerDirectory
    {
        public ICanTell Peer(int server) => servers[server].Ref;
    }
}
