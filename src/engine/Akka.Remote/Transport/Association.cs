using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote.Transport;

/// <summary>A message that waits for its connection.</summary>
internal readonly record struct Outgoing(object Message, RemoteActorRef Recipient, IActorRef? Sender);

/// <summary>Goes before everything else that waits: a heartbeat must not queue behind bulk.</summary>
internal interface IPriorityMessage;

/// <summary>
/// Everything that this system sends to one remote address: two queues that any thread may put into, and one writer
/// that empties them into batches. The writer is no thread of its own; it runs on the pool while there is work.
/// </summary>
internal sealed class Association(Remoting remoting, Address remote) : IThreadPoolWorkItem
{
    private const int MostWaiting = 1 << 20;
    private const int BatchBytes = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<Outgoing> _priority = new();
    private readonly ConcurrentQueue<Outgoing> _ordinary = new();
    private readonly SystemMessageBuffer _system = new(remoting.Settings.SysMsgBufferSize);
    private int _waiting;
    private int _running;
    private int _warned;
    private int _full;
    private volatile Phase _phase;
    private volatile OutboundConnection? _connection;
    private volatile bool _pingDue;
    private Timer? _gate;
    private int _remoteUid;

    private enum Phase
    {
        /// <summary>No connection; the next message opens one.</summary>
        Idle,
        Open,

        /// <summary>A connection failed or broke a short while ago: messages become dead letters.</summary>
        Gated,

        /// <summary>Nothing passes until another run of the remote system shows up.</summary>
        Quarantined,
        Closed,
    }

    public Address RemoteAddress => remote;

    /// <summary>Which run of the remote system was seen last, 0 if none.</summary>
    public int RemoteUid
    {
        get
        {
            lock (_lock) return _remoteUid;
        }
    }

    public void Send(object message, RemoteActorRef recipient, IActorRef? sender)
    {
        var phase = _phase;
        if (phase >= Phase.Gated && !(phase == Phase.Gated && message is ISystemMessage))
        {
            Drop(new Outgoing(message, recipient, sender));
            return;
        }
        var waiting = Interlocked.Increment(ref _waiting);
        if (waiting > remoting.Settings.LogBufferSizeExceeding && Interlocked.Exchange(ref _warned, 1) == 0)
            remoting.Log.Warning($"[{waiting}] messages wait to be sent to [{remote}].");
        if (waiting > MostWaiting && message is not ISystemMessage)
        {
            if (Interlocked.Exchange(ref _full, 1) == 0)
                remoting.Log.Warning(
                    $"[{MostWaiting}] messages wait to be sent to [{remote}]: further ones become dead letters until " +
                    "it has taken half of them.");
            Interlocked.Decrement(ref _waiting);
            Drop(new Outgoing(message, recipient, sender));
            return;
        }
        (message is IPriorityMessage ? _priority : _ordinary).Enqueue(new Outgoing(message, recipient, sender));
        if (phase != Phase.Gated) Wake();
    }

    /// <summary>The peer has connected to us, so it can be reached again; a new run lifts the quarantine.</summary>
    public void PeerIsThere(int uid)
    {
        OutboundConnection? stale = null;
        lock (_lock)
        {
            if (_phase == Phase.Quarantined && uid != _remoteUid) NewRun(uid);
            else if (_phase == Phase.Open && uid != _remoteUid) stale = _connection;
            else if (_phase != Phase.Gated) return;
            if (stale is null) _phase = Phase.Idle;
        }
        stale?.Fail("the remote system has been restarted");
        if (!_ordinary.IsEmpty || _system.Count > 0) Wake();
    }

    public bool IsQuarantined(int uid)
    {
        lock (_lock) return _phase == Phase.Quarantined && _remoteUid == uid;
    }

