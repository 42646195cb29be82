using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>One of the two servers, with the connections of the script's sessions to it.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="servers">Where sessions connect to.</param>
internal sealed class Side(string name, IPairServers servers) : IDisposable
{
    /// <summary>Digest credentials of sessions 0 to 2; the others have none to begin with.</summary>
    static readonly string?[] _credentials = ["super:secret", "bob:pw", "alice:pw2"];

    readonly Dictionary<long, string> _names = [];
    readonly List<long> _eventZxids = [];
    Slot[] _slots = [];
    string _run = "";

    public string Name => name;

    public Zxids Zxids { get; private set; } = new();

    /// <summary>What the operations of the last exchange were, in words.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Sequential znodes that the last exchange created.</summary>
    public List<string> Created { get; } = [];

    /// <summary>Forgets everything and begins anew, below another znode.</summary>
    public void Begin(string run, int sessions)
    {
        Dispose();
        _run = run;
        _names.Clear();
        _eventZxids.Clear();
        Zxids = new Zxids();
        _slots = [.. Enumerable.Range(0, sessions).Select(_ => new Slot())];
    }

    public string Open(int session, int timeoutMs)
    {
        var slot = _slots[session];
        slot.Drop();
        slot.SessionId = 0;
        slot.Password = new byte[16];
        slot.Proved.Clear();
        slot.Generation++;
        if (session < _credentials.Length) slot.Proved.Add(("digest", _credentials[session]!));
        return Attach(session, timeoutMs, knowsReadOnly: true);
    }

    /// <summary>Makes a new connection for the session and proves again what it had proved.</summary>
    public string Attach(int session, int timeoutMs, bool knowsReadOnly)
    {
        var slot = _slots[session];
        slot.Drop();
        string answer;
        long id;
        byte[] password;
        var tries = 0;
        do
        {
            slot.Link?.Dispose();
            slot.Link = servers.Dial(session, slot.Moves);
            answer = Handshake(
                slot.Link, Zxids.Last, timeoutMs, slot.SessionId, slot.Password, knowsReadOnly, out id, out password);
        }
        // A server that is not as far as another one has been seen to be refuses, and will be as far soon.
        while (answer == "closed" && servers.Count > 1 && ++tries < 1000);
        slot.Moves++;
        if (id == 0)
        {
            slot.Drop();
            return answer;
        }
        slot.SessionId = id;
        slot.Password = password;
        _names[id] = $"s{session}.{slot.Generation}";
        foreach (var (scheme, proof) in slot.Proved)
            answer += $", {string.Join(' ', Exchange(session, [Authentication(scheme, proof)], []))}";
        return answer;
    }

    /// <summary>Credentials that the session gives again with each new connection.</summary>
    public void Remember(int session, string scheme, string proof) => _slots[session].Proved.Add((scheme, proof));

    public string Refused(int session, BadHandshakeKind kind)
    {
        var slot = _slots[session];
        slot.Drop();
        using var link = servers.Dial(session, slot.Moves);
        if (kind == BadHandshakeKind.TooShort)
        {
            link.Send(new byte[20]);
            return link.Receive() is null ? "closed" : "answered";
        }
        var (zxid, id, password) = kind switch
        {
            BadHandshakeKind.WrongPassword => (0L, slot.SessionId, Encoding.ASCII.GetBytes("not the password")),
            BadHandshakeKind.UnknownSession => (0L, 0x123456789L, new byte[16]),
            _ => (long.MaxValue, slot.SessionId, slot.Password),
        };
        var answer = Handshake(link, zxid, 60_000, id, password, true, out _, out _);
        return answer == "closed" ? answer : $"{answer}, {(link.Receive() is null ? "closed" : "answered")}";
    }

