using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Client.Jute;
using Akka.Zab.Client.Sasl;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>Visits to a server, each on a connection of its own, and what came of each in words.</summary>
internal sealed class SaslVisits(int port)
{
    // Not among them is the count of uses, nc, which ZooKeeper does not look at: ours takes an answer without, or with
    // another than the first, for none.
    static readonly (string Part, string Instead)[] _changes =
    [
        (",qop=auth", ""), ("qop=auth", "qop=auth-int"),
        ("realm=\"zk-sasl-md5\",", ""), ("realm=\"zk-sasl-md5\"", "realm=\"elsewhere\""),
        ("zookeeper/zk-sasl-md5", "zookeeper/elsewhere"), ("zookeeper/zk-sasl-md5", "imap/zk-sasl-md5"),
        ("username=\"bob\"", "username=\"Bob\""), ("username=\"bob\",", ""), ("cnonce=\"", "cnonce=\"x"),
        ("response=", "response=0"), ("charset=utf-8,", ""), ("charset=utf-8,", "charset=utf-8,maxbuf=65536,"),
        ("charset=utf-8,", "charset=utf-8, unknown=\"x\" , "), ("nonce=\"", "nonce=\"A"), ("\"bob\"", "\"bob"),
        ("charset=utf-8,", "charset=utf-8,charset=utf-8,"), ("charset=utf-8", "charset=latin-1"),
    ];

    readonly List<string> _visits = [];
    readonly List<string> _said = [];
    Link _link = null!;
    int _xid;

    public IReadOnlyList<string> All()
    {
        Visit("a login", () => LogIn("bob", "secret") && Is(WhoAmI()) && Is(Create("/bob", "auth", "")) && Is(Acl("/bob"))
            && Is(Create("/alice", "sasl", "alice")) && Is(Set("/alice")));
        Visit("another", () => LogIn("alice", "geheim") && Is(Set("/alice")) && Is(Set("/bob")));
        Visit("one named super", () => LogIn("super", "sesame") && Is(WhoAmI()) && Is(Set("/alice")) && Is(Set("/bob"))
            && Is(Create("/digest", "digest", "x:y")) && Is(Set("/digest")));
        Visit("the superuser", () => LogIn("root", "toor") && Is(WhoAmI()) && Is(Set("/digest")));
        Visit("nobody", () => Is(Set("/bob")) && Is(WhoAmI()));
        Visit("nobody pings", () => Is(Ping()) && Is(Ping()));
        Visit("nobody closes", () => Is(Call(Op.CloseSession)));
        Visit("nobody sends nonsense", () => Is(Call((Op)999)));
        Visit("digest", () => Is(Auth("bob:secret")) && Is(WhoAmI()) && Is(Exists("/")));
        Visit("digest, then a login", () => Is(Auth("bob:pw")) && LogIn("bob", "secret") && Is(WhoAmI())
            && Is(Create("/both", "auth", "")) && Is(Set("/both")) && Is(Call(Op.Delete, (ref writer) => Path(ref writer, "/both", -1))));
        Visit("ids", () => LogIn("bob", "secret") && Array.TrueForAll(
            ["a", "", "a/b", "a@R", "a/b@R", "a@R@S", "a/b/c@R", "a@R/b", "a/b/c"], id => Is(Create("/x", "sasl", id))
                && Is(Call(Op.Delete, (ref writer) => Path(ref writer, "/x", -1)))));
        Visit("a wrong password", () => LogIn("bob", "wrong") && Is(WhoAmI()));
        // ZooKeeper 3.8.0 may take the password of another user for that of one it does not know.
        Visit("nobody's name", () => LogIn("eve", "anything") && Is(WhoAmI()));
        Visit("requests behind a failure", () => LogIn("bob", "wrong", Op.Ping) && Is(WhoAmI()));
        Visit("no challenge awaited", () => IsToken(Sasl([1, 2, 3])) && Is(WhoAmI()));
        Visit("nothing for an answer", () => IsToken(Sasl([])) && Is(Sasl([])) && Is(WhoAmI()));
        Visit("noise for an answer", () => IsToken(Sasl([])) && Is(Sasl([1, 2, 3])) && Is(WhoAmI()));
        Visit("a long answer", () => IsToken(Sasl([])) && Is(Sasl(new byte[5000])) && Is(WhoAmI()));
        Visit("a second login", () => LogIn("bob", "secret") && Is(Sasl([])) && Is(WhoAmI()));
        foreach (var (part, instead) in _changes)
        {
            Visit($"\"{part}\" becomes \"{instead}\"", () => LogIn("bob", "secret", change: (part, instead)) && Is(WhoAmI()));
        }
        return _visits;
    }

    /// <summary>What a client is told that begins with this token.</summary>
    public static int ErrorOf(int port, byte[] token)
    {
        var visits = new SaslVisits(port);
        byte[]? reply = null;
        visits.Visit("a token", () => (reply = visits.Receive(visits.Send(Op.Sasl, (ref writer) => writer.Buffer(token)))) is null);
        return BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
    }

