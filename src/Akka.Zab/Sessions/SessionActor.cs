using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>
/// One connection of one client, wherever it comes from. It opens or reattaches the session, passes reads to the
/// replica and writes to the peer as they come, a run in one message, and gives the client its replies in the order of
/// its requests with the watch events between them. It ends with the connection; the session lives on until it is
/// closed or expires. What is special about a session that only this server knows is in SessionActor.Local.cs.
/// </summary>
internal sealed partial class SessionActor : UntypedActor
{
    private static readonly Identity _everything = new(Identities.Super, "");

    private readonly SessionSettings _settings;
    private readonly SessionNeighbours _neighbours;
    private readonly IClientSink _sink;
    private readonly Connect _request;
    private readonly int _connection;
    private readonly RequestQueue _queue;
    private readonly List<NumberedRead> _reads = [];
    private readonly List<NumberedWrite> _writes = [];
    private readonly SessionOpening _opening;
    private readonly long _sessionId;
    private readonly int _timeoutMs;
    private readonly int _maxUnderWay;
    private Identities _who;
    private long _openRequest;
    private long _lastWrite;
    private long _closeRequest;
    private bool _refused;
    private bool _connected;
    private bool _ended;
    private bool _sessionEnded;
    private long _touchedMs;

    /// <param name="settings">Of this server.</param>
    /// <param name="neighbours">Replica and peer.</param>
    /// <param name="request">What the client asks for.</param>
    /// <param name="sink">The client.</param>
    /// <param name="connection">The connection's number.</param>
    /// <param name="opening">Which session, and how the client comes by it.</param>
    /// <param name="who">What the connection is known by before it has said anything.</param>
    public SessionActor(
        SessionSettings settings, SessionNeighbours neighbours, Connect request, IClientSink sink, int connection,
        SessionOpening opening, Identities who)
    {
        _settings = settings;
        _neighbours = neighbours;
        _request = request;
        _sink = sink;
        _connection = connection;
        _queue = new RequestQueue(connection);
        _opening = opening;
        _sessionId = opening.SessionId;
        _local = opening.How is Admission.OpenLocal or Admission.ReattachLocal;
        _who = settings.SkipAcl ? who.With(_everything) : who;
        _maxUnderWay = sink.HoldsBack ? int.MaxValue : settings.MaxOutstandingRequests;
        _timeoutMs = Math.Clamp(request.TimeoutMs, settings.MinTimeoutMs, settings.MaxTimeoutMs);
    }

    public static Props Props(
        SessionSettings settings, SessionNeighbours neighbours, Connect request, IClientSink sink, int connection,
        SessionOpening opening, Identities who) =>
        Actor.Props.Create(typeof(SessionActor), settings, neighbours, request, sink, connection, opening, who);

    protected override void PreStart() =>
        _neighbours.Replica.Tell(new AttachSession(_connection, _sessionId, Self, _who));

    protected override void PostStop()
    {
        _neighbours.Replica.Tell(new DetachSession(_connection));
        _login?.Dispose();
        if (!_ended) End(DisconnectReason.NotServing);
    }

