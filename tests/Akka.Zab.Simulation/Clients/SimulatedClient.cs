using Akka.Zab.Client;
using Akka.Zab.Simulation.Checking;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Clients;

/// <summary>An operation that a client has sent.</summary>
internal sealed class Operation(long number, OperationKind kind, Request request)
{
    public long Number => number;

    public OperationKind Kind => kind;

    public Request Request => request;

    /// <summary>The answer; null until it has come.</summary>
    public Reply? Reply { get; set; }

    /// <summary>Whether it was given up because the connection was lost.</summary>
    public bool IsLost { get; set; }

    public bool IsOver => IsLost || Reply is not null;
}

/// <summary>
/// A client: it keeps a session as ZooKeeper's clients do, at one server after the other, and writes down what it does
/// and what it is told. What it asks for, others decide.
/// </summary>
internal sealed class SimulatedClient(World world, int id)
{
    /// <summary>Who knows it may change the ensemble.</summary>
    public static readonly byte[] AdministratorsPassword = "admin:secret"u8.ToArray();

    private readonly Queue<(int Xid, Operation? Operation)> underWay = new();
    private ClientLink? link;
    private byte[] secret = [];
    private long lastZxid;
    private long heardAt;
    private long sentAt;
    private int timeoutMs;
    private int xid;
    private int attempt;

    public int Id => id;

    /// <summary>The timeout that it asks for.</summary>
    public int WantedTimeoutMs { get; init; } = 2000;

    /// <summary>The session; 0 while there is none.</summary>
    public long Session { get; private set; }

    /// <summary>Whether it can send something.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether it has asked for the end of its session, and should ask for nothing more.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>
    /// Whether it is the one that changes the ensemble. What it asks for is not among the operations to be checked.
    /// </summary>
    public bool IsAdministrator { get; init; }

    /// <summary>The server that it is connected to, or tries.</summary>
    public Server? Server => link?.Server;

    /// <summary>The servers that it tries; null for all.</summary>
    public Server[]? Tries { get; set; }

    /// <summary>Whether it connects at all.</summary>
    public bool IsOn { get; private set; }

    /// <summary>How many operations are under way.</summary>
    public int UnderWay => underWay.Count;

    /// <summary>Changes the order of what is delivered, for a mutation.</summary>
    public Func<ClientOutput[], ClientOutput[]>? Alter { get; set; }

    /// <summary>From now on it connects, and connects again whenever it is not.</summary>
    public void Start()
    {
        if (IsOn)
            return;
        IsOn = true;
        Connect();
    }

    /// <summary>Sends a run of operations, in order. It must be connected.</summary>
    public Operation[] Send(params ReadOnlySpan<(OperationKind Kind, Request Request)> run)
    {
        Assert.True(IsConnected, $"client {id} is not connected");
        var operations = new Operation[run.Length];
        var requests = new List<NumberedRequest>(run.Length + 1);
        for (var i = 0; i < run.Length; i++)
        {
            var (kind, request) = run[i];
            var operation = operations[i] = new Operation(world.Clients.NextOperation(), kind, request);
            if (kind == OperationKind.SyncedRead)
                Number(requests, new Sync("/"), null);
            Number(requests, request, operation);
            if (!IsAdministrator)
                world.ClientEvents.Add(new Invoked(world.Now, id, Session, operation.Number, kind, request));
            if (request is CloseSession)
                IsClosing = true;
        }

        sentAt = world.Now;
        world.Trace.Add(TraceKind.Client, id, link!.Server.Id, operations[^1].Request);
        link.Send([.. requests]);
        return operations;
    }

    /// <summary>Sends one operation.</summary>
    public Operation Send(Request request) =>
        Send((request is WriteRequest ? OperationKind.Write : OperationKind.Read, request))[0];

    /// <summary>Leaves its server, as if the connection had broken.</summary>
    public void Leave()
    {
        if (link is { } left)
            Lost(left);
    }

    /// <summary>Sends nothing and connects no more; the session is left to expire.</summary>
    public void Vanish()
    {
        IsOn = false;
        Leave();
    }

    internal void ServerIsGone(Server server, bool noticed)
    {
        if (link is { } on && on.Server == server)
            on.ServerIsGone(noticed);
    }

    internal void WasHeard(int server) => world.ClientEvents.Add(new Heard(world.Now, id, Session, server));

    internal void Connected(ClientLink from, Connected connected)
    {
        if (from != link)
            return;
        heardAt = sentAt = world.Now;
        timeoutMs = connected.TimeoutMs;
        IsConnected = true;
        IsClosing = false;
        xid = 0;
        var isNew = Session == 0;
        Session = connected.SessionId;
        secret = connected.Secret;
        world.ClientEvents.Add(
            isNew
                ? new SessionOpened(world.Now, id, Session, from.Server.Id, timeoutMs)
                : new SessionReattached(world.Now, id, Session, from.Server.Id, timeoutMs));
        world.Trace.Add(TraceKind.Client, id, from.Server.Id, isNew ? "session opened" : "session reattached");
        if (IsAdministrator)
            SendAlone(from, new AddAuth("digest", AdministratorsPassword));
        KeepAlive(from);
    }

