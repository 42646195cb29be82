using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Zab.ZooKeeper.Tests.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>A reply as it came.</summary>
internal sealed record RawReply(int Xid, long Zxid, int Error, byte[] Body);

/// <summary>A ZooKeeper client by hand: frames as they are, over any stream.</summary>
internal sealed class RawSession(Stream stream) : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    readonly List<RawReply> _events = [];
    int _xid;

    public long SessionId { get; private set; }

    public byte[] Password { get; private set; } = [];

    public int TimeoutMs { get; private set; }

    /// <summary>Events that came while replies were waited for.</summary>
    public IReadOnlyList<RawReply> Events => _events;

    public static async Task<Stream> DialAsync(IPEndPoint endpoint)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(endpoint);
        return client.GetStream();
    }

    public static async Task<RawSession> OpenAsync(IPEndPoint endpoint, int timeoutMs = 30_000)
    {
        var session = new RawSession(await DialAsync(endpoint));
        await session.ConnectAsync(timeoutMs);
        return session;
    }

    public static async Task<string> WordAsync(IPEndPoint endpoint, string word)
    {
        await using var stream = await DialAsync(endpoint);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(word));
        using var all = new MemoryStream();
        await stream.CopyToAsync(all).WaitAsync(_patience);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>The handshake. A timeout of 0 in the answer means that the session is not valid.</summary>
    public async Task ConnectAsync(int timeoutMs = 30_000, long session = 0, byte[]? password = null, bool readOnly = false)
    {
        await stream.WriteAsync(Frame.Connect(session, password, timeoutMs, readOnly: readOnly));
        var answer = await FrameAsync() ?? throw new EndOfStreamException("The connection was closed.");
        TimeoutMs = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4));
        SessionId = BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8));
        Password = answer[20..36];
        ReadOnly = answer[36] != 0;
    }

    public bool ReadOnly { get; private set; }

    /// <summary>Sends a request and gives its reply; events are kept.</summary>
    public async Task<RawReply> CallAsync(int type, Func<Frame, Frame>? body = null)
    {
        await SendAsync(type, body);
        return await ReplyAsync();
    }

    public async Task<int> SendAsync(int type, Func<Frame, Frame>? body = null)
    {
        var frame = Frame.Request(++_xid, type);
        await WriteAsync((body?.Invoke(frame) ?? frame).WithLength());
        return _xid;
    }

    public async Task WriteAsync(byte[] bytes) => await stream.WriteAsync(bytes);

    /// <summary>The next reply that is no event; null at the end of the connection.</summary>
    public async Task<RawReply?> NextAsync()
    {
        var frame = await FrameAsync();
        return frame is null ? null : new RawReply(
            BinaryPrimitives.ReadInt32BigEndian(frame), BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(4)),
            BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(12)), frame[16..]);
    }

    public async Task<RawReply> ReplyAsync()
    {
        while (true)
        {
            var reply = await NextAsync() ?? throw new EndOfStreamException("The connection was closed.");
            if (reply.Xid != -1) return reply;
            _events.Add(reply);
        }
    }

    public async Task<int> CreateAsync(string path, byte[]? data = null, int flags = 0)
        => (await CallAsync(1, frame => frame.String(path).Buffer(data ?? []).OpenAcl().Int(flags))).Error;

    public async Task<int> SetAsync(string path, byte[]? data, int version = -1)
        => (await CallAsync(5, frame => frame.String(path).Buffer(data).Int(version))).Error;

    public async Task<int> DeleteAsync(string path)
        => (await CallAsync(2, frame => frame.String(path).Int(-1))).Error;

    public async Task<string?> GetAsync(string path)
    {
        var reply = await CallAsync(4, frame => frame.String(path).Bool(false));
        if (reply.Error != 0) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(reply.Body);
        return length < 0 ? null : Encoding.UTF8.GetString(reply.Body, 4, length);
    }

    public void Dispose() => stream.Dispose();

    async Task<byte[]?> FrameAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, patience.Token) < 4) return null;
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame, patience.Token);
        return frame;
    }
}