    /// <summary>
    /// Sends the requests at once and reads until all are answered: one line for each reply and each event, in the
    /// order in which they came.
    /// </summary>
    public List<string> Exchange(int session, IReadOnlyList<Operation> operations, IReadOnlyList<string> sequential)
    {
        var slot = _slots[session];
        Asked.Clear();
        Created.Clear();
        List<string> lines = [];
        if (slot.Link is null) return ["not connected"];
        CatchUp(session);
        lines.AddRange(slot.Pending);
        slot.Pending.Clear();

        var first = slot.Xid + 1;
        var frames = new List<byte>();
        foreach (var operation in operations)
        {
            var body = new Body(_run, sequential, Zxids);
            operation.Write(body);
            var bytes = operation.Keep < 0 ? body.Bytes : body.Bytes[..Math.Min(operation.Keep, body.Bytes.Length)];
            Asked.Add($"{operation.Code}{body.Text}{(operation.Keep < 0 ? "" : $" (cut to {bytes.Length} bytes)")}");
            frames.AddRange(Framed(++slot.Xid, operation.Code, bytes));
        }
        slot.Link.SendFramed([.. frames]);

        for (var next = 0; next < operations.Count;)
        {
            if (slot.Link.Receive() is not { } frame)
            {
                lines.Add("closed");
                slot.Drop();
                return lines;
            }
            var reply = Read(frame);
            if (reply.Xid == -1)
            {
                lines.Add(Event(reply));
                continue;
            }
            var operation = operations[next];
            var xid = operation.Code == Op.Ping ? -2 : first + next;
            lines.Add($"{(reply.Xid == xid ? "" : $"xid {reply.Xid} instead of {xid} ")}{Words(reply, operation)}");
            next++;
        }
        if (operations[^1].Closes)
        {
            lines.Add(slot.Link.Receive() is null ? "closed" : "not closed");
            slot.Drop();
        }
        return lines;
    }

    /// <summary>The connection breaks.</summary>
    public void Disconnect(int session) => _slots[session].Drop();

    /// <summary>Waits for an event; it and those before it are told with the next replies.</summary>
    public void Await(int session, string kind, string path)
    {
        var slot = _slots[session];
        var awaited = $"event {kind} \"{_run}{path}\"";
        while (!slot.Pending.Contains(awaited))
        {
            var frame = slot.Link?.Receive() ?? throw new TimeoutException("The connection was closed.");
            slot.Pending.Add(Event(Read(frame)));
        }
    }

    /// <summary>Notes the last change of the children of the run's znode, which the server made by itself.</summary>
    public void Learn(int session)
    {
        var stat = Ask(session, Op.Exists, body => body.Path(".").Flag("watch", false)).AsSpan(ReplyText.HeaderSize);
        Zxids.Add(BinaryPrimitives.ReadInt64BigEndian(stat[60..]));
    }

    /// <summary>What the server says until it closes the connection.</summary>
    public List<string> ReadToEnd(int session)
    {
        var slot = _slots[session];
        List<string> lines = [.. slot.Pending];
        slot.Pending.Clear();
        while (slot.Link?.Receive() is { } frame) lines.Add(Read(frame) is { Xid: -1 } told ? Event(told) : "a reply");
        lines.Add("closed");
        slot.Drop();
        return lines;
    }

    /// <summary>
    /// Waits until the session's server has what the other sessions have done, and the events of it are here: ours answers
    /// some requests without looking at the tree, and so before an event that is still on its way to the session. Not by
    /// sync: a follower of ZooKeeper 3.8 that is asked for many of them stops answering, sooner or later.
    /// </summary>
    void CatchUp(int session)
    {
        byte[] reply;
        do reply = Ask(session, Op.Exists, body => body.Path(".").Flag("watch", false));
        while (Read(reply).Zxid < Zxids.Last);
    }

