using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>
/// Servers as their clients see them: one order of writes, judged and applied by the product's own tree, that each
/// server gets after a time of its own; watches, sessions and their end. What makes them agree is left out.
/// </summary>
internal sealed class Ensemble
{
    public const int ServerCount = 3;
    private const long Report = 2_000_000; // how long a server without a leader may go on serving

    private readonly Proposer _proposer = new(ZnodeTree.Empty, 1);
    private readonly Dictionary<long, (long TimeoutMicros, long Deadline)> _sessions = [];
    private readonly Server[] _servers;
    private long _lastRequest;
    private long _lastSession = 0x100;
    private int _lastName;

    public Ensemble(World world)
    {
        World = world;
        _servers = [.. Enumerable.Range(1, ServerCount).Select(id => new Server(this, id))];
        world.After(3_000_000, Reap);
    }

    public World World { get; }

    public IReadOnlyList<Server> Servers => _servers;

    public List<Process> Processes { get; } = [];

    /// <summary>Sessions that the ensemble has ended because nothing was heard of them.</summary>
    public HashSet<long> Expired { get; } = [];

    /// <summary>How likely it is that a write is done and its answer lost, or lost before it is done.</summary>
    public double LossOfWrites { get; set; }

    /// <summary>How many requests the servers got, pings and syncs aside.</summary>
    public long Requests { get; set; }

    /// <summary>How many watch events they told.</summary>
    public long Told { get; set; }

    /// <summary>Where a process asks a server for a session.</summary>
    public IActorRef Door(int server, Process process)
    {
        var name = $"door{++_lastName}";
        return Distant(server + 1, name, (message, client) =>
        {
            if (message is Connect connect) new Link(_servers[server], process, client).Open(connect);
        });
    }

    public IActorRef Session(Server server, Action<object, IActorRef> told) =>
        Distant(server.Id, $"session{++_lastName}", told);

    private static DistantRef Distant(int server, string name, Action<object, IActorRef> told) =>
        new($"server{server}", name, ((ExtendedActorSystem)Machine.System).Provider, told);

    /// <summary>A server has heard of a session.</summary>
    public void Touch(long session)
    {
        if (_sessions.TryGetValue(session, out var known))
            _sessions[session] = (known.TimeoutMicros, World.Now + known.TimeoutMicros);
    }

    public long NewSession() => ++_lastSession;

    public long NewRequest() => ++_lastRequest;

    /// <summary>A write has come to the one who orders them.</summary>
    public void Judge(Server origin, long session, long request, WriteRequest operation)
    {
        var judged = _proposer.Judge(
            new OriginWrite(origin.Id, session, request, operation), World.Now / 1000, out var answer);
        World.Note($"{origin.Id} {operation.GetType().Name} of {session:x}: {judged}{(answer as ErrorReply)?.Error}");
        switch (judged)
        {
            case JudgedAs.SessionOpened when operation is OpenSession open:
                Keep(session, open.TimeoutMs * 1000L);
                break;
            case JudgedAs.SessionAttached when operation is ReattachSession attach:
                Keep(session, attach.TimeoutMs * 1000L);
                break;
            case JudgedAs.SessionClosed:
                _sessions.Remove(session);
                break;
        }
        if (_proposer.HasBatch)
        {
            var batch = _proposer.TakeBatch(out _);
            foreach (var server in _servers) server.Tell(() => server.Apply(batch));
        }
        else if (answer is not null)
        {
            origin.Tell(() => origin.Answer(session, request, answer));
        }
    }

    /// <summary>Everything stops for a while, as while a leader is elected: sessions get their whole time again.</summary>
    public void Elect(long micros)
    {
        World.Note("election");
        foreach (var server in _servers) server.Fall(micros);
        foreach (var session in _sessions.Keys.ToArray())
        {
            var timeout = _sessions[session].TimeoutMicros;
            _sessions[session] = (timeout, World.Now + micros + timeout);
        }
    }

    /// <summary>A server hears nothing of the others; after a while it notices.</summary>
    public void Isolate(Server server, long micros)
    {
        if (server.IsIsolated || !server.IsUp) return;
        World.Note($"server {server.Id} is isolated");
        server.Isolate(micros);
        World.After(Math.Min(Report, micros), () =>
        {
            if (server.IsIsolated || micros <= Report) server.Fall(Math.Max(1000, micros - Report));
        });
    }

    private void Keep(long session, long timeout)
    {
        var isNew = !_sessions.ContainsKey(session);
        _sessions[session] = (timeout, World.Now + timeout);
        if (isNew) World.After(timeout, () => LookAt(session));
    }

    private void LookAt(long session)
    {
        if (!_sessions.TryGetValue(session, out var known)) return;
        if (known.Deadline > World.Now)
        {
            World.After(known.Deadline - World.Now, () => LookAt(session));
            return;
        }
        Expired.Add(session);
        World.Note($"session {session:x} expires");
        Judge(_servers[0], session, 0, new CloseSession());
    }

    private void Reap()
    {
        foreach (var path in _proposer.FindDue(World.Now / 1000, 600_000, 10))
            Judge(_servers[0], 0, 0, new Reap(path, 600_000));
        World.After(3_000_000, Reap);
    }
}
