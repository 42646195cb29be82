using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>
/// An ensemble in which nothing moves by itself: real peers, histories, replicas and sessions on one thread, in virtual
/// time. A message waits on the network until it is delivered or lost, a write waits until the disk is told to make it
/// durable, and no time passes unless it is told to. So a test can set up exactly the schedule that it is about.
/// Whatever the schedule, two rules are checked all the time: an epoch has one leader, and no two servers ever commit
/// different transactions in the same place.
/// </summary>
internal sealed partial class Stage : IDisposable
{
    private const string OnOneThread = """
        akka.loglevel = INFO
        akka.stdout-loglevel = OFF
        akka.loggers = []
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.actor.default-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        akka.actor.internal-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        akka.zab.journal.class = "Akka.Zab.Simulation.Scripts.StageJournal, Akka.Zab.Simulation"
        akka.zab.journal.plugin-dispatcher = "akka.actor.default-dispatcher"
        akka.zab.snapshots.class = "Akka.Zab.Simulation.Scripts.StageSnapshots, Akka.Zab.Simulation"
        akka.zab.snapshots.plugin-dispatcher = "akka.actor.default-dispatcher"
        """;

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(10);

    private readonly SortedDictionary<(int From, int To), Queue<object>> network = [];
    private readonly Dictionary<(int From, int To, int Life), IActorRef> ports = [];
    private readonly HashSet<(int From, int To)> cut = [];
    private readonly HashSet<int> stalled = [];
    private readonly StageDisks disks;
    private readonly Ensemble ensemble;
    private readonly StageOptions options;
    private readonly IActorRef asker;
    private readonly StageTime time;
    private object? answer;

    /// <param name="voters">How many servers vote: 1 to this.</param>
    /// <param name="observers">How many do not: the next numbers.</param>
    /// <param name="settings">The settings of every peer.</param>
    public Stage(int voters = 3, int observers = 0, PeerSettings? settings = null)
        : this(new StageOptions { Voters = voters, Observers = observers, Settings = settings ?? new PeerSettings() })
    {
    }

    public Stage(StageOptions options)
    {
        this.options = options;
        System = ActorSystem.Create("stage", ConfigurationFactory.ParseString(OnOneThread));
        time = new StageTime(Time);
        disks = StageDisks.Of(System);
        ensemble = options.Ensemble;
        Servers = [.. Enumerable.Range(1, ensemble.Members.Count + options.Spares)
            .Select(id => new StageServer(this, id))];
        foreach (var from in Servers)
        {
            disks[from.Id].Given = text => Note($"{from.Id} journals {text}");
            foreach (var to in Servers)
                network[(from.Id, to.Id)] = new Queue<object>();
        }

        asker = System.ActorOf(Props.Create(() => new AskerActor(this)));
        System.ActorOf(Props.Create(() => new LogActor(this)));
    }

    public ActorSystem System { get; }

    public StageServer[] Servers { get; }

    public Dictionary<string, StageClient> Clients { get; } = [];

    public StageServer? Leader => Array.Find(Servers, server => server.Leads);

    private TestScheduler Time => (TestScheduler)System.Scheduler;

    public StageServer Server(int id) => Servers[id - 1];

    public StageDisk Disk(int id) => disks[id];

    public PeerStatus Status(int id) => Server(id).Ask()!;

    /// <summary>What waits on the network from one server to another.</summary>
    public IReadOnlyCollection<object> Waiting(int from, int to) => network[(from, to)];

    /// <summary>
    /// Before it starts for the first time, a server has these epochs and, a batch for each, these transactions; those
    /// up to the snapshot are in that, and not in the journal any more.
    /// </summary>
    public void Give(
        int server, int accepted, int current, string[] history, string committed = "0.0", string snapshot = "0.0")
    {
        var disk = Disk(server);
        var snapshotZxid = ScriptText.Zxid(snapshot);
        var edit = ZnodeTree.Empty.Edit();
        var rows = new List<HistoryEvent>();
        for (var i = 0; i < history.Length; i++)
        {
            var txn = new LoggedTxn(
                new TxnHeader(ScriptText.Zxid(history[i]), 0, 0, 0),
                new CreateTxn($"/{history[i]}", [], Acl.Open, 0, i + 1));
            if (txn.Header.Zxid <= snapshotZxid)
            {
                edit.Apply(txn);
                continue;
            }

            var encoder = new BatchEncoder();
            encoder.Add(txn);
            var batch = encoder.Finish();
            rows.Add(new BatchAppended(batch.FirstZxid, batch.LastZxid, batch.Bytes, ScriptText.Zxid(committed)));
        }

        disk.Put(new EpochAccepted(accepted));
        if (snapshotZxid != 0)
            disk.PutSnapshot($"zab-{server}", edit.Commit(), accepted, current);
        disk.Put([.. rows]);
        disk.Put(new EpochEstablished(current));
    }

    public StageClient Client(string name) =>
        Clients.TryGetValue(name, out var client) ? client : Clients[name] = new StageClient(this, name);

