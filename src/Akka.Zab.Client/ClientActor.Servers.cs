using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Client;

/// <summary>How a client finds a server, comes by its session, and goes on to another server.</summary>
internal sealed partial class ClientActor
{
    private void SeekServer(bool afterPause = false)
    {
        // A process that was out of reach a moment ago gets nothing for a while: then the question is a dead letter.
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        if (afterPause) TryNextSoon();
        else TryServer();
    }

    private void TryServer()
    {
        var attempt = ++_attempt;
        Timers.StartSingleTimer("attempt", new AttemptIsOver(attempt), _options.AttemptTimeout);
        AskNextServer(new Connect(_sessionId, _secret, _timeoutMs, _lastZxid)
        {
            ReadOnlyAllowed = _options.AllowReadOnly,
        });
    }

    private void AskNextServer(Connect connect)
    {
        if (_asked is not null) _transport.GiveUp(Context, _asked);
        _asked = _transport.NextServer(Context);
        _asked.Tell(connect, Self);
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
        if (_session is not null && _readOnly && !connected.ReadOnly)
        {
            // Better than the one that only reads, which goes on to nobody.
            LetGo();
            LoseUnderWay();
        }
        if (_session is not null || (_sessionId != 0 && connected.SessionId != _sessionId)
            || connected.LastZxidSeen < _lastZxid)
        {
            // The late answer to an attempt that was given up: a session that nobody wants, or this one on another
            // server, which the next attempt there takes back. Even while there is no server, one that was asked before
            // the last one was found may be behind what that one has shown, and its reads would go back in time.
            connected.Session.Tell(connected.SessionId == _sessionId
                ? new Detach()
                : new ClientRequests([new NumberedRequest(1, new CloseSession())]), Self);
            return;
        }
        _readOnly = connected.ReadOnly;
        _session = connected.Session;
        _asked = null;
        _sessionId = connected.SessionId;
        _secret = connected.Secret;
        _timeoutMs = connected.TimeoutMs;
        _hub.SessionId = _sessionId;
        _hub.Certainty.Agreed(TimeSpan.FromMilliseconds(_timeoutMs));
        _heard = true;
        // Who logs in, or says who it is, gets answers that may be of a later state than what the watches have told of,
        // and be the last ones before the connection breaks again.
        _watchesSince ??= _lastZxid;
        // A session in another process is not watched: a watch that times out makes the transport quarantine that
        // process for good, and after a partition it must be possible to come back to it. Its silence tells as much.
        if (_session.Path.Address.HasLocalScope) Context.Watch(_session);
        Timers.Cancel("attempt");
        Timers.Cancel("next");
        Context.System.EventStream.Unsubscribe(Self, typeof(DeadLetter));
        ScheduleHeartbeat();
        if (_options.Sasl is { } sasl) LogIn(sasl);
        else GoOn();
    }

    /// <summary>The server knows who this is: everything else follows.</summary>
    private void GoOn()
    {
        _failed = 0;
        // Who we are first: it decides what the watches tell.
        foreach (var auth in _credentials) Number(auth, null);
        if (_watches.ToRequest(_watchesSince ?? _lastZxid) is { } setWatches) Number(setWatches, null);
        else _watchesSince = null;
        if (_closing is not null) Number(new CloseSession(), null);
        Send();
        if (_readOnly) Timers.StartPeriodicTimer("leader", new SeekLeader(), _options.AttemptTimeout);
        _transport.Telemetry.ConnectedTo(_transport.LastServer);
        Enter(_readOnly ? ConnectionState.ConnectedReadOnly : ConnectionState.Connected);
        _firstConnection.TrySetResult(_sessionId);
        _wasConnected = true;
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
            case DisconnectReason.SessionExpired when !_readOnly:
                Expire();
                break;
            default:
                Lose($"it let go: {reason}");
                break;
        }
    }
}
