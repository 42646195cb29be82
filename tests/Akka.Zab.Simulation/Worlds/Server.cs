using Akka.Actor;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Simulation.Clients;
using Akka.Zab.Simulation.Disks;
using Akka.Zab.Simulation.Machines;
using Akka.Zab.Simulation.Networks;

namespace Akka.Zab.Simulation.Worlds;

/// <summary>
/// One server of a <see cref="World"/>: its disk and machine, and while it is up a process with the real actors of a
/// member. A process that is gone says nothing any more.
/// </summary>
internal sealed class Server
{
    private readonly World world;
    private readonly Dictionary<(int Server, int Life), WireRef> wires = [];
    private IActorRef? root;

    public Server(World world, int id)
    {
        this.world = world;
        Id = id;
        Machine = Machine.Take(world, this);
        Disk = new Disk(world, this);
    }

    public int Id { get; }

    /// <summary>Whether it has a vote, or is about to get one.</summary>
    public bool Votes
    {
        get
        {
            if (world.Ensemble.Votes(Id))
                return true;
            foreach (var server in world.Servers)
            {
                if (server.Peer is { } peer && peer.Membership.Voters.Contains(Id))
                    return true;
            }

            return false;
        }
    }

    public Machine Machine { get; }

    public Disk Disk { get; }

    /// <summary>Counts the processes that this server has been.</summary>
    public int Life { get; private set; }

    public bool IsUp => root is not null;

    /// <summary>The peer, to be looked into; null until it is made.</summary>
    public Peer? Peer { get; private set; }

    public IActorRef PeerRef { get; private set; } = ActorRefs.Nobody;

    public IActorRef ReplicaRef { get; private set; } = ActorRefs.Nobody;

    public IActorRef SessionsRef { get; private set; } = ActorRefs.Nobody;

    /// <summary>What the peer last said about serving; null before it did.</summary>
    public ServingChanged? Serving { get; private set; }

    public bool Serves => IsUp && Serving is { Serving: true };

    public bool Leads => Serves && Serving!.Role == ServerRole.Leading;

    /// <summary>Whether messages reach the process: it has been started and its peer is there.</summary>
    public bool IsReachable => IsUp && Peer is not null;

    /// <summary>How far the present process has delivered: a position in <see cref="Safety"/>'s history.</summary>
    public int Position { get; set; }

    /// <summary>The present leadership, as far as it was seen.</summary>
    public Leading? Leadership { get; set; }

    public void Start()
    {
        Assert.False(IsUp, $"server {Id} is up already");
        Life++;
        wires.Clear();
        Position = 0;
        Leadership = null;
        Serving = null;
        Peer = null;
        world.Trace.Add(TraceKind.Server, Id, 0, "starts");
        root = Machine.System.ActorOf(
            Props.Create(() => new ServerRoot(this, Life)).WithDeploy(Deploy.None), $"server-{Id}-{Life}");
    }

    /// <summary>The process is gone, between two steps or in the middle of one.</summary>
    /// <param name="noticed">Whether the others notice at once; if not, by silence.</param>
    public void Crash(bool noticed = true) => End("crashes", noticed);

    /// <summary>The process ends in good order: it says good-bye.</summary>
    public void Stop()
    {
        Machine.System.Stop(root!);
        world.RunFor(TimeSpan.FromMilliseconds(5));
        if (IsUp)
            End("has stopped", noticed: false);
    }

    /// <summary>The process is about to end in good order.</summary>
    public void BeginToStop()
    {
        var life = Life;
        Machine.System.Stop(root!);
        world.After(5_000, () =>
        {
            if (IsUp && Life == life)
                End("has stopped", noticed: false);
        });
    }

    /// <summary>Everything on the disk of a server that is down is gone.</summary>
    public void Wipe()
    {
        Assert.False(IsUp, $"server {Id} is up");
        world.Trace.Add(TraceKind.Fault, Id, 0, "disk is wiped");
        Disk.Wipe();
    }

    public void Pause()
    {
        world.Trace.Add(TraceKind.Fault, Id, 0, "paused");
        Machine.Pause();
    }

    public void Resume()
    {
        world.Trace.Add(TraceKind.Fault, Id, 0, "goes on");
        Machine.Resume();
    }

    /// <summary>Another server's peer, as this process knows it.</summary>
    public WireRef WireTo(Server other, int life)
    {
        if (!wires.TryGetValue((other.Id, life), out var wire))
            wires[(other.Id, life)] = wire = new WireRef(world.Network, this, Life, other, life);
        return wire;
    }

    /// <summary>The world has ended.</summary>
    public void GiveBack()
    {
        var last = root;
        root = null;
        Machine.GiveBack(last);
    }

    /// <summary>An actor of the process has failed, or the history says that the server cannot go on.</summary>
    private void Failed(int life, string reason)
    {
        if (!IsUp || life != Life)
            return;
        world.ServerFailed(this, reason);
        End($"stops: {reason}", noticed: true);
    }

