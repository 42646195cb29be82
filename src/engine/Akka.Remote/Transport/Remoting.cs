using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Serialization;

namespace Akka.Remote.Transport;

/// <summary>The open port, the associations with all remote systems, and what they share.</summary>
internal sealed class Remoting : RemoteTransport
{
    /// <summary>Connections that may be open and have not named themselves; more are closed at once.</summary>
    private const int MostStrangers = 256;

    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    // So many connections are read by threads of their own.
    private const int MostReaderThreads = 16;

    private readonly ConcurrentDictionary<InboundConnection, byte> _inbound = new();
    private int _readerThreads;
    private readonly Dictionary<Address, InboundPeer> _peers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Action _greeted;
    private Socket? _listener;
    private int _strangers;
    private Timer? _heartbeat;
    private Address? _local;
    private Information? _information;
    private LogLevel? _lifecycleLevel;

    public Remoting(ExtendedActorSystem system, RemoteActorRefProvider provider) : base(system, provider)
    {
        Tcp = TcpSettings.Create(system);
        Messages = new MessageForm(system);
        Uid = AddressUidExtension.Uid(system);
        Strangers = new StrangerLog(Log);
        _greeted = () => Interlocked.Decrement(ref _strangers);
    }

    public RemoteSettings Settings => Provider.RemoteSettings;

    public TcpSettings Tcp { get; }

    public MessageForm Messages { get; }

    public int Uid { get; }

    public StrangerLog Strangers { get; }

    public Address Local => _local ?? throw new InvalidOperationException("Remoting has not started.");

    public bool LogsLifecycle => _lifecycleLevel <= LogLevel.InfoLevel;

    public override ISet<Address> Addresses =>
        _local is null ? new HashSet<Address>() : new HashSet<Address> { _local };

    public override Address DefaultAddress => Local;

    public override void Start()
    {
        _lifecycleLevel = Settings.RemoteLifecycleEventsLogLevel switch
        {
            "OFF" or "FALSE" => null,
            "ERROR" => LogLevel.ErrorLevel,
            "WARNING" or "WARN" => LogLevel.WarningLevel,
            "INFO" => LogLevel.InfoLevel,
            _ => LogLevel.DebugLevel,
        };
        var port = Listen();
        _local = new Address(
            Tcp.Tls is null ? "akka.tcp" : "akka.ssl.tcp", System.Name, Tcp.PublicHostname, Tcp.PublicPort > 0 ? Tcp.PublicPort : port);
        _information = new Information(_local, System);
        var interval = Settings.TransportHeartbeatInterval;
        _heartbeat = new Timer(static r => ((Remoting)r!).CheckConnections(), this, interval, interval);
        _ = AcceptAsync();
        Log.Info($"Remoting started; listening on addresses : [{_local}]");
        Publish(new RemotingListenEvent([_local]));
    }

