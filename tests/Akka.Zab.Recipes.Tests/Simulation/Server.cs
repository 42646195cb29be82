using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>One server: its own copy of the tree, as late as chance will have it, and its connections.</summary>
internal sealed class Server(Ensemble ensemble, int id)
{
    private readonly Dictionary<int, Link> _links = [];
    private readonly List<FiredWatch> _fired = [];
    private readonly List<WatchEvent> _late = [];
    private readonly List<(WatchKind Kind, string Path)> _toRegister = [];
    private readonly Queue<Action> _held = [];
    private readonly Queue<Action> _backlog = [];
    private long _lastHeard;
    private long _lastSent;
    private long _stalledUntil;
    private int _lastLink;

    public int Id => id;

    public Ensemble Ensemble => ensemble;

    public World World => ensemble.World;

    public ZnodeTree Tree { get; private set; } = ZnodeTree.Empty;

    public WatchTable Watches { get; } = new();

    public bool IsUp { get; private set; } = true;

    /// <summary>Whether it is cut off from the one who orders the writes, and does not know it yet.</summary>
    public bool IsIsolated { get; private set; }

    /// <summary>How late it gets to know what is written, in microseconds.</summary>
    public long Lag { get; set; }

    /// <summary>Nothing happens in it until then, as after SIGSTOP.</summary>
    public void Stall(long micros)
    {
        World.Note($"server {id} is stopped");
        _stalledUntil = Math.Max(_stalledUntil, World.Now + micros);
    }

    /// <summary>Runs it when the server is awake.</summary>
    public void WhenAwake(Action action)
    {
        if (World.Now >= _stalledUntil && _backlog.Count == 0)
        {
            action();
            return;
        }
        _backlog.Enqueue(action);
        if (_backlog.Count == 1) World.After(_stalledUntil - World.Now, Wake);
    }

    private void Wake()
    {
        if (World.Now < _stalledUntil)
        {
            World.After(_stalledUntil - World.Now, Wake);
            return;
        }
        while (_backlog.TryPeek(out var first))
        {
            first();
            _backlog.Dequeue();
        }
    }

    /// <summary>From the one who orders the writes, in order.</summary>
    public void Tell(Action action)
    {
        if (IsIsolated)
        {
            _held.Enqueue(action);
            return;
        }
        _lastHeard = Math.Max(_lastHeard, World.Now + World.Spread(100, 2_000) + (World.IsFaulty ? Lag : 0));
        World.After(_lastHeard - World.Now, () => WhenAwake(action));
    }

    /// <summary>To the one who orders the writes, in order; lost while there is no way.</summary>
    public void Forward(long session, long request, WriteRequest operation)
    {
        if (IsIsolated) return;
        _lastSent = Math.Max(_lastSent, World.Now + World.Spread(100, 2_000));
        World.After(_lastSent - World.Now, () =>
        {
            if (!IsIsolated) ensemble.Judge(this, session, request, operation);
        });
    }

    public void Isolate(long micros)
    {
        IsIsolated = true;
        World.After(micros, () =>
        {
            IsIsolated = false;
            while (_held.TryDequeue(out var held)) Tell(held);
        });
    }

    /// <summary>It serves nobody for a while; its connections break.</summary>
    public void Fall(long micros)
    {
        if (!IsUp) return;
        World.Note($"server {id} falls");
        IsUp = false;
        foreach (var link in _links.Values.ToArray()) link.Reset();
        World.After(micros, () =>
        {
            World.Note($"server {id} serves again");
            IsUp = true;
        });
    }

    public int Add(Link link)
    {
        _links.Add(++_lastLink, link);
        return _lastLink;
    }

    public void Remove(Link link)
    {
        _links.Remove(link.Id);
        Watches.Remove(link.Id);
    }

    public void RemoveOthers(Link link)
    {
        foreach (var other in _links.Values.ToArray())
            if (other != link && other.SessionId == link.SessionId) other.End();
    }

    public void Apply(TxnBatch batch)
    {
        foreach (var logged in TxnCodec.Decode(batch))
        {
            var txn = logged.Body is CloseSessionTxn close ? logged with { Body = InOrder(close) } : logged;
            var edit = Tree.Edit();
            var reply = edit.Apply(txn);
            Tree = edit.Commit();
            Watches.Fire(txn, _fired);
            foreach (var fired in _fired)
                if (_links.TryGetValue((int)fired.Watcher, out var watcher)) watcher.Send(-1, fired.Event);
            _fired.Clear();
            Answer(txn.Header.SessionId, txn.Header.RequestId, reply);
            if (txn.Body is CloseSessionTxn)
                foreach (var link in _links.Values.Where(link => link.SessionId == txn.Header.SessionId).ToArray())
                    link.SessionEnded();
        }
    }

    // Their names have ids that are made up anew in every run; the counters at the end are the same.
    private static CloseSessionTxn InOrder(CloseSessionTxn close) => new([.. close.Ephemerals
        .OrderBy(static path => path.Length > 10 ? path[^10..] : path, StringComparer.Ordinal)
        .ThenBy(static path => path[..path.LastIndexOf('/')], StringComparer.Ordinal)]);

    public void Answer(long session, long request, Reply reply)
    {
        if (request == 0) return;
        foreach (var link in _links.Values)
        {
            if (link.SessionId != session || link.Asked != request) continue;
            link.Answered(reply);
            return;
        }
    }

    public Reply Read(ReadRequest read, Link link)
    {
        switch (read)
        {
            case SetWatches watches:
                WatchCatchUp.Sort(Tree, watches, _late, _toRegister);
                foreach (var late in _late) link.Send(-1, late);
                foreach (var (kind, path) in _toRegister) Watches.Add(kind, path, link.Id);
                _late.Clear();
                _toRegister.Clear();
                return DoneReply.Instance;
            case AddWatch add:
                var mode = add.Mode == AddWatchMode.Persistent ? WatchKind.Persistent : WatchKind.Recursive;
                Watches.Add(mode, add.Path, link.Id);
                return DoneReply.Instance;
            case RemoveWatches remove:
                return Watches.Remove(WatchKind.All, remove.Path, link.Id)
                    ? DoneReply.Instance
                    : new ErrorReply(ZabError.NoWatcher);
        }
        var reply = Tree.Read(read);
        switch (read)
        {
            case GetData { Watch: true } when reply is DataReply:
            case Exists { Watch: true } when reply is StatReply or ErrorReply { Error: ZabError.NoNode }:
                Watches.Add(WatchKind.Data, read.Path, link.Id);
                break;
            case GetChildren { Watch: true } when reply is ChildrenReply:
                Watches.Add(WatchKind.Children, read.Path, link.Id);
                break;
        }
        return reply;
    }
}
