using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Client;

/// <summary>
/// Does the work of a <see cref="ZabClient"/>: finds a server, opens the session and reattaches it when the server is
/// lost, passes on what was called while it is connected, and keeps what is called meanwhile.
/// </summary>
internal sealed class ClientActor : UntypedActor, IWithTimers
{
    private sealed record AttemptIsOver(int Attempt);

    private sealed record TryNext;

    private sealed record Heartbeat;

    private readonly ZabClientOptions _options;
    private readonly ClientTransport _transport;
    private readonly Chroot? _chroot;
    private readonly CallQueue _calls;
    private readonly TaskCompletionSource<long> _firstConnection;
    private readonly WatchHub _hub;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<ClientCall> _waiting = new();
    private readonly Queue<(int Xid, Request Request, ClientCall? Call, long SentAt)> _underWay = new();
    private readonly HashSet<IActorRef> _subscribers = [];
    private readonly ClientWatches _watches = new();
    private readonly List<AddAuth> _credentials = [];
    private readonly List<NumberedRequest> _outgoing = [];
    private ConnectionState _state = ConnectionState.Disconnected;
    private IActorRef? _session;
    private IActorRef? _asked;
    private TaskCompletionSource? _closing;
    private long _sessionId;
    private byte[] _secret = [];
    private long _lastZxid;
    private int _timeoutMs;
    private int _attempt;
    private int _failed;
    private int _xid;
    private bool _sent;
    private bool _heard;
    private int _silentBeats;