    public override async Task Shutdown()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        if (_heartbeat is not null) await _heartbeat.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_associations.Values.Select(a => a.ShutdownAsync(Settings.FlushWait)))
            .ConfigureAwait(false);
        foreach (var connection in _inbound.Keys) connection.Close();
        Publish(new RemotingShutdownEvent());
    }

    public override void Send(object message, IActorRef? sender, RemoteActorRef recipient) =>
        recipient.Association.Send(message, recipient, sender);

    public override Address? LocalAddressForRemote(Address remote) => remote.Protocol == Local.Protocol ? Local : null;

    public override void Quarantine(Address address, int? uid)
    {
        var association = AssociationTo(address);
        if (!association.Quarantine(uid)) return;
        InboundConnection? inbound = null;
        lock (_peers)
            if (_peers.TryGetValue(address, out var peer))
                inbound = peer.Connection;
        inbound?.Close();
        var quarantined = new QuarantinedEvent(address, association.RemoteUid);
        Log.Warning(quarantined.ToString());
        System.EventStream.Publish(quarantined);
    }

    public override Task<bool> ManagementCommand(object cmd) => Task.FromResult(false);

    public override Task<bool> ManagementCommand(object cmd, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Association AssociationTo(Address address) =>
        _associations.TryGetValue(address, out var known)
            ? known
            : _associations.GetOrAdd(address, static (a, self) => new Association(self, a), this);

    /// <summary>Until disposed, references that this thread serialises carry this system's address.</summary>
    public TransportScope EnterTransport() => new(_information!);

    /// <summary>Tells the event stream, and the log if it is set to.</summary>
    public void Publish(RemotingLifecycleEvent notice)
    {
        System.EventStream.Publish(notice);
        if (notice is not (RemotingListenEvent or AssociationErrorEvent) && notice.LogLevel() >= _lifecycleLevel)
            Log.Log(notice.LogLevel(), notice.ToString()!);
    }

    public void ToDeadLetters(in Outgoing dropped)
    {
        // A heartbeat that finds no way is what the failure detector is there for; it is no loss to report.
        if (dropped.Message is IPriorityMessage) return;
        // Death watch must hear of a watchee that cannot be reached, so its message goes as it is.
        System.DeadLetters.Tell(
            dropped.Message is Dispatch.SysMsg.ISystemMessage
                ? dropped.Message
                : new DeadLetter(dropped.Message, dropped.Sender ?? System.DeadLetters, dropped.Recipient),
            dropped.Sender ?? System.DeadLetters);
    }

    /// <summary>Decides on a connection; an accepted one replaces the peer's earlier one.</summary>
    public async Task<(Welcome Welcome, InboundPeer? Peer)> JudgeAsync(Hello hello, InboundConnection connection)
    {
        if (!hello.To.Equals(Local))
            return Refuse(Verdict.Refused, $"It wants to reach [{hello.To}]; this is [{Local}].");
        if (hello.From.Equals(Local))
            return Refuse(Verdict.Refused, $"It has the same address as this system, [{Local}].");
        var association = AssociationTo(hello.From);
        if (association.IsQuarantined(hello.Uid))
            return Refuse(Verdict.Quarantined, $"[{Local}] has quarantined [{hello.From}] until it restarts.");
        InboundPeer? peer;
        InboundConnection? stale;
        lock (_peers)
        {
            if (!_peers.TryGetValue(hello.From, out peer) || peer.Uid != hello.Uid)
            {
                stale = peer?.Connection;
                _peers[hello.From] = peer = new InboundPeer(hello.Uid);
            }
            else stale = peer.Connection;
            peer.Connection = connection;
        }
        if (stale is not null)
        {
            // What the earlier connection has brought is delivered before anything of this one.
            stale.Close();
            await stale.Done.ConfigureAwait(false);
        }
        ulong last;
        lock (peer) last = peer.LastSystemMessage;
        association.Learn(hello.Uid);
        association.PeerIsThere(hello.Uid);
        return (new Welcome(Verdict.Accepted, Uid, last, ""), peer);

        (Welcome, InboundPeer?) Refuse(Verdict verdict, string reason) => (new Welcome(verdict, Uid, 0, reason), null);
    }

    /// <summary>Whether one more connection may have a thread.</summary>
    public bool TryTakeReaderThread()
    {
        if (Interlocked.Increment(ref _readerThreads) <= MostReaderThreads) return true;
        Interlocked.Decrement(ref _readerThreads);
        return false;
    }

    public void ReturnReaderThread() => Interlocked.Decrement(ref _readerThreads);

    public void OnClosed(InboundConnection connection, string reason)
    {
        var from = connection.Greeting!.From;
        lock (_peers)
            if (_peers.TryGetValue(from, out var peer) && ReferenceEquals(peer.Connection, connection))
                peer.Connection = null;
        Publish(new DisassociatedEvent(Local, from, true));
        if (LogsLifecycle) Log.Info($"The connection from [{from}] has ended: {reason}.");
    }

    private int Listen()
    {
        try
        {
            var ip = Sockets.ResolveLocal(Tcp.Hostname);
            _listener = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(ip, Tcp.Port));
            _listener.Listen(Tcp.Backlog);
            return ((IPEndPoint)_listener.LocalEndPoint!).Port;
        }
        catch (SocketException e)
        {
            _listener?.Dispose();
            var why = e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "another program uses that port already"
                : e.Message;
            throw new RemoteTransportException(
                $"Actor system [{System.Name}] cannot listen on {Tcp.Hostname}:{Tcp.Port} " +
                $"(akka.remote.dot-netty.tcp): {why}.", e);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener!.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                if (_stop.IsCancellationRequested) return;
                Strangers.Add(LogLevel.WarningLevel, $"A connection could not be accepted: {e.Message}.");
                // Out of file descriptors, most likely: give the others time to end.
                await Task.Delay(50).ConfigureAwait(false);
                continue;
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            if (Interlocked.Increment(ref _strangers) > MostStrangers)
            {
                _greeted();
                Strangers.Add(
                    LogLevel.WarningLevel,
                    $"A connection from [{Sockets.Origin(socket)}] was closed at once: {MostStrangers} others have " +
                    "not named themselves yet.");
                socket.Dispose();
                continue;
            }
            _ = ServeAsync(new InboundConnection(this, socket) { Greeted = _greeted });
        }
    }

    private async Task ServeAsync(InboundConnection connection)
    {
        _inbound.TryAdd(connection, 0);
        if (_stop.IsCancellationRequested) connection.Close();
        await connection.RunAsync().ConfigureAwait(false);
        _inbound.TryRemove(connection, out _);
    }

    private void CheckConnections()
    {
        try
        {
            Strangers.SumUp();
            var pause = Settings.TransportHeartbeatPause;
            foreach (var association in _associations.Values) association.CheckConnection(pause);
            foreach (var connection in _inbound.Keys)
                if (connection.Greeting is not null &&
                    connection.Silence > pause + Settings.TransportHeartbeatInterval)
                    connection.Close();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody is above this timer; what escapes it would end the process.
            Log.Error(e, "The check of the connections failed.");
        }
    }
}

/// <summary>Sets what <see cref="Akka.Serialization.Serialization.GetCurrentTransportInformation"/> answers.</summary>
internal readonly ref struct TransportScope
{
    private readonly Information? _before;

    public TransportScope(Information information)
    {
        _before = Akka.Serialization.Serialization.CurrentTransportInformation;
        Akka.Serialization.Serialization.CurrentTransportInformation = information;
    }

    public void Dispose() => Akka.Serialization.Serialization.CurrentTransportInformation = _before;
}
