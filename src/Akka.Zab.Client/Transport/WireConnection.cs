using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client.Jute;

namespace Akka.Zab.Client.Transport;

/// <summary>
/// One connection to a server that speaks ZooKeeper's protocol. To its client it is what a session's actor is: it takes
/// <see cref="Connect"/> and <see cref="ClientRequests"/>, and gives <see cref="Connected"/> or
/// <see cref="ConnectRefused"/>, then <see cref="ClientOutputs"/> and at the end <see cref="Disconnected"/>. It lives
/// as long as its connection.
/// </summary>
internal sealed class WireConnection : UntypedActor
{
    private sealed class UnderWay(int xid, int wireXid, Request request)
    {
        public int Xid => xid;

        public int WireXid => wireXid;

        public Request Request => request;

        public long Zxid { get; set; }

        public Reply? Reply { get; set; }
    }

    private readonly DnsEndPoint _server;
    private readonly ZabClientOptions _options;
    private readonly WireSocket _socket;
    private readonly Queue<UnderWay> _underWay = new();
    private readonly List<ClientOutput> _outputs = [];
    private ArrayBufferWriter<byte> _gathering = new();
    private ArrayBufferWriter<byte> _leaving = new();
    private IActorRef _client = ActorRefs.Nobody;
    private Connect? _connect;
    private bool _open;
    private bool _extended;
    private bool _writing;
    private bool _closed;

    public WireConnection(DnsEndPoint server, ZabClientOptions options)
    {
        _server = server;
        _options = options;
        _socket = new WireSocket(Self, options.MaxFrame);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Connect connect when _connect is null:
                _client = Sender;
                _connect = connect;
                _ = _socket.RunAsync(_server, _options.Tls);
                break;
            case WireSocket.Open:
                WireRequests.Handshake(_gathering, _connect!);
                Write();
                break;
            case WireSocket.Frames frames:
                OnFrames(frames.Bytes.Span);
                break;
            case WireSocket.Written:
                _writing = false;
                Write();
                break;
            case WireSocket.Ended ended:
                End(ended.Why);
                break;
            case ClientRequests requests when _open:
                OnRequests(requests.Requests);
                break;
            case Detach:
                Context.Stop(Self);
                break;
        }
    }

    protected override void PostStop() => _socket.Dispose();

    private void OnRequests(NumberedRequest[] requests)
    {
        var writer = new JuteWriter(_gathering);
        foreach (var request in requests)
        {
            var sent = new UnderWay(request.Xid, WireRequests.WireXid(request), request.Operation);
            _underWay.Enqueue(sent);
            if (WireRequests.Has(request.Operation, _extended)) WireRequests.Write(ref writer, request);
            else sent.Reply = new ErrorReply(ZabError.Unimplemented);
        }
        writer.Flush();
        Write();
        Release();
    }

    private void Write()
    {
        if (_writing || _gathering.WrittenCount == 0) return;
        (_gathering, _leaving) = (_leaving, _gathering);
        _gathering.ResetWrittenCount();
        _writing = true;
        _ = _socket.WriteAsync(_leaving.WrittenMemory);
    }

    private void OnFrames(ReadOnlySpan<byte> frames)
    {
        while (frames.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(frames);
            var frame = frames.Slice(sizeof(int), length);
            frames = frames[(sizeof(int) + length)..];
            if (_open ? OnFrame(frame) : OnHandshake(frame)) continue;
            End("it does not keep to ZooKeeper's protocol");
            return;
        }
        Release();
    }

    private bool OnHandshake(ReadOnlySpan<byte> frame)
    {
        var session = WireReplies.Handshake(frame, out _extended, out var malformed);
        if (malformed) return false;
        if (session is not var (id, secret, timeout, readOnly))
        {
            _client.Tell(new ConnectRefused(DisconnectReason.SessionExpired), Self);
            _client = ActorRefs.Nobody;
            Context.Stop(Self);
            return true;
        }
        _open = true;
        var connected = new Connected(id, secret, timeout, Self)
        {
            ReadOnly = readOnly,
            LastZxidSeen = _connect!.LastZxidSeen,
        };
        _client.Tell(connected, Self);
        return true;
    }

    private bool OnFrame(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var header = WireReplies.ReadHeader(ref reader);
        if (header.Xid == WireRequests.EventXid)
        {
            _outputs.Add(new ClientOutput(-1, header.Zxid, WireReplies.Event(ref reader, header.Zxid)));
            return !reader.Malformed;
        }
        if (Find(header.Xid) is not { } answered) return false;
        answered.Reply = WireReplies.Read(ref reader, answered.Request, header.Error);
        answered.Zxid = header.Zxid;
        Advance();
        return !reader.Malformed;
    }

    /// <summary>The request that a reply is for: the first; only credentials may be answered out of turn.</summary>
    private UnderWay? Find(int wireXid)
    {
        foreach (var request in _underWay)
        {
            if (request.Reply is not null) continue;
            if (request.WireXid == wireXid) return request;
            if (wireXid != WireRequests.AuthXid && request.WireXid != WireRequests.AuthXid) return null;
        }
        return null;
    }

    /// <summary>Takes the answers whose turn it is, so that they stand in order with the events.</summary>
    private void Advance()
    {
        while (_underWay.TryPeek(out var next) && next.Reply is { } reply)
        {
            _underWay.Dequeue();
            _outputs.Add(new ClientOutput(next.Xid, next.Zxid, reply));
            _closed |= next.Request is CloseSession;
        }
    }

    private void Release()
    {
        Advance();
        if (_outputs.Count == 0) return;
        _client.Tell(new ClientOutputs(_outputs.ToArray()), Self);
        _outputs.Clear();
        if (_closed) End("the session was closed");
    }

    private void End(string why)
    {
        if (!_client.IsNobody())
        {
            Context.GetLogger().Debug("The connection to {0}:{1} has ended: {2}.", _server.Host, _server.Port, why);
            var reason = _closed ? DisconnectReason.Closed : DisconnectReason.NotServing;
            _client.Tell(_open ? new Disconnected(reason) : new ConnectRefused(reason), Self);
        }
        _client = ActorRefs.Nobody;
        Context.Stop(Self);
    }
}
