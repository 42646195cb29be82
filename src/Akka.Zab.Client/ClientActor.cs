using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Client;

/// <summary>
/// Does the work of a <see cref="ZabClient"/>: finds a server, opens the session and reattaches it when the server is
/// lost, passes on what was called while it is connected, and keeps what is called meanwhile.
/// </summary>
internal sealed partial class ClientActor : UntypedActor, IWithTimers
{
    private sealed record AttemptIsOver(int Attempt);

    private sealed record TryNext;

    private sealed record Heartbeat;

    private sealed record SeekLeader;

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
    private bool _readOnly;
    private bool _heard;
    private long? _watchesSince;

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
        if (_state is not (ConnectionState.Expired or ConnectionState.Closed)) _state = ConnectionState.Closed;
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
            case SeekLeader when _session is not null && _readOnly:
                AskNextServer(new Connect(0, [], _timeoutMs, _lastZxid));
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
        while (_login is null && _underWay.Count < _options.MaxOutstandingRequests && _waiting.TryDequeue(out var call))
        {
            if (call.Task.IsCompleted) continue;
            Number(_chroot?.Into(call.Request) ?? call.Request, call);
        }
        if (_outgoing.Count == 0) return;
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
            if (next.Request is SaslLogin)
            {
                OnLogin(reply);
                return;
            }
            if (next.Request is SetWatches) _watchesSince = null;
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

    private void OnHeartbeat()
    {
        // A third of the timeout has passed. If nothing has come since the last beat, which asked for an answer, the
        // servers are only sure to have heard of the session at the beat before that: a third is left to find another.
        if (!_heard)
        {
            Lose("it is silent");
            return;
        }
        _heard = false;
        if (_login is null) Number(new Ping(), null);
        Send();
        ScheduleHeartbeat();
    }

    // One by one: after a late beat the servers have the whole time to answer.
    private void ScheduleHeartbeat() => Timers.StartSingleTimer(
        "heartbeat", new Heartbeat(), TimeSpan.FromMilliseconds(Math.Max(1, _timeoutMs / 3)));

    /// <summary>The connection is gone, the session perhaps not: what was under way has an unknown fate.</summary>
    private void Lose(string why)
    {
        _log.Info("The connection of session 0x{0:x} is lost: {1}.", _sessionId, why);
        var inLogin = _login is not null;
        LetGo();
        LoseUnderWay();
        Enter(ConnectionState.Disconnected);
        SeekServer(afterPause: inLogin);
    }

    private void Expire()
    {
        LetGo();
        Enter(ConnectionState.Expired);
        FailAll(ZabError.SessionExpired);
        _firstConnection.TrySetException(ZabException.For(ZabError.SessionExpired));
        if (_closing is not null) Context.Stop(Self);
    }

    private void LetGo()
    {
        Timers.Cancel("heartbeat");
        Timers.Cancel("leader");
        _outgoing.Clear();
        _login = null;
        if (_session is null) return;
        if (_session.Path.Address.HasLocalScope) Context.Unwatch(_session);
        _session.Tell(new Detach(), Self);
        _session = null;
        if (!_readOnly) return;
        // The session of a server without a leader is of no use anywhere else; it owns nothing.
        _sessionId = 0;
        _secret = [];
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
        if (_session is null || _login is not null) return;
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
