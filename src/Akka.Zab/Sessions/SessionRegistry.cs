using System.Buffers.Binary;
using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>
/// <c>/user/zab/sessions</c>: makes a session actor for each client that connects, lets all of them go when this server
/// stops serving, gathers which sessions were heard from and, on the leader, expires those that were not. The sessions
/// that only this server knows are its own.
/// </summary>
internal sealed class SessionRegistry : UntypedActor, IWithTimers
{
    /// <summary>Half a tick has passed.</summary>
    private sealed record Beat
    {
        public static readonly Beat Instance = new();
    }

    private const int LongestHoldMs = 1000;

    private sealed class Client(int connection)
    {
        public readonly int Connection = connection;
        public long SessionId;
    }

    private readonly SessionSettings _settings;
    private readonly IActorRef _replica;
    private readonly SessionIds _ids;
    private readonly Dictionary<IActorRef, Client> _clients = [];
    private readonly HashSet<int> _connections = [];
    private readonly Dictionary<long, IActorRef> _established = [];
    private readonly HashSet<long> _touched = [];
    private readonly Queue<(AttachClient Attach, long RefuseAtMs)> _held = [];
    private readonly List<long> _expired = [];
    private readonly LocalSessions _local;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private AwakeClock _clock;
    private ExpiryQueue? _expiry;
    private SessionNeighbours? _neighbours;
    private Service _service;
    private int _epoch;

    public SessionRegistry(SessionSettings settings, IActorRef replica)
    {
        _settings = settings;
        _replica = replica;
        _ids = new SessionIds(settings.ServerId, settings.Time.GetUtcNow().ToUnixTimeMilliseconds());
        _local = new LocalSessions(settings.TickMs);
        _clock = new AwakeClock(settings.MonotonicMs, settings.TickMs);
    }

    /// <param name="settings">Of this server.</param>
    /// <param name="replica">
    /// The committed tree. The peer makes itself known, by its <see cref="ServingChanged"/>.
    /// </param>
    public static Props Props(SessionSettings settings, IActorRef replica) =>
        Actor.Props.Create(typeof(SessionRegistry), settings, replica);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop()
    {
        while (_held.TryDequeue(out var held)) held.Attach.Sink.Refused(DisconnectReason.NotServing);
    }

