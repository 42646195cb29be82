using System.Globalization;
using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>Two servers did different things, and no intended difference says why.</summary>
internal sealed class DifferenceException(int step, string message) : Exception(message)
{
    /// <summary>The step, counted from 0.</summary>
    public int Step => step;
}

/// <summary>
/// ZooKeeper no longer answers. A follower of 3.8 that gets many requests of one session at once does so now and then, and
/// for good; nothing can be compared with it any more.
/// </summary>
internal sealed class SilentReferenceException(string message) : Exception(message);

/// <summary>
/// Takes steps on both servers and compares everything that comes back. Only one session asks at a time, and a server
/// queues an event before it answers what caused it, so what each connection receives comes in one order.
/// </summary>
internal sealed class Comparison(Side reference, Side ours)
{
    const int TimeoutMs = 600_000;
    const int ShortTimeoutMs = 2_000;
    const int MostSequential = 48;

    static readonly Operation _ping = new(Op.Ping, _ => { });

    readonly Queue<string> _history = new();
    readonly List<string> _sequential = [];
    int _step;

    /// <summary>How many requests both servers answered.</summary>
    public int Operations { get; private set; }

    /// <summary>How many replies and events were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>How often each operation ended with each error, and each kind of event came.</summary>
    public SortedDictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>How often each intended difference was met.</summary>
    public Dictionary<IntendedDifference, int> Intended { get; } = [];

    /// <summary>Takes the steps below a new znode and compares the trees at the end.</summary>
    /// <exception cref="DifferenceException">At the first difference.</exception>
    public void Run(string run, IReadOnlyList<Step> steps)
    {
        _sequential.Clear();
        _history.Clear();
        reference.Begin(run, Script.Sessions);
        ours.Begin(run, Script.Sessions);
        _step = -1;
        for (var session = 0; session < Script.Sessions; session++) Open(session, TimeoutMs);
        Exchange(0,
        [
            Creation("."), Creation("/a"), Creation("/b"), Creation("/q"), Creation("%"), Creation("%/q"),
            Creation("%/q/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=60;countHardLimit=4"),
            Creation("%/q/zookeeper_stats", "count=-1,bytes=-1"),
        ]);
        for (_step = 0; _step < steps.Count; _step++)
        {
            Take(steps[_step]);
            Tidy();
        }
        PingAll();
        CompareTrees();
    }

    void Take(Step step)
    {
        switch (step)
        {
            case Burst burst:
                Exchange(burst.Session, burst.Operations);
                if (burst.Operations is [{ Closes: true }]) Attach(burst.Session, TimeoutMs, true);
                break;
            case Reconnect reconnect:
                Attach(reconnect.Session, reconnect.TimeoutMs, reconnect.KnowsReadOnly);
                if (reconnect.First is { } first) Exchange(reconnect.Session, [first]);
                break;
            case BadHandshake bad:
                Compare(bad.Session, $"{bad.Kind}", null, [reference.Refused(bad.Session, bad.Kind)],
                    [ours.Refused(bad.Session, bad.Kind)]);
                Attach(bad.Session, TimeoutMs, true);
                break;
            case Reopen reopen:
                Reopen(reopen);
                break;
            case Expire expire:
                Expire(expire);
                break;
            case Reap reap:
                Reap(reap);
                break;
        }
    }

    void Expire(Expire expire)
    {
        PingAll();
        Exchange(expire.Session, [.. expire.Before, Creation(BackToBack.Expire.Path, mode: 1)]);
        WaitFor(BackToBack.Expire.Path);
        Attach(expire.Session, ShortTimeoutMs, true);
        if (expire.Last.Count > 0) Exchange(expire.Session, expire.Last);
        foreach (var side in (Side[])[reference, ours])
        {
            if (!expire.Connected) side.Disconnect(expire.Session);
            Deleted(side, BackToBack.Expire.Path);
        }
        if (expire.Connected)
        {
            var (theirs, own) = (reference.ReadToEnd(expire.Session), ours.ReadToEnd(expire.Session));
            theirs.Sort(StringComparer.Ordinal);
            own.Sort(StringComparer.Ordinal);
            Compare(expire.Session, "the end of the session", null, theirs, own);
        }
        PingAll(inOrder: false, except: expire.Session);
        Attach(expire.Session, TimeoutMs, true);
        Open(expire.Session, TimeoutMs);
    }

