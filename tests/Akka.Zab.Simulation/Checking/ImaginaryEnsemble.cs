using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Checking;

/// <summary>A way in which an ensemble can be wrong.</summary>
public enum Wrong
{
    Nothing,

    /// <summary>A write is acknowledged and never happens.</summary>
    AcknowledgedAndLost,

    /// <summary>A synced read shows what its server has, however old.</summary>
    StaleSyncedRead,

    /// <summary>A client that moves to another server may be shown an older state.</summary>
    BackInTime,

    /// <summary>A read does not wait for the write of the same session before it.</summary>
    AheadOfOwnWrite,

    /// <summary>A read shows the change of one transaction without those of the one before it.</summary>
    StateThatNeverWas,

    /// <summary>Of the events that a transaction sets off, some are not told.</summary>
    EventMissed,

    /// <summary>An event is told twice.</summary>
    EventTwice,

    /// <summary>An event is told after an answer that shows the change.</summary>
    EventAfterRead,

    /// <summary>Two events are told in the wrong order.</summary>
    EventsOutOfOrder,

    /// <summary>A session is closed when half of its timeout has passed.</summary>
    SessionDiesEarly,

    /// <summary>A session that nobody hears from is not closed.</summary>
    SessionLivesOn,

    /// <summary>The end of a session leaves one of its ephemeral znodes.</summary>
    EphemeralStays,

    /// <summary>A client is told that its session has expired while it has not.</summary>
    ToldTooEarly,
}

/// <summary>
/// Makes histories as the clients of a right ensemble would see them, or of one that is wrong in one way: the histories
/// on which the checkers are tested. There is no protocol in it, only one list of transactions, and servers that have
/// applied more or less of it.
/// </summary>
internal sealed class ImaginaryEnsemble
{
    private const int TimeoutMs = 4000;

    private readonly Random random;
    private readonly Wrong wrong;
    private readonly TreeEdit head = ZnodeTree.Empty.Edit();
    private readonly List<ZnodeTree> trees = [ZnodeTree.Empty];
    private readonly Server[] servers;
    private readonly Person[] people;
    private long now = 1_000_000;
    private long lastOperation;
    private long lastValue;
    private long lastSession = 0x100;

    private sealed class Server(int id)
    {
        public readonly int Id = id;
        public readonly WatchTable Watches = new();
        public int Applied;
    }

    private sealed class Person(int id)
    {
        public readonly int Id = id;
        public readonly Queue<WatchEvent> Events = new();
        public Server? Server;
        public long Session;
        public long HeardAt;
        public bool Silent;
        public int Seen;
        public Invoked? Pending;
        public (Reply Reply, int Index)? Result;
        public int SyncedTo;
    }

    public ImaginaryEnsemble(int seed, Wrong wrong = Wrong.Nothing)
    {
        random = new Random(seed);
        this.wrong = wrong;
        servers = [.. Enumerable.Range(1, 3).Select(id => new Server(id))];
        people = [.. Enumerable.Range(1, 4).Select(id => new Person(id))];
    }

    public List<ClientEvent> Events { get; } = [];

    public List<Committed> Committed { get; } = [];

    public List<LeaderEstablished> Leaders { get; } = [new LeaderEstablished(0, 1, 1)];

    /// <summary>How exactly this ensemble ends its sessions.</summary>
    public SessionBounds Bounds => new(200_000, 100_000, 0, now);