    public ClientActor(
        ClientTransport transport, ZabClientOptions options, CallQueue calls,
        TaskCompletionSource<long> firstConnection, WatchHub hub)
    {
        _options = options;
        _calls = calls;
        _transport = transport;
        _chroot = Chroot.At(options.Chroot);
        _firstConnection = firstConnection;
        _hub = hub;
        _timeoutMs = (int)Math.Clamp(options.SessionTimeout.TotalMilliseconds, 1, int.MaxValue);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _transport.Telemetry.Entered(_state);
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        SeekServer();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        if (_state is ConnectionState.Connected or ConnectionState.Disconnected) _state = ConnectionState.Closed;
        FailAll(ZabError.SessionExpired);
        _calls.Close();
        _firstConnection.TrySetException(ZabException.For(ZabError.ConnectionLoss));
        _closing?.TrySetResult();
        _transport.Telemetry.Entered(_state);
        _hub.Changed(_state);
        _hub.Complete();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CallsWaiting:
                OnCalls();
                break;
            case ClientOutputs outputs when Sender.Equals(_session):
                OnOutputs(outputs.Outputs);
                break;
            case Connected connected:
                OnConnected(connected);
                break;
            case ConnectRefused refused when _session is null:
                OnRefused(refused.Reason);
                break;
            case Disconnected disconnected when Sender.Equals(_session):
                OnDisconnected(disconnected.Reason);
                break;
            case DeadLetter { Message: Connect } dead when _session is null && dead.Sender.Equals(Self):
            case AssociationErrorEvent error when _session is null && error.RemoteAddress.Equals(_asked?.Path.Address):
                TryNextSoon();
                break;
            case DisassociatedEvent broken when _session?.Path.Address.Equals(broken.RemoteAddress) == true:
                Lose("its process cannot be reached");
                break;
            case RemotingLifecycleEvent or DeadLetter:
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_session):
                Lose("it stopped");
                break;
            case Terminated terminated:
                _subscribers.Remove(terminated.ActorRef);
                break;
            case AttemptIsOver over when over.Attempt == _attempt && _session is null:
            case TryNext when _session is null:
                TryServer();
                break;
            case Heartbeat when _session is not null:
                OnHeartbeat();
                break;
            case Subscribe subscribe:
                _subscribers.Add(subscribe.Subscriber);
                Context.Watch(subscribe.Subscriber);
                subscribe.Subscriber.Tell(new ConnectionStateChanged(_state), Self);
                break;
            case CloseClient close:
                OnClose(close.Done);
                break;
            case AbandonClient:
                Context.Stop(Self);
                break;
        }
    }

    private void OnCalls()
    {
        _calls.Look();
        while (_calls.TryTake(out var call))
        {
            if (_state == ConnectionState.Expired || _closing is not null) Fail(call, ZabError.SessionExpired);
            else _waiting.Enqueue(call);
        }
        Send();
    }

    private void Send()
    {
        if (_session is null) return;
        while (_underWay.Count < _options.MaxOutstandingRequests && _waiting.TryDequeue(out var call))
        {
            if (call.Task.IsCompleted) continue;
            Number(_chroot?.Into(call.Request) ?? call.Request, call);
        }
        if (_outgoing.Count == 0) return;
        _sent = true;
        _session.Tell(new ClientRequests(_outgoing.ToArray()), Self);
        _outgoing.Clear();
    }

    private void Number(Request request, ClientCall? call)
    {
        _xid = _xid == int.MaxValue ? 1 : _xid + 1;
        _underWay.Enqueue((_xid, request, call, request is WriteRequest ? _hub.Certainty.Now : 0));
        _outgoing.Add(new NumberedRequest(_xid, request));
    }

    private void OnOutputs(ClientOutput[] outputs)
    {
        _heard = true;
        foreach (var output in outputs)
        {
            if (output.Zxid > _lastZxid) _hub.LastZxid = _lastZxid = output.Zxid;
            if (output.Content is WatchEvent fired)
            {
                _watches.Fired(fired);
                _transport.Telemetry.Fired(fired.Type);
                var seen = _chroot?.OutOf(fired) ?? fired;
                _hub.Fired(seen);
                Publish(seen);
                continue;
            }
            if (output.Content is not Reply reply) continue;
            if (!_underWay.TryDequeue(out var next) || next.Xid != output.Xid)
            {
                Lose("its replies are out of order");
                return;
            }
            if (next.Call is not { } call) continue;
            if (next.Request is WriteRequest && reply is not (ErrorReply or MultiReply { Error: not ZabError.Ok }))
                _hub.Certainty.Confirmed(next.SentAt, reply is SyncReply);
            _watches.Answered(next.Request, reply);
            if (call.Request is AddAuth auth && reply is DoneReply && !_credentials.Exists(auth.IsSame))
                _credentials.Add(auth);
            call.TrySetResult(_chroot?.OutOf(reply) ?? reply);
        }
        if (_waiting.Count > 0) Send();
    }

    private void SeekServer()
    {
        // A process that was out of reach a moment ago gets nothing for a while: then the question is a dead letter.
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        TryServer();
    }

    private void TryServer()
    {
        if (_asked is not null) _transport.GiveUp(Context, _asked);
        _asked = _transport.NextServer(Context);
        var attempt = ++_attempt;
        Timers.StartSingleTimer("attempt", new AttemptIsOver(attempt), _options.AttemptTimeout);
        _asked.Tell(new Connect(_sessionId, _secret, _timeoutMs, _lastZxid), Self);
    }

    private void TryNextSoon()
    {
        Timers.Cancel("attempt");
        // So short that even a session that may last no longer is found again.
        var longest = TimeSpan.FromMilliseconds(Math.Min(_options.MaxRetryPause.TotalMilliseconds, _timeoutMs / 4.0));
        var pause = Backoff.Pause(
            ++_failed, _transport.ServerCount, _options.RetryPause, longest, _options.Random);
        Timers.StartSingleTimer("next", new TryNext(), pause);
    }

    private void OnConnected(Connected connected)
    {
        if (_session is not null || (_sessionId != 0 && connected.SessionId != _sessionId))
        {
            // The late answer to an attempt that was given up: a session that nobody wants, or this one on another
            // server, which the next attempt there takes back.
            connected.Session.Tell(connected.SessionId == _sessionId
                ? new Detach()
                : new ClientRequests([new NumberedRequest(1, new CloseSession())]), Self);
            return;
        }
        var first = _sessionId == 0;
        _session = connected.Session;
        _asked = null;
        _sessionId = connected.SessionId;
        _secret = connected.Secret;
        _timeoutMs = connected.TimeoutMs;
        _hub.Certainty.Agreed(TimeSpan.FromMilliseconds(_timeoutMs));
        _heard = true;
        _sent = false;
        _silentBeats = 0;
        _failed = 0;
        // A session in another process is not watched: a watch that times out makes the transport quarantine that
        // process for good, and after a partition it must be possible to come back to it. Its silence tells as much.
        if (_session.Path.Address.HasLocalScope) Context.Watch(_session);
        Timers.Cancel("attempt");
        Timers.Cancel("next");
        Context.System.EventStream.Unsubscribe(Self, typeof(DeadLetter));
        Timers.StartPeriodicTimer("heartbeat", new Heartbeat(), TimeSpan.FromMilliseconds(Math.Max(1, _timeoutMs / 3)));
        // Who we are first: it decides what the watches tell.
        foreach (var auth in _credentials) Number(auth, null);
        if (!first && _watches.ToRequest(_lastZxid) is { } setWatches) Number(setWatches, null);
        if (_closing is not null) Number(new CloseSession(), null);
        Send();
        _transport.Telemetry.ConnectedTo(_transport.LastServer);
        Enter(ConnectionState.Connected);
        _firstConnection.TrySetResult(_sessionId);
    }

    private void OnRefused(DisconnectReason reason)
    {
        if (reason == DisconnectReason.SessionExpired && _sessionId != 0)
        {
            Expire();
            return;
        }
        // It may be the answer to an earlier attempt; to try the next server too early does no harm.
        TryNextSoon();
    }

    private void OnDisconnected(DisconnectReason reason)
    {
        switch (reason)
        {
            case DisconnectReason.Closed:
                Enter(ConnectionState.Closed);
                Context.Stop(Self);
                break;
            case DisconnectReason.SessionExpired:
                Expire();
                break;
            default:
                Lose($"it let go: {reason}");
                break;
        }
    }

    private void OnHeartbeat()
    {
        // A third of the timeout has passed. What was sent in it asks for an answer by itself; two thirds without any
        // answer leave a third to find another server.
        _silentBeats = _heard ? 0 : _silentBeats + 1;
        if (_silentBeats >= 2)
        {
            Lose("it is silent");
            return;
        }
        _heard = false;
        if (!_sent) Number(new Ping(), null);
        Send();
        _sent = false;
    }

    /// <summary>The connection is gone, the session perhaps not: what was under way has an unknown fate.</summary>
    private void Lose(string why)
    {
        _log.Info("The connection of session 0x{0:x} is lost: {1}.", _sessionId, why);
        LetGo();
        LoseUnderWay();
        Enter(ConnectionState.Disconnected);
        SeekServer();
    }

    private void Expire()
    {
        LetGo();
        Enter(ConnectionState.Expired);
        FailAll(ZabError.SessionExpired);
        if (_closing is not null) Context.Stop(Self);
    }

    private void LetGo()
    {
        Timers.Cancel("heartbeat");
        _outgoing.Clear();
        if (_session is null) return;
        if (_session.Path.Address.HasLocalScope) Context.Unwatch(_session);
        _session.Tell(new Detach(), Self);
        _session = null;
    }

    private void OnClose(TaskCompletionSource done)
    {
        if (_closing is not null)
        {
            _closing.Task.ContinueWith(
                static (_, state) => ((TaskCompletionSource)state!).TrySetResult(), done, TaskScheduler.Default);
            return;
        }
        OnCalls();
        _closing = done;
        _hub.Certainty.Over();
        if (_state == ConnectionState.Expired) Context.Stop(Self);
        if (_session is null) return;
        // After what was called before it.
        _waiting.Enqueue(new ClientCall(new CloseSession()));
        Send();
    }

    private void Enter(ConnectionState state)
    {
        if (_state == state) return;
        _state = state;
        _transport.Telemetry.Entered(state);
        _hub.Changed(state);
        Publish(new ConnectionStateChanged(state));
    }

    private void Publish(object message)
    {
        foreach (var subscriber in _subscribers) subscriber.Tell(message, Self);
    }

    /// <summary>
    /// What only reads goes first over the next connection, as to ask twice does no harm; the rest may have been done.
    /// </summary>
    private void LoseUnderWay()
    {
        ClientCall[] later = [.. _waiting];
        _waiting.Clear();
        while (_underWay.TryDequeue(out var next))
        {
            if (next.Call is not { } call) continue;
            if (!call.Request.IsRepeatable)
            {
                Fail(call, ZabError.ConnectionLoss);
                continue;
            }
            _transport.Telemetry.Retried(call);
            _waiting.Enqueue(call);
        }
        foreach (var call in later) _waiting.Enqueue(call);
    }

    /// <summary>Nothing more comes: of a write that is under way it is not known whether it was done.</summary>
    private void FailAll(ZabError error)
    {
        while (_underWay.TryDequeue(out var next))
            if (next.Call is { } call) Fail(call, call.Request.IsRepeatable ? error : ZabError.ConnectionLoss);
        while (_waiting.TryDequeue(out var call)) Fail(call, error);
    }

    private static void Fail(ClientCall call, ZabError error) => call.TrySetResult(new ErrorReply(error));
}