    /// <summary>Ends all traffic with this run of the remote system; true if it had not been so before.</summary>
    public bool Quarantine(int? uid)
    {
        OutboundConnection? connection;
        lock (_lock)
        {
            // Of a system that never answered there is no run to quarantine, but also nobody who waits for these.
            if (_remoteUid == 0) _system.Clear();
            if (_phase is Phase.Quarantined or Phase.Closed || _remoteUid == 0 || (uid ?? _remoteUid) != _remoteUid)
                return false;
            _phase = Phase.Quarantined;
            connection = _connection;
            _connection = null;
        }
        connection?.Close(DisconnectReason.Quarantined);
        if (connection is not null) remoting.Publish(new DisassociatedEvent(remoting.Local, remote, false));
        Wake();
        return true;
    }

    /// <summary>Notes the peer's uid, learnt from its own connection to us.</summary>
    public void Learn(int uid)
    {
        lock (_lock)
            if (_remoteUid == 0)
                _remoteUid = uid;
    }

    /// <summary>Called at each interval of the transport's failure detector.</summary>
    public void CheckConnection(TimeSpan pause)
    {
        if (_connection is not { } connection) return;
        if (connection.Silence > pause)
            connection.Fail($"no sign of life for {pause.TotalSeconds:0} s");
        else
        {
            _pingDue = true;
            Wake();
        }
    }

    /// <summary>Sends what waits, says goodbye and closes.</summary>
    public async Task ShutdownAsync(TimeSpan flush)
    {
        var deadline = Environment.TickCount64 + (long)flush.TotalMilliseconds;
        while (_phase is Phase.Open or Phase.Idle && Environment.TickCount64 < deadline &&
               (Volatile.Read(ref _waiting) > 0 || Volatile.Read(ref _running) != 0))
            await Task.Delay(5).ConfigureAwait(false);
        OutboundConnection? connection;
        lock (_lock)
        {
            _phase = Phase.Closed;
            connection = _connection;
            _connection = null;
            _gate?.Dispose();
        }
        connection?.Close(DisconnectReason.Shutdown);
        Wake();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private void Wake()
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0 && !HandOver.TryTakeAfterwards(this))
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private async Task RunAsync()
    {
        do
        {
            try
            {
                if (_phase >= Phase.Gated) DropWaiting();
                else if ((_connection ?? await ConnectAsync().ConfigureAwait(false)) is { } connection)
                    await DrainAsync(connection).ConfigureAwait(false);
                else DropWaiting();
            }
            catch (Exception e)
            {
                remoting.Log.Error(e, $"The writer for [{remote}] failed.");
            }
            Volatile.Write(ref _running, 0);
        } while (HasWork && Interlocked.CompareExchange(ref _running, 1, 0) == 0);
    }

    private bool HasWork =>
        !_priority.IsEmpty || (!_ordinary.IsEmpty && _phase != Phase.Gated) || (_pingDue && _connection is not null);

    private async Task<OutboundConnection?> ConnectAsync()
    {
        if (_priority.IsEmpty && _ordinary.IsEmpty && _system.Count == 0) return null;
        try
        {
            var (connection, welcome) = await OutboundConnection.OpenAsync(remoting, this).ConfigureAwait(false);
            lock (_lock)
            {
                if (_phase != Phase.Idle)
                {
                    connection.Close(DisconnectReason.Shutdown);
                    return null;
                }
                if (_remoteUid != 0 && _remoteUid != welcome.Uid) NewRun(welcome.Uid);
                _remoteUid = welcome.Uid;
                _system.Acknowledged(welcome.LastSystemMessage);
                _system.ResendAll();
                _connection = connection;
                _phase = Phase.Open;
            }
            remoting.Publish(new AssociatedEvent(remoting.Local, remote, false));
            connection.StartReading();
            return connection;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var reason = OutboundConnection.Explain(e);
            CloseGate();
            remoting.Publish(new AssociationErrorEvent(
                e is InvalidAssociationException ? e : new InvalidAssociationException(reason, e),
                remoting.Local, remote, false, LogLevel.WarningLevel));
            remoting.Log.Warning(
                $"Tried to associate with unreachable remote address [{remote}]. Address is now gated for " +
                $"{remoting.Settings.RetryGateClosedFor.TotalMilliseconds:0} ms, all messages to this address will " +
                $"be delivered to dead letters. Reason: [{reason}]");
            return null;
        }
    }