    // A session actor that fails takes its connection with it; the client attaches anew.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    protected override void PreStart() => Timers.StartPeriodicTimer(
        Beat.Instance, Beat.Instance, TimeSpan.FromMilliseconds(Math.Max(1, _settings.TickMs / 2)));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AttachClient attach:
                Attach(attach);
                break;
            case SessionTouched touched:
                Touch(touched.SessionId);
                break;
            case SessionEstablished established:
                Establish(established, Sender);
                break;
            case SessionUpgraded upgraded:
                Upgrade(upgraded, Sender);
                break;
            case LocalSessionClosed closed:
                CloseLocal(closed.SessionId, Sender);
                break;
            case Terminated terminated:
                Forget(terminated.ActorRef);
                break;
            case Beat:
                OnBeat();
                break;
            case ServingChanged changed:
                OnServing(changed);
                break;
            case SessionsTouched touched:
                foreach (var sessionId in touched.SessionIds) _expiry?.Touch(sessionId, Now() + _settings.TouchEveryMs);
                break;
            case StartExpiry start:
                _touched.Clear();
                _expiry = new ExpiryQueue(_settings.TickMs);
                foreach (var (sessionId, timeoutMs) in start.Sessions) _expiry.Track(sessionId, timeoutMs, Now());
                break;
            case StopExpiry:
                _expiry = null;
                break;
            case TrackSession track:
                _expiry?.Track(track.SessionId, track.TimeoutMs, Now());
                break;
            case UntrackSession untrack:
                _expiry?.Untrack(untrack.SessionId);
                break;
            case GetSessionExpiry:
                Sender.Tell(new SessionExpiry(Buckets(_expiry?.Buckets() ?? []))
                {
                    Local = Buckets(_local.Buckets()),
                });
                break;
            case GetSessionsStatus:
                Sender.Tell(
                    new SessionsStatus(_established.Count, _expiry?.Count ?? 0) { Local = _local.Count });
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Attach(AttachClient attach)
    {
        var request = attach.Request;
        _local.TryFind(request.SessionId, out var own);
        var admission = Admissions.Decide(_service, _settings.LocalSessions, request, own);
        switch (admission)
        {
            case Admission.Wait:
                // Clients come at once when the leader is lost, and an election is short: to send them away would cost
                // them far more than to let them wait for its end.
                _held.Enqueue((attach, Now() + Math.Min(LongestHoldMs, _settings.TickMs)));
                return;
            case Admission.TurnAway:
                attach.Sink.Refused(DisconnectReason.NotServing);
                return;
            case Admission.Expired:
                attach.Sink.Refused(DisconnectReason.SessionExpired);
                return;
            case Admission.ReattachLocal:
                // It has shown its secret: it does not expire on the way.
                _local.Touch(request.SessionId, Now());
                break;
            case Admission.Open:
                _local.Remove(request.SessionId);
                break;
        }
        var isNew = request.SessionId == 0;
        var opening = new SessionOpening(
            admission, isNew ? _ids.Next() : request.SessionId, isNew ? RandomBytes(16) : request.Secret ?? [],
            _service == Service.ReadOnly);
        var connection = NewConnection();
        var session = Context.ActorOf(SessionActor.Props(
            _settings, _neighbours!, request, attach.Sink, connection, opening, Identify(attach))
            .WithDispatcher(Context.Props.Dispatcher));
        Context.Watch(session);
        _clients.Add(session, new Client(connection));
        _connections.Add(connection);
        if (_log.IsDebugEnabled)
            _log.Debug("Client {0} asks for session 0x{1:x}.", attach.Remote, request.SessionId);
    }

    private Identities Identify(AttachClient attach)
    {
        var who = ClientAddress.Identify(attach.Remote);
        if (attach.Certificate is not { } subject) return who;
        who = who.With(new Identity(Identities.X509, subject));
        return subject == _settings.SuperCertificate ? who.With(new Identity(Identities.Super, "")) : who;
    }

    private void Establish(SessionEstablished established, IActorRef session)
    {
        if (!_clients.TryGetValue(session, out var client)) return;
        var sessionId = established.SessionId;
        if (established.Local is { } local)
        {
            if (established.IsReattached && !_local.TryFind(sessionId, out _))
            {
                // Upgraded or closed through another connection while it was reattached: it has to ask again.
                session.Tell(new ReleaseClient(DisconnectReason.NotServing));
                return;
            }
            _local.Keep(sessionId, local, Now());
        }
        client.SessionId = sessionId;
        if (_established.TryGetValue(sessionId, out var older) && !older.Equals(session))
            older.Tell(new ReleaseClient(DisconnectReason.SessionMoved));
        _established[sessionId] = session;
        Touch(sessionId);
    }

    private void Upgrade(SessionUpgraded upgraded, IActorRef session)
    {
        _local.Remove(upgraded.SessionId);
        if (_established.TryGetValue(upgraded.SessionId, out var current) && !current.Equals(session))
            current.Tell(upgraded);
    }

    private void CloseLocal(long sessionId, IActorRef session)
    {
        // A connection that was let go closes nothing any more.
        if (!_established.TryGetValue(sessionId, out var current) || !current.Equals(session)) return;
        _local.Remove(sessionId);
    }

    private void Forget(IActorRef session)
    {
        if (!_clients.Remove(session, out var client)) return;
        _connections.Remove(client.Connection);
        if (_established.TryGetValue(client.SessionId, out var current) && current.Equals(session))
            _established.Remove(client.SessionId);
    }

    private void OnServing(ServingChanged changed)
    {
        var service = changed.Serving ? Service.Full : changed.ReadOnly ? Service.ReadOnly : Service.None;
        // What was under way in another epoch is not answered in this one; and who was let in to read only is to come
        // again, as one who may do everything.
        if (_service != Service.None && (service != _service || changed.Epoch != _epoch))
        {
            var release = new ReleaseClient(DisconnectReason.NotServing);
            foreach (var session in _clients.Keys) session.Tell(release);
        }
        if (_neighbours?.Peer.Equals(Sender) != true) _neighbours = new SessionNeighbours(Sender, _replica);
        if (service != Service.None) _local.Renew(Now());
        _service = service;
        _epoch = changed.Epoch;
        while (_service != Service.None && _held.TryDequeue(out var held)) Attach(held.Attach);
        Context.Parent.Tell(changed);
    }

    private void Touch(long sessionId)
    {
        var heardUntil = Now() + _settings.TouchEveryMs;
        if (_local.Touch(sessionId, heardUntil)) return;
        if (_expiry is not null) _expiry.Touch(sessionId, heardUntil);
        else _touched.Add(sessionId);
    }

    private void OnBeat()
    {
        var now = Now();
        while (_held.TryPeek(out var held) && held.RefuseAtMs <= now)
            _held.Dequeue().Attach.Sink.Refused(DisconnectReason.NotServing);
        if (_local.Count > 0 && _service != Service.None) ExpireLocal(now);
        if (_expiry is not null)
        {
            _expiry.Expire(now, _expired);
            foreach (var sessionId in _expired)
            {
                _log.Info("Session 0x{0:x} was not heard from in its time; it is closed.", sessionId);
                _neighbours?.Peer.Tell(new ExpireSession(sessionId));
            }
            _expired.Clear();
        }
        else if (_touched.Count > 0)
        {
            var touched = new long[_touched.Count];
            _touched.CopyTo(touched);
            _touched.Clear();
            _neighbours?.Peer.Tell(new TouchSessions(touched));
        }
    }

    private void ExpireLocal(long now)
    {
        _local.Expire(now, _expired);
        foreach (var sessionId in _expired)
        {
            _log.Info("Local session 0x{0:x} was not heard from in its time; it is closed.", sessionId);
            if (_established.TryGetValue(sessionId, out var session)) session.Tell(new LocalSessionEnded());
        }
        _expired.Clear();
    }

    private ExpiryBucket[] Buckets(IEnumerable<(long Due, long[] Sessions)> buckets)
    {
        var (now, wallClock) = (Now(), _settings.Time.GetUtcNow());
        return [.. buckets.Select(
            bucket => new ExpiryBucket(wallClock.AddMilliseconds(bucket.Due - now), bucket.Sessions))];
    }

    private long Now() => _clock.Advance(_settings.MonotonicMs);

    private int NewConnection()
    {
        while (true)
        {
            var connection = BinaryPrimitives.ReadInt32LittleEndian(RandomBytes(4)) & int.MaxValue;
            if (connection != 0 && !_connections.Contains(connection)) return connection;
        }
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _settings.FillRandom(bytes);
        return bytes;
    }
}
