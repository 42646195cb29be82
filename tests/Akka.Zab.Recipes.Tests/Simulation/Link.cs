using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>One connection of a process to a server. What is sent arrives in order, late, or not at all.</summary>
internal sealed class Link
{
    private readonly Server _server;
    private readonly Process _process;
    private readonly IActorRef _client;
    private readonly IActorRef _session;
    private readonly Queue<NumberedRequest> _waiting = [];
    private NumberedRequest _busyWith;
    private Connect? _connecting;
    private long _lastUp;
    private long _lastDown;
    private bool _dead;
    private bool _silent;

    public Link(Server server, Process process, IActorRef client)
    {
        _server = server;
        _process = process;
        _client = client;
        _session = server.Ensemble.Session(server, (message, _) => Told(message));
        Id = server.Add(this);
    }

    public int Id { get; }

    public long SessionId { get; private set; }

    /// <summary>The number of the write that it waits for; 0 for none.</summary>
    public long Asked { get; private set; }

    private World World => _server.World;

    public void Open(Connect connect) => Up(() => OnConnect(connect));

    /// <summary>A reply or an event.</summary>
    public void Send(int xid, IZabMessage content)
    {
        if (content is WatchEvent) _server.Ensemble.Told++;
        var zxid = _server.Tree.LastZxid;
        if (content is not DoneReply) World.Tell($"  {_process.Name} <- {_server.Id} {content}");
        Down(new ClientOutputs([new ClientOutput(xid, zxid, content)]));
    }

    /// <summary>The write that it waits for has been answered.</summary>
    public void Answered(Reply reply)
    {
        Asked = 0;
        if (_connecting is not null)
        {
            OnSession(reply);
            return;
        }
        if (reply is ErrorReply { Error: ZabError.SessionMoved })
        {
            Down(new Disconnected(DisconnectReason.SessionMoved));
            End();
            return;
        }
        if (World.IsFaulty && World.Chance.NextDouble() < _server.Ensemble.LossOfWrites)
        {
            World.Note($"the answer of {SessionId:x} is lost");
            Reset();
            return;
        }
        Send(_busyWith.Xid, reply);
        Pump();
    }

    public void SessionEnded()
    {
        if (Asked != 0 && _busyWith.Operation is CloseSession) return;
        Down(new Disconnected(DisconnectReason.SessionExpired));
        End();
    }

    /// <summary>It breaks: what is on the way is lost, and both sides learn of it.</summary>
    public void Reset()
    {
        if (_dead) return;
        End();
        if (_silent) return;
        object told = _connecting is null
            ? new Disconnected(DisconnectReason.NotServing)
            : new ConnectRefused(DisconnectReason.NotServing);
        World.After(World.Spread(100, 3_000), () => _client.Tell(told, _session), _process);
    }

    /// <summary>The server forgets it.</summary>
    public void End()
    {
        _dead = true;
        _server.Remove(this);
    }

    private void Told(object message)
    {
        switch (message)
        {
            case ClientRequests requests:
                Up(() => OnRequests(requests.Requests));
                break;
            case Detach:
                Up(End);
                break;
        }
    }

    private void OnConnect(Connect connect)
    {
        _connecting = connect;
        if (!_server.IsUp)
        {
            if (World.Chance.Next(2) == 0) Reset();
            else End();
            return;
        }
        if (_server.Tree.LastZxid < connect.LastZxidSeen)
        {
            Down(new ConnectRefused(DisconnectReason.Behind));
            End();
            return;
        }
        Asked = _server.Ensemble.NewRequest();
        SessionId = connect.SessionId != 0 ? connect.SessionId : _server.Ensemble.NewSession();
        var secret = connect.SessionId != 0 ? connect.Secret : new byte[16];
        _server.RemoveOthers(this);
        _server.Forward(SessionId, Asked, connect.SessionId == 0
            ? new OpenSession(SessionId, secret, connect.TimeoutMs)
            : new ReattachSession(SessionId, secret, connect.TimeoutMs));
    }

    private void OnSession(Reply reply)
    {
        if (reply is ErrorReply)
        {
            Down(new ConnectRefused(DisconnectReason.SessionExpired));
            End();
            return;
        }
        var connected = new Connected(SessionId, new byte[16], _connecting!.TimeoutMs, _session)
        {
            LastZxidSeen = _connecting.LastZxidSeen,
        };
        _connecting = null;
        Down(connected);
    }

    private void OnRequests(NumberedRequest[] requests)
    {
        if (!_server.IsIsolated) _server.Ensemble.Touch(SessionId);
        foreach (var request in requests) _waiting.Enqueue(request);
        Pump();
    }

    private void Pump()
    {
        while (!_dead && Asked == 0 && _waiting.TryDequeue(out var next))
        {
            if (next.Operation is not (Ping or Sync)) _server.Ensemble.Requests++;
            if (next.Operation is not Ping) World.Tell($"  {_process.Name} -> {_server.Id} {next.Operation}");
            switch (next.Operation)
            {
                case WriteRequest write:
                    if (World.IsFaulty && World.Chance.NextDouble() < _server.Ensemble.LossOfWrites)
                    {
                        World.Note($"a write of {SessionId:x} is lost");
                        Reset();
                        return;
                    }
                    _busyWith = next;
                    Asked = _server.Ensemble.NewRequest();
                    _server.Forward(SessionId, Asked, write);
                    break;
                case ReadRequest read:
                    Send(next.Xid, _server.Read(read, this));
                    break;
                default:
                    Send(next.Xid, DoneReply.Instance);
                    break;
            }
        }
    }

    // From the client to the server.
    private void Up(Action action)
    {
        if (IsSilent()) return;
        _lastUp = Later(_lastUp);
        World.After(_lastUp - World.Now, () => _server.WhenAwake(() =>
        {
            if (!_dead && !IsSilent()) action();
        }));
    }

    // From the server to the client.
    private void Down(object message)
    {
        if (_dead || IsSilent()) return;
        _lastDown = Later(_lastDown);
        World.After(_lastDown - World.Now, () =>
        {
            if (!IsSilent() && (!_dead || message is not ClientOutputs)) _client.Tell(message, _session);
        }, _process);
    }

    private long Later(long last)
    {
        var at = World.Now + World.Spread(100, 5_000);
        if (World.IsFaulty) at = Math.Max(at, _process.StalledUntil);
        return Math.Max(last, at);
    }

    private bool IsSilent()
    {
        // A connection that something was lost on is of no use any more.
        _silent |= World.Now < _process.CutUntil;
        return _silent || _process.IsGone;
    }
}