    /// <summary>The reply to a request that is not compared; events are told with the next one that is.</summary>
    byte[] Ask(int session, Op code, Action<Body> write)
    {
        var slot = _slots[session];
        var body = new Body(_run, [], Zxids);
        write(body);
        slot.Link!.SendFramed(Framed(++slot.Xid, code, body.Bytes));
        while (true)
        {
            var frame = slot.Link.Receive() ?? throw new TimeoutException("The connection was closed.");
            var reply = Read(frame);
            if (reply.Xid != -1) return frame;
            slot.Pending.Add(Event(reply));
        }
    }

    ReplyText Read(byte[] frame)
    {
        var reply = new ReplyText(frame, Zxids, id => _names.GetValueOrDefault(id, "s?"));
        reply.ReadHeader();
        return reply;
    }

    string Event(ReplyText reply)
    {
        if (reply.Zxid != -1) _eventZxids.Add(reply.Zxid);
        return reply.Event();
    }

    /// <summary>The zxids of events so far that belong to no change.</summary>
    public string? StrayEvents()
    {
        var stray = _eventZxids.FirstOrDefault(zxid => Zxids.Name(zxid).EndsWith('+'));
        _eventZxids.Clear();
        return stray == 0 ? null : $"an event has zxid {stray}, which is no change's";
    }

    public void Dispose()
    {
        foreach (var slot in _slots) slot.Drop();
    }

    public static Operation Authentication(string scheme, string proof, bool closes = false)
        => new(Op.Auth,
            body => body.Int("type", 0).Word("scheme", scheme).Data(Encoding.UTF8.GetBytes(proof)), Closes: closes);

    string Words(ReplyText reply, Operation operation)
    {
        if (reply.Error == 0 && operation.Code == Op.Multi) reply.Parts();
        if (reply.Error == 0 && operation.Writes && !reply.PartFailed) Zxids.Add(reply.Zxid);
        var words = reply.Reply(operation.Code);
        if (operation.Code is Op.Create or Op.Create2 or Op.CreateTtl && IsSequential(reply.Created))
            Created.Add(reply.Created!);
        return words;
    }

    static bool IsSequential(string? path) => path is { Length: > 10 } && path[^10..].All(char.IsAsciiDigit);

    static string Handshake(
        Link link, long zxid, int timeoutMs, long id, byte[] password, bool knowsReadOnly,
        out long session, out byte[] secret)
    {
        session = 0;
        secret = [];
        var request = new byte[44 + (knowsReadOnly ? 1 : 0)];
        BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(4), zxid);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(12), timeoutMs);
        BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(16), id);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(24), 16);
        password.CopyTo(request, 28);
        link.Send(request);
        if (link.Receive() is not { } answer) return "closed";
        if (answer.Length < 36) return $"an answer of {answer.Length} bytes";
        var timeout = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4));
        session = BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8));
        secret = answer[20..36];
        var same = id == 0 ? "new" : session == id && secret.AsSpan().SequenceEqual(password) ? "same" : "other";
        if (session == 0) same = secret.All(b => b == 0) ? "invalid" : "invalid, with a password";
        return string.Create(CultureInfo.InvariantCulture,
            $"{same} session, timeout={timeout} {answer.Length} bytes{(answer.Length > 36 && answer[36] != 0 ? " ro" : "")}");
    }

    static byte[] Framed(int xid, Op code, byte[] body)
    {
        var frame = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 8 + body.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), code == Op.Ping ? -2 : xid);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), (int)code);
        body.CopyTo(frame, 12);
        return frame;
    }

    sealed class Slot
    {
        public Link? Link { get; set; }
        public long SessionId { get; set; }
        public byte[] Password { get; set; } = new byte[16];
        public int Generation { get; set; } = -1;
        public int Xid { get; set; }

        /// <summary>How many connections there were.</summary>
        public int Moves { get; set; }

        /// <summary>Events that came while something else was waited for.</summary>
        public List<string> Pending { get; } = [];
        public List<(string Scheme, string Proof)> Proved { get; } = [];

        public void Drop()
        {
            Link?.Dispose();
            Link = null;
            Pending.Clear();
        }
    }
}
