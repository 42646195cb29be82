using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>
/// Real peers in one process, on one thread and in virtual time. The network between them and their disks move only
/// when the world is told to take a step; which step, a seeded generator chooses. Messages from one server to another
/// stay in order or are lost. After every delivery the histories are compared.
/// </summary>
internal sealed class World : IDisposable
{
    private const string OnOneThread = """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.actor.default-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        akka.actor.internal-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
        """;

    private readonly Random random;
    private readonly Akka.TestKit.Xunit2.TestKit kit = new(OnOneThread);
    private readonly Dictionary<(int From, int To), Queue<object>> network = [];
    private readonly Dictionary<(int From, int To, int Life), IActorRef> ports = [];
    private readonly HashSet<(int From, int To)> cut = [];
    private readonly SortedDictionary<long, (long Session, long Request)> delivered = [];
    private readonly Dictionary<int, int> leaders = [];
    private readonly Ensemble ensemble;
    private readonly bool reconfigurable;
    private readonly Dictionary<long, long> syncs = [];
    private long requests;

    /// <param name="seed">Chooses the order of everything.</param>
    /// <param name="observers">How many servers there are beside three that vote.</param>
    /// <param name="settings">The settings of every peer.</param>
    /// <param name="strangers">
    /// How many servers there are that know nothing but where one member is; if any, the ensemble can be changed.
    /// </param>
    public World(int seed, int observers = 0, PeerSettings? settings = null, int strangers = 0)
    {
        random = new Random(seed);
        Settings = settings ?? new PeerSettings();
        reconfigurable = strangers > 0;
        var ids = Enumerable.Range(1, 3 + observers).ToArray();
        ensemble = new Ensemble([.. ids.Select(id => MemberOf(id, id > 3))]);
        Servers = [.. Enumerable.Range(1, ids.Length + strangers).Select(id => new Server(this, id))];
        foreach (var from in Servers)
        {
            foreach (var to in Servers)
                network[(from.Id, to.Id)] = new Queue<object>();
        }
    }

    public PeerSettings Settings { get; }

    public Server[] Servers { get; }

    /// <summary>The member that strangers know.</summary>
    public Server? Known { get; set; }

    private long LastDelivered => delivered.Count == 0 ? 0 : delivered.Keys.Last();

    public TestScheduler Time => (TestScheduler)kit.Sys.Scheduler;

    public Server? Leader => Array.Find(Servers, server => server.Leads);

    /// <summary>What happened, a line for each step.</summary>
    public StringBuilder Trace { get; } = new();

    public void Start(Server server)
    {
        var disk = kit.Sys.ActorOf(Props.Create(() => new DiskActor(server.Disk)));
        var replica = kit.Sys.ActorOf(Props.Create(() => new ModelReplica(server)));
        server.Start(kit.Sys, new PeerContext
        {
            Self = server.Id,
            Ensemble = ensemble.Has(server.Id) ? ensemble : Ensemble.Unknown,
            Reconfigurable = reconfigurable,
            Directory = new Directory(this, server),
            History = disk,
            Replica = replica,
            Sessions = ActorRefs.Nobody,
            Time = new VirtualTime(Time),
            Settings = Settings,
            Random = new Random(random.Next()),
        });
    }

    /// <summary>The process is gone; what it had sent may arrive still. The others notice now, or by silence.</summary>
    public void Crash(Server server, bool noticed = true)
    {
        server.Crash(kit.Sys);
        foreach (var other in Servers)
            network[(other.Id, server.Id)].Clear();
        if (noticed)
        {
            foreach (var other in Servers)
                other.Peer?.Tell(new ServerUnreachable(server.Id), ActorRefs.NoSender);
        }
    }

    /// <summary>The process ends in good order; nobody is told but by what it says itself.</summary>
    public void Stop(Server server)
    {
        server.Stop(kit.Sys);
        foreach (var other in Servers)
            network[(other.Id, server.Id)].Clear();
    }

    /// <summary>From now on nothing gets from one to the other.</summary>
    public void Cut(Server from, Server to)
    {
        cut.Add((from.Id, to.Id));
        network[(from.Id, to.Id)].Clear();
    }

    public void Heal() => cut.Clear();

    /// <summary>Loses one message, if there is one on its way.</summary>
    public void LoseOne()
    {
        var busy = network.Values.Where(queue => queue.Count > 0).ToArray();
        if (busy.Length > 0)
            busy[random.Next(busy.Length)].Dequeue();
    }

    /// <summary>
    /// Delivers one message, or makes one command durable; false if there is nothing to do but to wait.
    /// </summary>
    public bool Step()
    {
        var channels = network.Where(channel => channel.Value.Count > 0).Select(channel => channel.Key).ToArray();
        var disks = Servers.Where(server => server.IsUp && server.Disk is { Pending: > 0, StandsStill: false }).ToArray();
        if (channels.Length + disks.Length == 0)
            return false;
        var choice = random.Next(channels.Length + disks.Length);
        if (choice < channels.Length)
        {
            Deliver(channels[choice]);
        }
        else
        {
            var server = disks[choice - channels.Length];
            Trace.Append(server.Id).Append(" flushes\n");
            server.Peer!.Tell(new Durable(server.Disk.Flush()), ActorRefs.NoSender);
        }

        CheckLeaders();
        return true;
    }