    private void End(string how, bool noticed)
    {
        var ended = root!;
        root = null;
        Serving = null;
        Peer = null;
        world.Trace.Add(TraceKind.Server, Id, 0, how);
        Machine.EndProcess(ended);
        Disk.Crash();
        world.Network.Gone(this, noticed);
        world.Clients.Gone(this, noticed);
    }

    private object? ShowToHistory(object message)
    {
        if (!IsUp)
            return null;
        switch (message)
        {
            case AcceptEpoch:
                world.Reached(this, CrashPoint.EpochAccepted);
                break;
            case EstablishEpoch establish:
                world.Coverage.Establishes(this, establish);
                world.Reached(this, CrashPoint.EpochEstablishing);
                break;
            case AppendBatch append:
                world.Safety.Appends(this, append.Batch);
                world.Reached(this, CrashPoint.BatchAppending);
                break;
        }

        return IsUp ? message : null;
    }

    private object? ShowToReplica(object message)
    {
        if (!IsUp)
            return null;
        switch (message)
        {
            case CommitBatches commit:
                foreach (var batch in commit.Batches)
                    world.Safety.Delivers(this, batch);
                world.Reached(this, CrashPoint.BatchCommitting);
                break;
            case ResetReplica reset:
                world.Safety.Resets(this, reset.Tree);
                if (reset.Tree.LastZxid != 0)
                    world.Reached(this, CrashPoint.ReplacingTree);
                break;
        }

        return IsUp ? message : null;
    }

    private object? ShowToSessions(object message)
    {
        if (!IsUp)
            return null;
        if (message is ServingChanged changed)
        {
            var before = Serving;
            Serving = changed;
            world.RoleChanged(this, changed);
            if (changed.Serving)
                world.Reached(this, CrashPoint.BeginsToServe);
            else if (before is { Serving: true })
                world.Reached(this, CrashPoint.CeasesToServe);
        }

        return IsUp ? message : null;
    }

    /// <summary>What <c>/user/zab</c> is in a member: it starts the actors; if one fails, the process ends.</summary>
    private sealed class ServerRoot(Server server, int life) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
        {
            server.Failed(life, failure.Message);
            return Directive.Stop;
        });

        protected override void PreStart()
        {
            var world = server.world;
            var options = world.Options;
            var replica = Context.ActorOf(ReplicaActor.Props(), "replica");
            var history = Context.ActorOf(
                HistoryActor.Props(
                    new HistorySettings
                    {
                        PersistenceId = $"zab-{server.Id}",
                        SnapshotAfterTxns = options.SnapshotAfterTxns,
                        KeepSnapshots = options.KeepSnapshots,
                        Time = new MachineTime(server.Machine),
                    }, replica),
                "history");
            var watchedReplica = Watched(replica, server.ShowToReplica);
            var tickMs = (int)options.Peers.Tick.TotalMilliseconds;
            var random = new Random(world.Chance.Next());
            var sessions = Context.ActorOf(
                SessionRegistry.Props(
                    new SessionSettings(server.Id, tickMs, tickMs * 2, tickMs * 20)
                    {
                        Time = new MachineTime(server.Machine),
                        FillRandom = random.NextBytes,
                        SuperDigest = DigestId.Of(SimulatedClient.AdministratorsPassword),
                    }, Mutated(replica)),
                "sessions");
            var context = new PeerContext
            {
                Self = server.Id,
                Ensemble = world.Beginning.Has(server.Id) ? world.Beginning : Ensemble.Unknown,
                Reconfigurable = world.IsReconfigurable,
                Directory = new Directory(server),
                History = Watched(history, server.ShowToHistory),
                Replica = watchedReplica,
                Sessions = Watched(sessions, server.ShowToSessions),
                Settings = options.Peers,
                Random = new Random(world.Chance.Next()),
            };
            server.PeerRef = Context.ActorOf(ActorMaker.Props(() => server.Peer = new Peer(context)), "peer");
            server.ReplicaRef = replica;
            server.SessionsRef = sessions;
        }

        protected override void OnReceive(object message)
        {
            if (message is HistoryFailed failed)
                server.Failed(life, failed.Reason);
        }

        // What sessions tell the replica goes past those who want to spoil it.
        private IActorRef Mutated(IActorRef replica) => server.world.Options.ToReplica is { } alter
            ? Watched(replica, alter)
            : replica;

        private static WatchedRef Watched(IActorRef target, Func<object, object?> show) =>
            new((IInternalActorRef)target, show);
    }

    private sealed class Directory(Server server) : IPeerDirectory
    {
        public ICanTell Peer(int other) => server.WireTo(server.world.Servers[other - 1], 0);

        public IReadOnlyList<ICanTell> Seeds { get; } = server.world.Beginning.Has(server.Id)
            ? [] : [server.WireTo(server.world.Members.First(), 0)];
    }
}