    /// <summary>The first transactions, and then so many random steps; in the end everything arrives.</summary>
    public ImaginaryEnsemble Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            now += random.Next(1, 20_000);
            ExpireSessions();
            Step(people[random.Next(people.Length)]);
            if (random.Next(3) == 0)
                Apply(servers[random.Next(servers.Length)]);
        }

        Settle();
        return this;
    }

    /// <summary>What the checkers find.</summary>
    public IReadOnlyList<Violation> Violations() => ClientChecks.Violations(Events, Committed, Leaders, Bounds);

    private void Settle()
    {
        foreach (var person in people)
        {
            while (person.Pending is not null)
            {
                foreach (var server in servers)
                    Apply(server);
                Progress(person);
            }
        }

        foreach (var server in servers)
        {
            while (Apply(server))
            {
            }
        }

        foreach (var person in people)
            TellEvents(person);
    }

    private void Step(Person person)
    {
        if (person.Server is null)
            Connect(person);
        else if (person.Pending is not null && random.Next(40) == 0)
            Lose(person);
        else if (person.Pending is not null)
            Progress(person);
        else if (!person.Silent)
            Begin(person);
        else
            TellEvents(person);
    }

    private void Connect(Person person)
    {
        var server = servers[random.Next(servers.Length)];
        if (server.Applied < person.Seen && wrong != Wrong.BackInTime)
            return;
        if (person.Session != 0 && !head.TryGetSession(person.Session, out _))
        {
            Add(new SessionExpired(now, person.Id, person.Session));
            person.Session = 0;
            return;
        }

        if (wrong == Wrong.ToldTooEarly && person.Session != 0)
            Add(new SessionExpired(now, person.Id, person.Session));
        person.Server = server;
        person.HeardAt = now;
        person.Silent = random.Next(6) == 0;
        if (person.Session != 0)
        {
            Add(new SessionReattached(now, person.Id, person.Session, server.Id, TimeoutMs));
            return;
        }

        person.Session = ++lastSession;
        Commit(person.Session, 1, new OpenSessionTxn([], TimeoutMs));
        person.Seen = Committed.Count;
        Add(new SessionOpened(now, person.Id, person.Session, server.Id, TimeoutMs));
    }

    private void Lose(Person person)
    {
        Add(new GaveUp(now, person.Id, person.Session, person.Pending!.Operation));
        Disconnect(person);
    }

    private void Disconnect(Person person)
    {
        Add(new ConnectionLost(now, person.Id, person.Session));
        person.Server!.Watches.Remove(person.Id);
        person.Events.Clear();
        person.Server = null;
        person.Pending = null;
        person.Result = null;
    }

    private void Begin(Person person)
    {
        var path = $"/{(char)('a' + random.Next(3))}";
        var (kind, request) = random.Next(9) switch
        {
            0 => (OperationKind.Write, new Create(path, Values.Of(++lastValue), Acl.Open)),
            1 => (
                OperationKind.Write,
                new Create($"{path}/e{person.Id}", Values.Of(++lastValue), Acl.Open, CreateMode.Ephemeral)),
            2 => (OperationKind.Write, new SetData(path, Values.Of(++lastValue), random.Next(3) - 1)),
            3 => (OperationKind.Write, new Delete($"{path}/e{person.Id}")),
            4 => (OperationKind.Write, new SetData(path, Values.Of(++lastValue))),
            5 => (OperationKind.SyncedRead, (Request)new GetData(path)),
            6 => (OperationKind.Read, new GetData(path, Watch: true)),
            7 => (OperationKind.Read, new GetChildren(path, Watch: true)),
            _ => (OperationKind.Read, new Exists(path, Watch: random.Next(2) == 0)),
        };
        person.HeardAt = now;
        Add(new Heard(now, person.Id, person.Session, person.Server!.Id));
        person.Pending = new Invoked(now, person.Id, person.Session, ++lastOperation, kind, request);
        person.SyncedTo = wrong is Wrong.BackInTime or Wrong.AheadOfOwnWrite ? 1
            : kind == OperationKind.SyncedRead && wrong != Wrong.StaleSyncedRead ? Committed.Count : person.Seen;
        Add(person.Pending);
    }

    private void Progress(Person person)
    {
        if (person.Pending is not { Request: WriteRequest write })
            TryRead(person);
        else if (person.Result is null)
            person.Result = Judge(person, write);
        if (person.Result is not { } result
            || (person.Server!.Applied < result.Index && wrong != Wrong.AheadOfOwnWrite))
            return;
        if (wrong != Wrong.EventAfterRead)
            TellEvents(person);
        person.Seen = Math.Max(person.Seen, result.Index);
        Add(new Returned(
            now, person.Id, person.Session, person.Pending!.Operation, result.Reply, ZxidOf(result.Index)));
        person.Pending = null;
        person.Result = null;
        if (wrong == Wrong.EventAfterRead)
            TellEvents(person);
    }

    private (Reply Reply, int Index) Judge(Person person, WriteRequest write)
    {
        var prepared = Preparation.Prepare(
            head, write, new TxnHeader(NextZxid(Committed.Count + 1), now, person.Session, lastOperation),
            Identities.None);
        if (prepared.Txn is not { } txn)
            return (prepared.Answer!, Committed.Count);
        if (wrong == Wrong.AcknowledgedAndLost && random.Next(10) == 0)
            return (new StatReply(default), Committed.Count);
        return (Commit(person.Session, lastOperation, txn), Committed.Count);
    }

    private void TryRead(Person person)
    {
        if (person.Result is not null)
            return;
        var server = person.Server!;
        var read = (ReadRequest)person.Pending!.Request;
        if (server.Applied < person.SyncedTo)
            return;
        var shown = wrong == Wrong.StateThatNeverWas && random.Next(5) == 0
            ? trees[random.Next(trees.Count)] : trees[server.Applied];
        var reply = shown.Read(read);
        if (read is GetData { Watch: true } && reply is DataReply || read is Exists { Watch: true })
            server.Watches.Add(WatchKind.Data, read.Path, person.Id);
        if (read is GetChildren { Watch: true } && reply is ChildrenReply)
            server.Watches.Add(WatchKind.Children, read.Path, person.Id);
        person.Result = (reply, server.Applied);
    }

    private bool Apply(Server server)
    {
        if (server.Applied == Committed.Count)
            return false;
        // What a read has shown already stays before the event of the next transaction.
        foreach (var person in people)
        {
            if (person.Server == server && person.Result is not null && person.Pending!.Request is ReadRequest)
                Progress(person);
        }

        var fired = new List<FiredWatch>();
        server.Watches.Fire(Committed[server.Applied++].Txn, fired);
        foreach (var (watcher, what) in fired)
            Fire(people[watcher - 1].Events, what);
        return true;
    }

    private void Fire(Queue<WatchEvent> events, WatchEvent what)
    {
        if (wrong == Wrong.EventMissed && random.Next(4) == 0)
            return;
        events.Enqueue(what);
        if (wrong == Wrong.EventTwice && random.Next(4) == 0)
            events.Enqueue(what);
        if (wrong == Wrong.EventsOutOfOrder && events.Count > 1)
            events.Enqueue(events.Dequeue());
    }

    private void TellEvents(Person person)
    {
        while (person.Server is not null && person.Events.TryDequeue(out var what))
            Add(new WatchFired(now, person.Id, person.Session, what.Zxid, what));
    }

    private void ExpireSessions()
    {
        foreach (var person in people)
        {
            var limit = TimeoutMs * (wrong == Wrong.SessionDiesEarly ? 500L : 1000L);
            if (person.Session == 0 || !head.TryGetSession(person.Session, out _) || now - person.HeardAt < limit
                || wrong == Wrong.SessionLivesOn)
                continue;
            TellEvents(person);
            var ephemerals = head.EphemeralsOf(person.Session);
            if (wrong == Wrong.EphemeralStays)
                ephemerals = [.. ephemerals.Skip(1)];
            Commit(person.Session, 0, new CloseSessionTxn([.. ephemerals]));
            if (person.Pending is not null)
                Add(new GaveUp(now, person.Id, person.Session, person.Pending.Operation));
            if (person.Server is not null)
                Disconnect(person);
        }
    }

    private Reply Commit(long session, long request, Txn body)
    {
        var txn = new LoggedTxn(new TxnHeader(NextZxid(Committed.Count + 1), now, session, request), body);
        var reply = head.Apply(txn);
        Committed.Add(new Committed(now, txn));
        trees.Add(head.Commit());
        return reply;
    }

    private long ZxidOf(int index) => index == 0 ? 0 : Committed[index - 1].Txn.Header.Zxid;

    private static long NextZxid(int index) => (1L << 32) | (uint)index;

    private void Add(ClientEvent happened) => Events.Add(happened);
}