    protected override void OnReceive(object message)
    {
        if (_ended) return;
        switch (message)
        {
            case SessionResults results:
                Answer(results.Results);
                break;
            case ClientRequests requests when _connected:
                Submit(requests.Requests);
                break;
            case SessionAttached attached when _openRequest == 0:
                Open(attached);
                break;
            case LocalSessionEnded when _local:
                EndAndStop(DisconnectReason.SessionExpired);
                break;
            case SessionUpgraded:
                _local = false;
                break;
            case SessionEnded:
                // Where it is this connection that closes the session, the reply says so, and may still be on its way.
                _sessionEnded = true;
                if (_closeRequest == 0) EndAndStop(DisconnectReason.SessionExpired);
                break;
            case ReleaseClient release:
                EndAndStop(release.Reason);
                break;
            case Detach:
                _ended = true;
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Open(SessionAttached attached)
    {
        if (_request.LastZxidSeen > attached.LastApplied)
        {
            EndAndStop(DisconnectReason.Behind);
            return;
        }
        switch (_opening.How)
        {
            case Admission.OpenLocal or Admission.ReattachLocal:
                // So far has the client come, although no transaction says so.
                _openRequest = _queue.Add(0);
                _queue.Complete(_openRequest, attached.LastApplied, DoneReply.Instance);
                _queue.Take();
                Opened(_timeoutMs);
                break;
            case Admission.LookUp:
                EndAndStop(attached.IsGlobal ? DisconnectReason.NotServing : DisconnectReason.SessionExpired);
                break;
            default:
                Ask();
                break;
        }
    }

    private void Ask()
    {
        _openRequest = _queue.Add(0);
        WriteRequest open = _opening.How == Admission.Open
            ? new OpenSession(_sessionId, _opening.Secret, _timeoutMs)
            : new ReattachSession(_sessionId, _opening.Secret, _timeoutMs);
        _neighbours.Peer.Tell(new SubmitWrites(_sessionId, [new NumberedWrite(_openRequest, open)]));
    }

    private void Opened(Reply reply)
    {
        if (reply is not SessionReply session)
        {
            EndAndStop(reply is ErrorReply { Error: ZabError.SessionExpired }
                ? DisconnectReason.SessionExpired : DisconnectReason.NotServing);
            return;
        }
        Opened(session.TimeoutMs);
    }

    private void Opened(int timeoutMs)
    {
        _connected = true;
        _touchedMs = _settings.MonotonicMs;
        Context.Parent.Tell(new SessionEstablished(_sessionId)
        {
            Local = _local ? new LocalSession(_opening.Secret, timeoutMs) : null,
            IsReattached = _opening.How == Admission.ReattachLocal,
        });
        _sink.Connected(new Connected(_sessionId, _opening.Secret, timeoutMs, Self)
        {
            ReadOnly = _opening.ReadOnly,
            LastZxidSeen = _request.LastZxidSeen,
        });
    }

    private void Submit(NumberedRequest[]? requests)
    {
        Touch();
        if (requests is null) return;
        foreach (var request in requests)
        {
            if (_closeRequest != 0 || _refused) break;
            // It does not even wait for its refusals.
            if (_queue.Count >= (long)_maxUnderWay * 2) _refused = true;
            Take(request);
        }
        SendOn();
        Deliver();
    }

    private void SendOn()
    {
        // Reads first: the replica must know of a read before the write that it follows is answered.
        if (_reads.Count > 0)
        {
            _neighbours.Replica.Tell(new SubmitReads(_connection, _reads.ToArray()));
            _reads.Clear();
        }
        if (_writes.Count > 0)
        {
            _neighbours.Peer.Tell(new SubmitWrites(_sessionId, _writes.ToArray(), _who, _local));
            _writes.Clear();
        }
    }

    private void Take(NumberedRequest request)
    {
        var requestId = _queue.Add(request.Xid);
        var verdict = RequestCheck.Verdict(request.Operation);
        if (verdict == ZabError.Ok && _queue.Count > _maxUnderWay && request.Operation is not CloseSession)
            verdict = ZabError.ThrottledOp;
        if (_settings.RequiredSchemes.Count > 0 && request.Operation is not (AddAuth or SaslLogin)
            && !IsKnownAsRequired())
        {
            verdict = ZabError.SessionClosedRequireAuth;
            _refused = true;
        }
        if (verdict != ZabError.Ok)
        {
            _queue.Complete(requestId, 0, new ErrorReply(verdict));
            return;
        }
        switch (request.Operation)
        {
            case ReadRequest read:
                _reads.Add(new NumberedRead(requestId, _lastWrite, read));
                break;
            case WriteRequest write:
                if (_local && AnswerLocally(requestId, write)) break;
                _writes.Add(new NumberedWrite(requestId, write));
                _lastWrite = requestId;
                if (write is CloseSession) _closeRequest = requestId;
                break;
            case AddAuth auth:
                _queue.Complete(requestId, 0, Authenticate(auth));
                break;
            case SaslLogin login:
                _queue.Complete(requestId, 0, Authenticate(login));
                break;
            case WhoAmI:
                _queue.Complete(requestId, 0, new WhoAmIReply(DigestId.WithoutSecrets(_who, hideSuper: _settings.SkipAcl)));
                break;
            default:
                _queue.Complete(requestId, 0, DoneReply.Instance);
                break;
        }
    }

    private bool IsKnownAsRequired()
    {
        foreach (var scheme in _settings.RequiredSchemes)
            if (_who.Has(scheme)) return true;
        return false;
    }

    private Reply Authenticate(AddAuth auth)
    {
        if (auth.Scheme == Identities.Digest)
        {
            var id = DigestId.Of(auth.Credentials);
            var who = _who.With(new Identity(Identities.Digest, id));
            Become(id == _settings.SuperDigest ? who.With(_everything) : who);
            return DoneReply.Instance;
        }
        // A connection is known by its address from the start; to say so changes nothing, as with ZooKeeper.
        if (auth.Scheme == Identities.Ip) return DoneReply.Instance;
        // So is the owner of a certificate, who has proved it to the port.
        if (auth.Scheme == Identities.X509 && _who.Has(Identities.X509)) return DoneReply.Instance;
        _refused = true;
        return new ErrorReply(ZabError.AuthFailed);
    }

    private void Answer(SessionResult[] results)
    {
        foreach (ref readonly var result in results.AsSpan())
        {
            if (result.RequestId == 0)
            {
                _queue.Event(result.Zxid, (WatchEvent)result.Content);
                continue;
            }
            var reply = (Reply)result.Content;
            if (reply is ErrorReply { Error: ZabError.SessionMoved })
            {
                Deliver();
                EndAndStop(DisconnectReason.SessionMoved);
                return;
            }
            if (!_queue.Complete(result.RequestId, result.Zxid, reply)) continue;
            if (result.RequestId == _openRequest)
            {
                _queue.Take();
                Opened(reply);
                if (_ended) return;
            }
            else if (reply is ErrorReply { Error: ZabError.SessionExpired })
            {
                _sessionEnded = true;
            }
        }
        Deliver();
        if (_sessionEnded && _closeRequest == 0) EndAndStop(DisconnectReason.SessionExpired);
    }

    private void Deliver()
    {
        var outputs = _queue.Take();
        if (outputs.Length > 0) _sink.Deliver(outputs);
        if (_queue.Count > 0) return;
        if (_closeRequest != 0) EndAndStop(DisconnectReason.Closed);
        else if (_refused) EndAndStop(DisconnectReason.ProtocolError);
    }

    private void Touch()
    {
        var now = _settings.MonotonicMs;
        if (now - _touchedMs < _settings.TouchEveryMs) return;
        _touchedMs = now;
        Context.Parent.Tell(new SessionTouched(_sessionId));
    }

    private void EndAndStop(DisconnectReason reason)
    {
        if (!_ended) End(reason);
        Context.Stop(Self);
    }

    private void End(DisconnectReason reason)
    {
        _ended = true;
        if (_connected) _sink.Disconnected(reason);
        else _sink.Refused(reason);
    }
}
