using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Server.Tests;

/// <summary>The answer of a server: its error code and its body.</summary>
internal sealed record RawReply(long Zxid, int Error, byte[] Body);

/// <summary>
/// ZooKeeper's protocol, spoken by hand: one connection at a time, one request at a time. When its connection breaks it
/// goes to the next server with the same session.
/// </summary>
internal sealed class RawClient(IReadOnlyList<int> ports) : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    TcpClient? _connection;
    byte[] _password = new byte[16];
    long _lastZxid;
    int _next;
    int _xid;

    public long SessionId { get; private set; }

    /// <summary>Whether a server called the session invalid.</summary>
    public bool Expired { get; private set; }

    /// <summary>How often a connection was made.</summary>
    public int Connections { get; private set; }

    /// <summary>Connects to a server that takes the session, trying one after the other.</summary>
    public async Task ConnectAsync(CancellationToken stop = default)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (await TryConnectAsync(ports[_next++ % ports.Count], stop)) return;
            // A server that is down refuses at once; not to dial it a thousand times a second.
            await Task.Delay(10, stop);
        }
    }

    /// <summary>Sends a request; null if the connection broke, and it is not known what became of it.</summary>
    public async Task<RawReply?> CallAsync(
        int type, Action<BinaryWriter>? body = null, CancellationToken stop = default)
    {
        if (_connection is null) await ConnectAsync(stop);
        using var frame = new MemoryStream();
        var writer = new BinaryWriter(frame);
        Int(writer, ++_xid);
        Int(writer, type);
        body?.Invoke(writer);
        try
        {
            await SendAsync(frame.ToArray(), stop);
            while (true)
            {
                var reply = await ReceiveAsync(stop);
                var xid = BinaryPrimitives.ReadInt32BigEndian(reply);
                if (xid == -1) continue;
                if (xid != _xid) throw new InvalidDataException($"The reply has xid {xid}, not {_xid}.");
                var zxid = BinaryPrimitives.ReadInt64BigEndian(reply.AsSpan(4));
                if (zxid > 0) _lastZxid = Math.Max(_lastZxid, zxid);
                return new RawReply(zxid, BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12)), reply[16..]);
            }
        }
        catch (Exception e) when (IsBroken(e, stop))
        {
            Drop();
            return null;
        }
    }

    public Task<RawReply?> CreateAsync(string path, byte[] data, int flags = 0, CancellationToken stop = default)
        => CallAsync(
            1,
            w =>
            {
                Str(w, path);
                Buffer(w, data);
                Int(w, 1);
                Int(w, 31);
                Str(w, "world");
                Str(w, "anyone");
                Int(w, flags);
            },
            stop);

    public Task<RawReply?> SetAsync(string path, byte[] data, int version = -1)
        => CallAsync(5, w => { Str(w, path); Buffer(w, data); Int(w, version); });

    public Task<RawReply?> SyncAsync() => CallAsync(9, w => Str(w, "/"));

    /// <summary>Data and stat of a znode.</summary>
    public Task<RawReply?> GetAsync(string path) => CallAsync(4, w => { Str(w, path); w.Write(false); });

    public async Task<List<string>> ChildrenAsync(string path)
    {
        var reply = await CallAsync(8, w => { Str(w, path); w.Write(false); });
        if (reply is not { Error: 0 }) throw new InvalidDataException($"The children of {path}: {reply?.Error}.");
        var names = new List<string>();
        var at = 4;
        for (var count = BinaryPrimitives.ReadInt32BigEndian(reply.Body); count > 0; count--)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(reply.Body.AsSpan(at));
            names.Add(Encoding.UTF8.GetString(reply.Body, at + 4, length));
            at += 4 + length;
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>
    /// Every znode below <paramref name="path"/> with its data and stat, as lines that can be compared.
    /// </summary>
    public async Task<List<string>> DumpAsync(string path = "/")
    {
        var lines = new List<string>();
        var reply = await GetAsync(path);
        if (reply is not { Error: 0 }) throw new InvalidDataException($"{path}: {reply?.Error}.");
        lines.Add($"{path} {Convert.ToHexString(reply.Body)}");
        foreach (var name in await ChildrenAsync(path))
            lines.AddRange(await DumpAsync(path == "/" ? $"/{name}" : $"{path}/{name}"));
        return lines;
    }

    /// <summary>Closes the session.</summary>
    public async Task CloseAsync()
    {
        await CallAsync(-11);
        Drop();
    }

    public void Dispose() => Drop();

    public static void Int(BinaryWriter writer, int value) => writer.Write(BinaryPrimitives.ReverseEndianness(value));

    public static void Long(BinaryWriter writer, long value) => writer.Write(BinaryPrimitives.ReverseEndianness(value));

    public static void Buffer(BinaryWriter writer, byte[] value)
    {
        Int(writer, value.Length);
        writer.Write(value);
    }

    public static void Str(BinaryWriter writer, string value) => Buffer(writer, Encoding.UTF8.GetBytes(value));

    async Task<bool> TryConnectAsync(int port, CancellationToken stop)
    {
        Drop();
        try
        {
            _connection = new TcpClient { NoDelay = true };
            await _connection.ConnectAsync("127.0.0.1", port, stop);
            using var frame = new MemoryStream();
            var writer = new BinaryWriter(frame);
            Int(writer, 0);
            Long(writer, _lastZxid);
            Int(writer, 10_000);
            Long(writer, SessionId);
            Buffer(writer, _password);
            writer.Write(false);
            await SendAsync(frame.ToArray(), stop);
            var reply = await ReceiveAsync(stop);
            var id = BinaryPrimitives.ReadInt64BigEndian(reply.AsSpan(8));
            if (BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(4)) <= 0)
            {
                Expired = true;
                throw new InvalidDataException($"Session 0x{SessionId:x} has expired.");
            }
            SessionId = id;
            _password = reply[20..36];
            Connections++;
            return true;
        }
        catch (Exception e) when (IsBroken(e, stop))
        {
            Drop();
            return false;
        }
    }

    static bool IsBroken(Exception e, CancellationToken stop)
        => e is IOException or SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested);

    async Task SendAsync(byte[] frame, CancellationToken stop)
    {
        var bytes = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        await _connection!.GetStream().WriteAsync(bytes, stop);
    }

    async Task<byte[]> ReceiveAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_patience);
        var stream = _connection!.GetStream();
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, limit.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame, limit.Token);
        return frame;
    }

    void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