    /// <summary>Takes steps and lets time pass until something is the case.</summary>
    public void Until(Func<bool> condition, TimeSpan within)
    {
        var end = Time.Now + within;
        for (var steps = 0; !condition(); steps++)
        {
            Assert.True(Time.Now < end, $"not within {within}");
            Assert.True(steps < 200_000, "messages without end");
            Run(1);
        }
    }

    /// <summary>Takes so many steps; where there is none to take, ten milliseconds pass.</summary>
    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            if (!Step())
                Time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>The client of a server writes something. Returns the number of its request.</summary>
    public long Write(Server through, WriteRequest? write = null)
    {
        var request = ++requests;
        write ??= new Create($"/{request}", [], Acl.Open);
        through.Peer!.Tell(
            new SubmitWrites(through.Session, [new NumberedWrite(request, write)]), ActorRefs.NoSender);
        return request;
    }

    /// <summary>A superuser at a server asks for a change of the ensemble, or for another leader.</summary>
    public long Administer(Server through, WriteRequest write)
    {
        var request = ++requests;
        var root = Identities.None.With(new Identity(Identities.Super, ""));
        through.Peer!.Tell(
            new SubmitWrites(through.Session, [new NumberedWrite(request, write)], root), ActorRefs.NoSender);
        return request;
    }

    /// <summary>The client of a server asks for a sync.</summary>
    public void Sync(Server through)
    {
        syncs[requests + 1] = LastDelivered;
        Write(through, new Sync("/"));
    }

    /// <summary>A sync covers everything that was delivered anywhere when it was asked for.</summary>
    public void CheckSync(Akka.Zab.Replica.Answer answer) =>
        Assert.True(answer.After >= syncs[answer.RequestId], "a sync was answered by a leader that was one no longer");

    /// <summary>The client of a server opens its session.</summary>
    public void OpenSession(Server through) => Write(through, new OpenSession(through.Session, new byte[16], 4000));

    /// <summary>Opens the session at a server and waits until it is open.</summary>
    public void AwaitSession(Server through)
    {
        OpenSession(through);
        Until(() => through.Tree.TryGetSession(through.Session, out _), TimeSpan.FromSeconds(10));
    }

    /// <summary>Whether a request is a transaction that was delivered somewhere.</summary>
    public bool WasDelivered(long request) => delivered.Values.Any(txn => txn.Request == request);

    /// <summary>
    /// Total order: the same zxid is the same transaction everywhere, and nobody delivers one that others left out.
    /// </summary>
    public void Check(long zxid, (long Session, long Request) request)
    {
        if (delivered.TryGetValue(zxid, out var before))
            Assert.Equal(before, request);
        else
            Assert.True(
                delivered.Count == 0 || zxid > LastDelivered, $"{Zxid.Text(zxid)} was left out by others");
        delivered[zxid] = request;
    }

    public void Dispose() => kit.Dispose();

    private void Deliver((int From, int To) channel)
    {
        var message = network[channel].Dequeue();
        var to = Servers[channel.To - 1];
        Trace.Append(
            channel.From).Append(" to ").Append(channel.To).Append(": ").Append(message.GetType().Name).Append('\n');
        if (to.IsUp && !cut.Contains(channel))
            to.Peer!.Tell(message, Port(to, channel.From));
    }

    /// <summary>Leadership: no two servers ever serve as leaders of one epoch.</summary>
    private void CheckLeaders()
    {
        foreach (var server in Servers)
        {
            if (!server.Leads)
                continue;
            if (!leaders.TryAdd(server.Serving!.Epoch, (server.Id * 1000) + server.Life))
                Assert.Equal(leaders[server.Serving.Epoch], (server.Id * 1000) + server.Life);
        }
    }

    private Member MemberOf(int id, bool observes) =>
        new(id, observes ? MemberRole.Observer : MemberRole.Participant)
        {
            Host = reconfigurable ? $"s{id}" : "",
            Port = reconfigurable ? 1 : 0,
            ElectionPort = 2,
        };

    private IActorRef Port(Server from, int to)
    {
        var key = (from.Id, to, from.Life);
        if (!ports.TryGetValue(key, out var port))
        {
            var life = from.Life;
            ports[key] = port = kit.Sys.ActorOf(Props.Create(() => new PortActor(this, from, to, life)));
        }

        return port;
    }

    private sealed class PortActor(World world, Server from, int to, int life) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (from.Life == life && from.IsUp && world.Servers[to - 1].IsUp && !world.cut.Contains((from.Id, to)))
                world.network[(from.Id, to)].Enqueue(message);
        }
    }

    private sealed class Directory(World world, Server from) : IPeerDirectory
    {
        public ICanTell Peer(int server) => world.Port(from, server);

        public IReadOnlyList<ICanTell> Seeds =>
            world.ensemble.Has(from.Id) ? [] : [world.Port(from, world.Known?.Id ?? 1)];
    }
}