    /// <summary>The connection has ended, whoever noticed it first.</summary>
    public void OnClosed(OutboundConnection connection, string reason)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_connection, connection)) return;
            _connection = null;
        }
        CloseGate();
        remoting.Publish(new DisassociatedEvent(remoting.Local, remote, false));
        if (remoting.LogsLifecycle)
            remoting.Log.Info(
                $"Association with remote system [{remote}] has ended ({reason}); address is now gated for " +
                $"{remoting.Settings.RetryGateClosedFor.TotalMilliseconds:0} ms.");
        Wake();
    }

    public void OnAcknowledged(ulong number)
    {
        lock (_lock) _system.Acknowledged(number);
    }

    private void CloseGate()
    {
        lock (_lock)
        {
            if (_phase is Phase.Quarantined or Phase.Closed) return;
            _phase = Phase.Gated;
            _gate ??= new Timer(static a => ((Association)a!).OpenGate(), this, Timeout.Infinite, Timeout.Infinite);
            _gate.Change(remoting.Settings.RetryGateClosedFor, Timeout.InfiniteTimeSpan);
        }
    }

    private void OpenGate()
    {
        lock (_lock)
        {
            if (_phase != Phase.Gated) return;
            _phase = Phase.Idle;
        }
        if (!_ordinary.IsEmpty || _system.Count > 0) Wake();
    }

    private void NewRun(int uid)
    {
        _remoteUid = uid;
        _system.Clear();
    }

    private async Task DrainAsync(OutboundConnection connection)
    {
        var writer = connection.Writer;
        while (!connection.IsClosed)
        {
            writer.Clear();
            Fill(connection, writer);
            if (writer.Length == 0) return;
            try
            {
                await connection.WriteAsync(writer.Written).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                connection.Fail(OutboundConnection.Explain(e));
                return;
            }
        }
    }

    private void Fill(OutboundConnection connection, FrameWriter writer)
    {
        using var _ = remoting.EnterTransport();
        var taken = 0;
        if (_pingDue)
        {
            _pingDue = false;
            writer.EndFrame(writer.BeginFrame(FrameKind.Ping));
        }
        lock (_lock) _system.WriteUnsent(writer);
        while (writer.Length < BatchBytes)
        {
            if (!_priority.TryDequeue(out var next) && !_ordinary.TryDequeue(out next)) break;
            taken++;
            if (next.Message is ISystemMessage message) Accept(next, message, writer);
            else connection.Encode(writer, next);
        }
        if (taken == 0) return;
        var left = Interlocked.Add(ref _waiting, -taken);
        if (left < remoting.Settings.LogBufferSizeExceeding / 2) Volatile.Write(ref _warned, 0);
        if (left < MostWaiting / 2) Volatile.Write(ref _full, 0);
    }

    /// <summary>Numbers a system message, keeps it until it is acknowledged, and sends it if there is a connection.
    /// </summary>
    private void Accept(Outgoing next, ISystemMessage message, FrameWriter? writer)
    {
        bool kept;
        lock (_lock)
        {
            kept = _system.TryAdd(remoting, next.Recipient, message);
            if (kept && writer is not null) _system.WriteUnsent(writer);
        }
        if (kept) return;
        remoting.Log.Error(
            $"[{remote}] has not acknowledged {remoting.Settings.SysMsgBufferSize} system messages.");
        remoting.Quarantine(remote, null);
    }

    /// <summary>Without a connection, messages become dead letters; system messages wait for the next connection.
    /// </summary>
    private void DropWaiting()
    {
        while (_priority.TryDequeue(out var next) || _ordinary.TryDequeue(out next))
        {
            Interlocked.Decrement(ref _waiting);
            if (next.Message is ISystemMessage message && _phase < Phase.Quarantined)
            {
                using var _ = remoting.EnterTransport();
                Accept(next, message, null);
            }
            else Drop(next);
        }
        if (_phase < Phase.Quarantined) return;
        lock (_lock) _system.Clear();
    }

    private void Drop(Outgoing next) => remoting.ToDeadLetters(next);
}
