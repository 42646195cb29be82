using System.Buffers.Binary;
using Akka.Zab.ZooKeeper.Tests.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>
/// What a client may send that means no good: noise, frames that were cut, flipped or blown up, and valid ones in an
/// order that makes no sense. The same seed gives the same bytes.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="longestFrame">What the server takes.</param>
/// <param name="victim">A session that belongs to somebody else.</param>
internal sealed class FuzzFrames(int seed, int longestFrame, long victim)
{
    static readonly int[] _types =
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 100, 101, 102, 103, 104, 105, 106,
         107, 1001, 1002, 1003, 1004, -10, -11, -1, 0, 10, 999, int.MinValue];

    static readonly string?[] _paths =
        ["/", "/a", "/a/b", "/a/b/c", "/live", "/live/child", "/zookeeper", "/zookeeper/quota", "/zookeeper/config", "",
         "a", "//", "/a/", "/a//b", "/.", "/..", "/a\0", "/\u0001", null, "/\ud800x", "/s-", "/e"];

    readonly Random _random = new(seed);
    int _xid;
    bool _keepsGoing;

    /// <summary>
    /// How many frames to send on this connection. Most connections send nonsense that the server answers, without
    /// anything that ends the connection, so that there is much of it; the others send anything, and few come far.
    /// </summary>
    public int Length => _keepsGoing ? _random.Next(20, 200) : _random.Next(1, 8);

    /// <summary>Something instead of a handshake now and then, else one.</summary>
    /// <param name="isWhole">Whether the server answers it, by a word or by closing the connection.</param>
    public byte[] Handshake(out bool isWhole)
    {
        isWhole = true;
        _keepsGoing = _random.Next(10) < 7;
        if (_keepsGoing) return Frame.Connect(timeout: 1000 + _random.Next(5000));
        switch (_random.Next(12))
        {
            case 0:
                isWhole = false;
                return Noise(_random.Next(100));
            case 1:
                isWhole = false;
                return Flip(Frame.Connect());
            case 2:
                isWhole = false;
                return Cut(Frame.Connect());
            case 3:
                return Frame.Connect(session: victim, password: Noise(16), timeout: 1000);
            case 4:
                return Frame.Connect(
                    session: Long(), password: Noise(_random.Next(40)), timeout: Int(), lastZxid: Long(), readOnly: null);
            case 5:
                return Word();
            default:
                return Frame.Connect(timeout: 1000 + _random.Next(5000), readOnly: _random.Next(2) == 0);
        }
    }

    /// <summary>Now and then something instead of TLS; mostly nothing.</summary>
    public byte[]? InsteadOfTls() => _random.Next(15) switch
    {
        0 => Noise(1 + _random.Next(600)),
        1 => Flip([.. TlsFiles.Hello], from: _random.Next(2) == 0 ? 0 : 5),
        2 => Cut([.. TlsFiles.Hello]),
        3 => Frame.Connect(),
        4 => [.. TlsFiles.Hello, .. Noise(_random.Next(300))],
        _ => null,
    };

    /// <summary>What follows the handshake.</summary>
    public byte[] Next()
    {
        if (_keepsGoing) return Answerable();
        switch (_random.Next(20))
        {
            case 0:
                return Noise(1 + _random.Next(200));
            case 1:
                return new Frame().Buffer(Noise(_random.Next(300))).Bytes;
            case 2:
                return Cut(Valid());
            case 3 or 4 or 5 or 6:
                return Flip(Valid());
            case 7:
                return TooLong();
            case 8:
                return Resized(Valid());
            case 9:
                return Frame.Connect();
            default:
                return Valid();
        }
    }

    byte[] Answerable()
    {
        switch (_random.Next(20))
        {
            case 0:
                return Frame.Request(++_xid, Type()).Buffer(Noise(_random.Next(300))).WithLength();
            case 1 or 2 or 3 or 4 or 5 or 6:
                // Behind length, xid and type: those stay as they are.
                return Flip(Valid(), from: 12);
            case 7:
                var frame = Valid();
                frame = frame[..Math.Max(12, _random.Next(frame.Length))];
                BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
                return frame;
            case 8 when _random.Next(20) == 0:
                var tooLong = new byte[longestFrame + 5 + _random.Next(1000)];
                BinaryPrimitives.WriteInt32BigEndian(tooLong, tooLong.Length - 4);
                return tooLong;
            default:
                return Valid();
        }
    }

    int Type()
    {
        while (true)
        {
            var type = _types[_random.Next(_types.Length)];
            // These end the connection.
            if (!_keepsGoing || type is not (-10 or -11 or -1 or 0 or 10 or 13 or 20 or 999 or int.MinValue)) return type;
        }
    }

    byte[] Valid()
    {
        var type = Type();
        var frame = Frame.Request(_random.Next(10) == 0 ? Int() : ++_xid, type);
        return (type switch
        {
            1 or 15 or 19 => Create(frame),
            21 => Create(frame).Long(Long()),
            2 or 13 => frame.String(Path()).Int(Version()),
            5 => frame.String(Path()).Buffer(Noise(_random.Next(50))).Int(Version()),
            7 => Acl(frame.String(Path())).Int(Version()),
            3 or 4 or 8 or 12 => frame.String(Path()).Bool(_random.Next(2) == 0),
            14 or 22 => Multi(frame),
            16 => frame.String(null).String("1").String(null).Long(-1),
            17 or 18 or 106 => frame.String(Path()).Int(_random.Next(8)),
            1001 => frame.Int(Int()),
            1002 => frame.String(Path()).String(Path()).Int(_random.Next(4) == 0 ? Int() : _random.Next(20)),
            1003 => frame.String(Path()).Int(_random.Next(3)).Long(Long()),
            20 => frame.String(Path()),
            100 => frame.Int(0).String(_keepsGoing ? "digest" : Scheme()).Buffer(Noise(_random.Next(20))),
            101 => frame.Long(Long()).Strings(Paths()).Strings(Paths()).Strings(Paths()),
            105 => frame.Long(Long()).Strings(Paths()).Strings(Paths()).Strings(Paths()).Strings(Paths())
                .Strings(Paths()),
            102 => frame.Buffer(Token()),
            11 or 107 or -11 => frame,
            _ => frame.String(Path()),
        }).WithLength();
    }

    byte[] Token() => _random.Next(4) switch
    {
        0 => Noise(20),
        1 => Flip(System.Text.Encoding.Latin1.GetBytes(
            "charset=utf-8,username=\"bob\",realm=\"zk-sasl-md5\",nonce=\"x\",nc=00000001,cnonce=\"y\"," +
            "digest-uri=\"zookeeper/zk-sasl-md5\",response=00000000000000000000000000000000,qop=auth"), from: 0),
        _ => [],
    };

    Frame Create(Frame frame)
        => Acl(frame.String(Path()).Buffer(Noise(_random.Next(50)))).Int(_random.Next(10) == 0 ? Int() : _random.Next(8));

    Frame Acl(Frame frame)
    {
        if (_random.Next(2) == 0) return frame.OpenAcl();
        var count = _random.Next(4);
        frame.Int(_random.Next(20) == 0 ? Int() : count);
        for (var i = 0; i < count; i++) frame.Int(_random.Next(64)).String(Scheme()).String(_random.Next(2) == 0 ? "anyone" : "x:y");
        return frame;
    }

    Frame Multi(Frame frame)
    {
        for (var i = _random.Next(5); i > 0; i--)
        {
            var type = _types[_random.Next(_types.Length)];
            frame.Op(type);
            if (type is 1 or 15 or 19) Create(frame);
            else if (type == 5) frame.String(Path()).Buffer(Noise(5)).Int(Version());
            else if (type is 4 or 8) frame.String(Path()).Bool(true);
            else frame.String(Path()).Int(Version());
        }
        return _random.Next(8) == 0 ? frame : frame.Done();
    }

    byte[] TooLong()
    {
        var length = _random.Next(4) switch
        {
            0 => Int(),
            1 => longestFrame * 16,
            _ => longestFrame + 1 + _random.Next(longestFrame),
        };
        var bytes = new byte[Math.Clamp(length, 8, longestFrame * 2) + 4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return _random.Next(2) == 0 ? bytes : bytes[.._random.Next(4, 12)];
    }

    byte[] Flip(byte[] frame) => Flip(frame, from: _random.Next(4) == 0 ? 0 : 4);

    byte[] Flip(byte[] frame, int from)
    {
        for (var i = 1 + _random.Next(8); i > 0 && from < frame.Length; i--)
            frame[_random.Next(from, frame.Length)] ^= (byte)(1 << _random.Next(8));
        return frame;
    }

    byte[] Cut(byte[] frame) => frame[.._random.Next(frame.Length)];

    // A length that the frame does not have.
    byte[] Resized(byte[] frame)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4 + _random.Next(-20, 20));
        return frame;
    }

    byte[] Noise(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    static byte[] Word() => "wchs"u8.ToArray();

    string? Path() => _paths[_random.Next(_paths.Length)];

    string[] Paths() => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Path() ?? "/")];

    string Scheme() => _random.Next(6) switch { 0 => "digest", 1 => "ip", 2 => "auth", 3 => "x509", 4 => "sasl", _ => "world" };

    int Version() => _random.Next(3) - 1;

    int Int() => unchecked((int)_random.NextInt64());

    long Long() => _random.Next(3) == 0 ? _random.Next(10) : _random.NextInt64(long.MinValue, long.MaxValue);
}