    public void Start(params int[] ids)
    {
        foreach (var id in ids)
            Server(id).IsUp = true;
        foreach (var id in ids)
            Step($"{id} starts", Server(id), server => server.Start());
    }

    /// <summary>The process is gone; what it had sent may arrive still. Nobody notices but by its silence.</summary>
    public void Crash(int id) => Step($"{id} crashes", Server(id), server =>
    {
        server.Crash();
        Forget(id);
    });

    /// <summary>The process ends in good order.</summary>
    public void Stop(int id) => Step($"{id} stops", Server(id), server =>
    {
        server.Stop();
        Forget(id);
    });

    /// <summary>A server notices that its connection to another is gone.</summary>
    public void Unreachable(int at, int other) => Step(
        $"{at} has lost its connection to {other}", Server(at),
        server => server.Peer.Tell(new ServerUnreachable(other), ActorRefs.NoSender));

    /// <summary>From now on nothing gets from one to the other, nor what is on its way.</summary>
    public void Cut(int from, int to)
    {
        cut.Add((from, to));
        network[(from, to)].Clear();
    }

    public void Heal() => cut.Clear();

    /// <summary>The oldest message from one to the other arrives.</summary>
    public object Deliver(int from, int to)
    {
        Assert.True(network[(from, to)].Count > 0, $"nothing is on its way from {from} to {to}");
        var message = network[(from, to)].Dequeue();
        Step($"{from} -> {to}  {ScriptText.Of(message)}", Server(to), server =>
        {
            if (server.IsUp)
                server.Peer.Tell(message, Port(server, from));
        });
        return message;
    }

    /// <summary>Everything up to and including the next message of a kind arrives.</summary>
    public T Deliver<T>(int from, int to)
    {
        while (true)
        {
            if (Deliver(from, to) is T found)
                return found;
        }
    }

    /// <summary>Everything before the next message of a kind arrives; that one is the next.</summary>
    public T DeliverBefore<T>(int from, int to)
    {
        while (network[(from, to)].TryPeek(out var next))
        {
            if (next is T found)
                return found;
            Deliver(from, to);
        }

        throw new InvalidOperationException($"no {typeof(T).Name} is on its way from {from} to {to}");
    }

    /// <summary>Everything up to and including the next message whose text begins like this arrives.</summary>
    public void DeliverUntil(int from, int to, string what)
    {
        while (!ScriptText.Of(Deliver(from, to)).StartsWith(what, StringComparison.Ordinal))
        {
        }
    }

    public bool DeliverAll(int from, int to)
    {
        var some = false;
        for (; network[(from, to)].Count > 0; some = true)
            Deliver(from, to);
        return some;
    }

    /// <summary>The oldest message from one to the other is lost, and nobody is told.</summary>
    public void Lose(int from, int to) => Note($"{from} -> {to}  lost: {ScriptText.Of(network[(from, to)].Dequeue())}");

    /// <summary>Everything from one to the other is lost, and nobody is told.</summary>
    public void LoseAll(int from, int to)
    {
        while (network[(from, to)].Count > 0)
            Lose(from, to);
    }

    /// <summary>The oldest message from one to the other is overtaken by all that are on their way.</summary>
    public void Delay(int from, int to) => network[(from, to)].Enqueue(network[(from, to)].Dequeue());

    /// <summary>The oldest message from one to the other will arrive twice.</summary>
    public void Duplicate(int from, int to)
    {
        var messages = network[(from, to)].ToArray();
        network[(from, to)].Clear();
        foreach (var message in messages.Prepend(messages[0]))
            network[(from, to)].Enqueue(message);
    }

    /// <summary>The oldest write of a server becomes durable.</summary>
    /// <param name="id">The server.</param>
    /// <param name="heard">Whether it learns of it; if not, it is to crash before.</param>
    public void Flush(int id, bool heard = true)
    {
        Assert.True(Disk(id).Pending > 0, $"the disk of {id} has nothing to write");
        Step("", Server(id), server =>
        {
            var at = trace.Count;
            var text = Disk(id).Flush(heard);
            trace.Insert(at, ($"disk {id}: {text}{(heard ? "" : ", and the server does not know")}", false));
        });
    }

    /// <summary>From now on a disk writes only what it is told to one by one; or no longer so.</summary>
    public void Stall(int id, bool isStalled)
    {
        if (isStalled)
            stalled.Add(id);
        else
            stalled.Remove(id);
    }

    /// <summary>Everything arrives and becomes durable, until there is nothing left to do but to wait.</summary>
    public void Settle()
    {
        for (var rounds = 0; Round(static () => false); rounds++)
            Assert.True(rounds < 10_000, "messages without end");
    }

    /// <summary>
    /// Everything arrives and becomes durable, and time passes, until a message that begins like this is on its way.
    /// </summary>
    public void RunUntilSent(int from, int to, string what) => RunUntil(
        () => network[(from, to)].Any(message => ScriptText.Of(message).StartsWith(what, StringComparison.Ordinal)));