    internal void Delivered(ClientLink from, ClientOutput[] outputs)
    {
        if (from != link)
            return;
        heardAt = world.Now;
        if (Alter is not null)
            outputs = Alter(outputs);
        foreach (ref readonly var output in outputs.AsSpan())
        {
            if (output.Content is WatchEvent fired)
            {
                world.ClientEvents.Add(new WatchFired(world.Now, id, Session, output.Zxid, fired));
                continue;
            }

            Answered(from, output);
        }
    }

    internal void Disconnected(ClientLink from, DisconnectReason reason)
    {
        if (from != link)
            return;
        if (reason == DisconnectReason.SessionExpired && Session != 0)
        {
            GiveUp();
            world.ClientEvents.Add(new SessionExpired(world.Now, id, Session));
            world.Trace.Add(TraceKind.Client, id, from.Server.Id, "session expired");
            Forget();
        }
        else if (reason == DisconnectReason.Closed && Session != 0)
        {
            GiveUp();
            world.ClientEvents.Add(new SessionClosed(world.Now, id, Session));
            Forget();
        }

        Lost(from);
    }

    /// <summary>A connection is of no use any more.</summary>
    internal void Lost(ClientLink from)
    {
        if (from != link)
            return;
        link = null;
        from.Abandon();
        if (IsConnected)
        {
            IsConnected = false;
            GiveUp();
            if (Session != 0)
            {
                world.ClientEvents.Add(new ConnectionLost(world.Now, id, Session));
                world.Trace.Add(TraceKind.Client, id, from.Server.Id, "connection lost");
            }
        }

        if (IsOn)
            world.After(world.Chance.Next(1_000, 60_000), Connect);
    }

    private void Answered(ClientLink from, in ClientOutput output)
    {
        var (expected, operation) = underWay.Dequeue();
        if (expected != output.Xid)
            world.Fail($"client {id} was answered {output.Xid} when it was the turn of {expected}");
        if (output.Zxid > lastZxid)
            lastZxid = output.Zxid;
        if (operation is null)
            return;
        var reply = (Reply)output.Content;
        operation.Reply = reply;
        if (IsAdministrator)
            return;
        world.ClientEvents.Add(new Returned(world.Now, id, Session, operation.Number, reply, output.Zxid));
        if (operation.Kind == OperationKind.Write && reply is not ErrorReply)
            world.Safety.Acknowledged(from.Server, output.Zxid);
        world.Trace.Mix((ulong)output.Zxid);
    }

    private void Number(List<NumberedRequest> requests, Request request, Operation? operation)
    {
        xid++;
        underWay.Enqueue((xid, operation));
        requests.Add(new NumberedRequest(xid, request));
    }

    private void Forget()
    {
        Session = 0;
        secret = [];
        lastZxid = 0;
    }

    private void GiveUp()
    {
        while (underWay.TryDequeue(out var waiting))
        {
            if (waiting.Operation is not { } operation)
                continue;
            operation.IsLost = true;
            if (IsAdministrator)
                continue;
            world.ClientEvents.Add(new GaveUp(world.Now, id, Session, operation.Number));
        }
    }

    private void Connect()
    {
        if (!IsOn || link is not null)
            return;
        var tries = Tries ?? world.Servers;
        var server = tries[world.Chance.Next(tries.Length)];
        if (!server.IsReachable || world.Clients.IsBlocked(this, server))
        {
            world.After(world.Chance.Next(5_000, 50_000), Connect);
            return;
        }

        var made = link = new ClientLink(world, this, server);
        attempt++;
        made.Open(new Connect(Session, secret, WantedTimeoutMs, lastZxid));
        var patience = attempt;
        world.After(1_500_000, () =>
        {
            if (link == made && !IsConnected && patience == attempt)
                Lost(made);
        });
    }

    /// <summary>Pings when it has said nothing for long, and gives the server up when that says nothing.</summary>
    private void KeepAlive(ClientLink on)
    {
        if (link != on)
            return;
        var third = timeoutMs * 1000L / 3;
        if (world.Now - heardAt > third * 2)
        {
            Lost(on);
            return;
        }

        if (world.Now - sentAt >= third && !IsClosing)
            SendAlone(on, new Ping());

        world.After(third / 2, () => KeepAlive(on));
    }

    private void SendAlone(ClientLink on, Request request)
    {
        sentAt = world.Now;
        var requests = new List<NumberedRequest>(1);
        Number(requests, request, null);
        on.Send([.. requests]);
    }
}