    void Reap(Reap reap)
    {
        PingAll();
        Exchange(reap.Session, reap.Before);
        WaitFor(BackToBack.Reap.Path);
        PingAll();
        Exchange(reap.Session, [new Operation(Op.Delete, body => body.Path(BackToBack.Reap.Child).Int("version", -1))]);
        Deleted(reference, BackToBack.Reap.Path);
        Deleted(ours, BackToBack.Reap.Path);
        PingAll(inOrder: false);
    }

    void WaitFor(string path) => Exchange(0, [new Operation(Op.Exists, body => body.Path(path).Flag("watch", true))]);

    /// <summary>Waits until the server has deleted it, and learns the zxid of that from the znode above.</summary>
    void Deleted(Side side, string path)
    {
        try
        {
            side.Await(0, "NodeDeleted", path);
            side.Learn(0);
        }
        catch (TimeoutException e)
        {
            throw Silent(side, 0, path, e);
        }
    }

    void PingAll(bool inOrder = true, int except = -1)
    {
        for (var session = 0; session < Script.Sessions; session++)
            if (session != except) Exchange(session, [_ping], inOrder);
    }

    /// <summary>
    /// A session's ephemeral znodes go in an order that ZooKeeper leaves open, so what everybody hears of it is
    /// compared without its order.
    /// </summary>
    void Reopen(Reopen reopen)
    {
        PingAll();
        Exchange(reopen.Session, [new Operation(Op.CloseSession, _ => { }, Closes: true)], inOrder: false);
        PingAll(inOrder: false, except: reopen.Session);
        Open(reopen.Session, reopen.TimeoutMs);
    }

    void Open(int session, int timeoutMs) => Connect(session, "Open", side => side.Open(session, timeoutMs));

    void Attach(int session, int timeoutMs, bool knowsReadOnly)
        => Connect(session, "Attach", side => side.Attach(session, timeoutMs, knowsReadOnly));

    void Connect(int session, string asked, Func<Side, string> connect)
    {
        Compare(session, asked, null, [Of(reference)], [Of(ours)]);

        string Of(Side side)
        {
            try
            {
                return connect(side);
            }
            catch (TimeoutException e)
            {
                throw Silent(side, session, asked, e);
            }
        }
    }

    Exception Silent(Side side, int session, string asked, TimeoutException silence) => side == reference
        ? new SilentReferenceException($"{side.Name}, step {_step}, session {session}: {asked}: {silence.Message}")
        : Difference(session, asked, [], [$"{side.Name}: {silence.Message}"], 0);

    List<string> Exchange(int session, IReadOnlyList<Operation> operations, bool inOrder = true)
    {
        var theirs = Guarded(session, operations, reference);
        var own = Guarded(session, operations, ours);
        if (!inOrder)
        {
            theirs.Sort(StringComparer.Ordinal);
            own.Sort(StringComparer.Ordinal);
        }
        Compare(session, string.Join("; ", reference.Asked), operations, theirs, own);
        Operations += operations.Count;
        if (ours.StrayEvents() is { } stray) throw Difference(session, "events", [], [stray], 0);
        foreach (var path in reference.Created)
            if (!_sequential.Contains(path)) _sequential.Add(path);
        return theirs;
    }

    List<string> Guarded(int session, IReadOnlyList<Operation> operations, Side side)
    {
        try
        {
            return side.Exchange(session, operations, _sequential);
        }
        catch (TimeoutException e)
        {
            throw Silent(side, session, string.Join("; ", side.Asked), e);
        }
    }