    /// <summary>The same, until a disk is to write something that begins like this.</summary>
    public void RunUntilJournalled(int id, string what) => RunUntil(() => Disk(id).IsGiven(what));

    /// <summary>Time passes while messages and disks stand still.</summary>
    public void Wait(TimeSpan time) => Advance(time, settling: false);

    /// <summary>Time passes, and everything arrives and becomes durable at once.</summary>
    public void Run(TimeSpan time) => Advance(time, settling: true);

    /// <summary>Time passes until something is the case.</summary>
    public void Until(Func<bool> condition, int seconds = 60)
    {
        Settle();
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < seconds * 100, "it did not come to that");
            Run(Instant);
        }
    }

    public void Dispose()
    {
        System.Terminate().Wait(TimeSpan.FromSeconds(10));
        GC.SuppressFinalize(this);
    }

    internal HistorySettings History(int id) => new() { PersistenceId = $"zab-{id}", KeepSnapshots = options.KeepSnapshots, Time = time };

    internal SessionSettings Sessions(int id)
    {
        var random = new Random(id);
        return new SessionSettings(id, (int)options.Settings.Tick.TotalMilliseconds, 2000, 40_000)
        {
            Time = time,
            FillRandom = random.NextBytes,
            SkipAcl = true,
        };
    }

    internal PeerContext Context(StageServer server, IActorRef history, IActorRef replica, IActorRef sessions) => new()
    {
        Self = server.Id,
        Ensemble = ensemble.Has(server.Id) ? ensemble : Ensemble.Unknown,
        Reconfigurable = options.Reconfigurable,
        Directory = new StageDirectory(this, server),
        History = history,
        Replica = replica,
        Sessions = sessions,
        Settings = options.Settings,
        Random = new Random((server.Id * 1000) + server.Life),
        Time = time,
    };

    internal T? Ask<T>(IActorRef actor, object question)
        where T : class
    {
        answer = null;
        actor.Tell(question, asker);
        return (T?)answer;
    }

    private void RunUntil(Func<bool> reached)
    {
        for (var steps = 0; !reached(); steps++)
        {
            Assert.True(steps < 10_000, "it did not come to that");
            if (!Round(reached))
                Step("", null, _ => Time.Advance(Instant));
        }
    }

    /// <summary>A message on each way arrives, and each disk makes one write durable.</summary>
    /// <returns>Whether there was anything to do.</returns>
    private bool Round(Func<bool> reached)
    {
        var some = false;
        foreach (var (channel, messages) in network)
        {
            if (reached())
                return true;
            if (messages.Count > 0)
            {
                Deliver(channel.From, channel.To);
                some = true;
            }
        }

        foreach (var server in Servers)
        {
            if (reached())
                return true;
            if (server.IsUp && !stalled.Contains(server.Id) && Disk(server.Id).Pending > 0)
            {
                Flush(server.Id);
                some = true;
            }
        }

        return some;
    }

    private void Advance(TimeSpan time, bool settling)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Instant)
        {
            if (settling)
                Settle();
            var step = time - passed < Instant ? time - passed : Instant;
            Step("", null, _ => Time.Advance(step));
        }

        if (settling)
            Settle();
    }

    private void Forget(int id)
    {
        foreach (var other in Servers)
            network[(other.Id, id)].Clear();
    }

    private IActorRef Port(StageServer from, int to)
    {
        var key = (from.Id, to, from.Life);
        if (!ports.TryGetValue(key, out var port))
            ports[key] = port = System.ActorOf(Props.Create(() => new PortActor(this, from, to, from.Life)));
        return port;
    }

    /// <summary>Where a server's messages to another leave.</summary>
    private sealed class PortActor(Stage stage, StageServer from, int to, int life) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (from.Life != life || !from.IsUp)
                return;
            var lost = stage.cut.Contains((from.Id, to)) || !stage.Server(to).IsUp;
            stage.Note($"{from.Id} sends {to}: {ScriptText.Of(message)}{(lost ? " (does not arrive)" : "")}");
            if (!lost)
                stage.network[(from.Id, to)].Enqueue(message);
        }
    }

    private sealed class StageDirectory(Stage stage, StageServer from) : IPeerDirectory
    {
        public IReadOnlyList<ICanTell> Seeds => stage.ensemble.Has(from.Id) ? [] : [stage.Port(from, 1)];

        public ICanTell Peer(int server) => stage.Port(from, server);
    }

    private sealed class AskerActor(Stage stage) : UntypedActor
    {
        protected override void OnReceive(object message) => stage.answer = message;
    }

    /// <summary>The clocks of the stage. The wall clock begins at the same moment every time.</summary>
    private sealed class StageTime(TestScheduler scheduler) : TimeProvider
    {
        // The scheduler's monotonic clock would be the machine's on Akka.NET.
        private readonly DateTimeOffset start = scheduler.Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + (scheduler.Now - start);

        public override long GetTimestamp() => (scheduler.Now - start).Ticks;
    }
}