    void Visit(string what, Func<bool> visit)
    {
        _said.Clear();
        using (_link = new Link(port))
        {
            var request = new byte[45];
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(12), 60_000);
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(24), 16);
            _link.Send(request);
            Assert.NotNull(_link.Receive());
            visit();
        }
        _visits.Add($"{what}: {string.Join(" | ", _said)}");
    }

    /// <summary>False where the visit is over.</summary>
    bool Is(string line)
    {
        _said.Add(line);
        return line != "closed";
    }

    // A challenge is like no other.
    bool IsToken(string line) => Is(line.EndsWith("null", StringComparison.Ordinal) ? line : "a token");

    bool LogIn(string user, string password, Op? also = null, (string Part, string Instead)? change = null)
    {
        var client = new DigestMd5Client(
            new SaslCredentials(user, password), static bytes => RandomNumberGenerator.Fill(bytes));
        var challenge = Send(Op.Sasl, static (ref writer) => writer.Buffer([])) is var xid ? Receive(xid) : null;
        if (challenge is not { Length: > 20 }) return Is(Words(challenge));
        var answer = client.Take(challenge.AsSpan(20)).Token!;
        if (change is var (part, instead))
        {
            var text = Encoding.Latin1.GetString(answer);
            Assert.Contains(part, text);
            answer = Encoding.Latin1.GetBytes(text.Replace(part, instead));
        }
        xid = Send(Op.Sasl, (ref writer) => writer.Buffer(answer));
        if (also is { } operation) Send(operation);
        var reply = Receive(xid);
        // The server's proof is checked, and is like no other.
        var proved = reply is { Length: > 20 } ? $" {client.Take(reply.AsSpan(20)).State}" : "";
        return Is(proved.Length > 0 ? "logged in:" + proved : Words(reply)) && (also is null || Is(Words(_link.Receive())));
    }

    string Sasl(byte[] token) => Call(Op.Sasl, (ref writer) => writer.Buffer(token));

    string Auth(string credentials) => Call(Op.Auth, (ref writer) =>
    {
        writer.Int(0);
        writer.String("digest");
        writer.Buffer(Encoding.UTF8.GetBytes(credentials));
    });

    string Ping() => Call(Op.Ping);

    string WhoAmI()
    {
        var reply = Receive(Send(Op.WhoAmI));
        if (reply is not { Length: > 16 }) return Words(reply);
        var reader = new JuteReader(reply.AsSpan(16));
        var ids = new string[reader.ReadInt()];
        for (var i = 0; i < ids.Length; i++) ids[i] = $"{reader.ReadString()}:{reader.ReadString()}";
        // ZooKeeper has them in the order of a hash table.
        return string.Join(", ", ids.Order(StringComparer.Ordinal));
    }

    string Exists(string path) => Words(Receive(Send(Op.Exists, (ref writer) =>
    {
        writer.String(path);
        writer.Bool(false);
    })), withBody: false);

    string Acl(string path) => Call(Op.GetAcl, (ref writer) => writer.String(path), bodyUpTo: 4 + 4 + 8 + 7);

    string Set(string path) => Words(Receive(Send(Op.SetData, (ref writer) =>
    {
        writer.String(path);
        writer.Buffer([1]);
        writer.Int(-1);
    })), withBody: false);

    string Create(string path, string scheme, string id) => Call(Op.Create, (ref writer) =>
    {
        writer.String(path);
        writer.Buffer([]);
        writer.Int(1);
        writer.Int(31);
        writer.String(scheme);
        writer.String(id);
        writer.Int(0);
    });

    static void Path(ref JuteWriter writer, string path, int version)
    {
        writer.String(path);
        writer.Int(version);
    }

    string Call(Op operation, WriteBody? body = null, int bodyUpTo = int.MaxValue)
        => Words(Receive(Send(operation, body)), bodyUpTo: bodyUpTo);

    int Send(Op operation, WriteBody? body = null)
    {
        var frame = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new JuteWriter(frame);
        writer.Begin(10_000);
        writer.Int(operation == Op.Ping ? -2 : ++_xid);
        writer.Int((int)operation);
        body?.Invoke(ref writer);
        writer.End();
        writer.Flush();
        _link.SendFramed(frame.WrittenSpan.ToArray());
        return operation == Op.Ping ? -2 : _xid;
    }

    byte[]? Receive(int xid)
    {
        var reply = _link.Receive();
        if (reply is not null) Assert.Equal(xid, BinaryPrimitives.ReadInt32BigEndian(reply));
        return reply;
    }

    // Zxids are compared as far as they are 0 or not: a ZooKeeper's failed writes take some.
    static string Words(byte[]? reply, bool withBody = true, int bodyUpTo = int.MaxValue)
    {
        if (reply is null) return "closed";
        var zxid = BinaryPrimitives.ReadInt64BigEndian(reply.AsSpan(4));
        var error = BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
        var body = reply.AsSpan(16);
        var text = body.Length == 4 && BinaryPrimitives.ReadInt32BigEndian(body) == -1
            ? "null"
            : string.Concat(body[..Math.Min(body.Length, bodyUpTo)].ToArray().Select(b => b is > 31 and < 127 ? $"{(char)b}" : $"<{b}>"));
        return $"err={error} zxid{(zxid == 0 ? "=" : "!=")}0 {(withBody ? text : "")}";
    }

    delegate void WriteBody(ref JuteWriter writer);
}