    void Compare(
        int session, string asked, IReadOnlyList<Operation>? operations, List<string> theirs, List<string> own)
    {
        var reply = 0;
        for (var i = 0; i < Math.Max(theirs.Count, own.Count); i++)
        {
            Compared++;
            var their = i < theirs.Count ? theirs[i] : "nothing";
            var our = i < own.Count ? own[i] : "nothing";
            var operation = operations is not null && reply < operations.Count ? operations[reply] : null;
            if (their.Contains("err=", StringComparison.Ordinal)) reply++;
            var seen = their.Split(' ') is ["event", var kind, ..] ? kind : $"{operation?.Code} {their.Split(' ')[0]}";
            if (operation?.Code == Op.Multi && their.Contains("[-1 ", StringComparison.Ordinal)) seen = "Multi undone";
            Seen[seen] = Seen.GetValueOrDefault(seen) + 1;
            if (their == our) continue;
            var words = operation is null ? asked : asked.Split("; ") is var all && reply > 0 && reply <= all.Length
                ? all[reply - 1] : asked;
            if (IntendedDifference.Of(operation, words, their, our) is not { } intended)
                throw Difference(session, asked, theirs, own, i);
            Intended[intended] = Intended.GetValueOrDefault(intended) + 1;
        }
        _history.Enqueue($"{_step} s{session} {asked}\n      -> {string.Join("\n      -> ", own)}");
        if (_history.Count > 40) _history.Dequeue();
    }

    DifferenceException Difference(int session, string asked, List<string> theirs, List<string> own, int at) => new(
        _step,
        $"""
        Step {_step}, session {session}: {asked}
        the difference is in line {at + 1}:
          {reference.Name}: {(at < theirs.Count ? theirs[at] : "nothing")}
          {ours.Name}: {(at < own.Count ? own[at] : "nothing")}
        all of {reference.Name}:
          {string.Join("\n  ", theirs)}
        all of {ours.Name}:
          {string.Join("\n  ", own)}
        before it, as {ours.Name} answered:
        {string.Join('\n', _history)}
        """);

    /// <summary>Deletes the oldest sequential znodes: their names do not come again, so nobody else would.</summary>
    void Tidy()
    {
        while (_sequential.Count > MostSequential)
        {
            var path = _sequential[0];
            _sequential.RemoveAt(0);
            Exchange(0, [new Operation(Op.Delete, body => body.Path("!" + path).Int("version", -1))]);
        }
    }

    static Operation Creation(string path, string data = "", int mode = 0) => new(
        Op.Create,
        body => body.Path(path).Data(Encoding.ASCII.GetBytes(data)).Acl([(31, "world", "anyone")]).Int("mode", mode));

    /// <summary>Data, ACL and children of every znode of the run, as the superuser sees them.</summary>
    void CompareTrees()
    {
        var open = new Stack<string>(["."]);
        while (open.TryPop(out var path))
        {
            var lines = Exchange(0,
            [
                new Operation(Op.GetData, body => body.Path(path).Flag("watch", false)),
                new Operation(Op.GetAcl, body => body.Path(path)),
                new Operation(Op.GetChildren, body => body.Path(path).Flag("watch", false)),
            ]);
            var names = lines[^1][(lines[^1].IndexOf('[', StringComparison.Ordinal) + 1)..^1];
            foreach (var name in names.Split('"', StringSplitOptions.RemoveEmptyEntries).Where(name => name != " "))
                open.Push(path == "." ? $"/{name}" : $"{path}/{name}");
        }
    }

    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"{Operations} operations, {Compared} replies and events compared; intended differences met: {(Intended.Count == 0
            ? "none" : string.Join(", ", Intended.Select(met => $"{met.Key.Name} {met.Value}")))}\n{string.Join(
                ", ", Seen.Select(seen => $"{seen.Key}: {seen.Value}"))}");
}
