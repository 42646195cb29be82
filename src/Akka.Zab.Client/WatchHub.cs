using System.Threading.Channels;

namespace Akka.Zab.Client;

/// <summary>
/// Brings watch events and changes of the connection's state to those within this process who wait for them. The
/// client's actor calls it before it completes the reply that shows the change.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class WatchHub(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<WatchListener>> _listeners = new(StringComparer.Ordinal);
    private readonly List<WatchListener> _recursive = [];
    private readonly List<Action<ConnectionState>> _states = [];
    private readonly Channel<WatchEvent> _events = Channel.CreateUnbounded<WatchEvent>();
    private volatile bool _eventsWanted;
    private volatile ConnectionState _state = ConnectionState.Disconnected;
    private long _lastZxid;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The events, for one who asked for a watch himself and reads them all.</summary>
    public ChannelReader<WatchEvent> Events => _events.Reader;

    /// <summary>The state of the connection, as last told.</summary>
    public ConnectionState State => _state;

    /// <summary>The highest zxid that the client has seen: whatever it asks for later has a higher one.</summary>
    public long LastZxid
    {
        get => Volatile.Read(ref _lastZxid);
        set => Volatile.Write(ref _lastZxid, value);
    }

    /// <summary>The session that was opened last.</summary>
    public long SessionId { get; set; }

    /// <summary>For how long it is certain that the session lives.</summary>
    public SessionCertainty Certainty { get; } = new(time);

    /// <summary>From now on <see cref="Events"/> are kept; before, nobody would have read them.</summary>
    public void KeepEvents() => _eventsWanted = true;

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _events.Writer.TryComplete();

    /// <summary>Listens to what the watches on a path tell.</summary>
    /// <param name="path">The path, as the client gives it to its calls.</param>
    /// <param name="recursive">Also to events below it.</param>
    public WatchListener Listen(string path, bool recursive = false)
    {
        var listener = new WatchListener(this, path, recursive);
        lock (_lock)
        {
            if (recursive) _recursive.Add(listener);
            else if (_listeners.TryGetValue(path, out var others)) others.Add(listener);
            else _listeners.Add(path, [listener]);
            if (IsOver(State)) listener.Tell(null);
        }
        return listener;
    }

    /// <summary>Calls <paramref name="told"/> with the present state and with every one that follows.</summary>
    /// <param name="told">Must be quick, and must not call the hub.</param>
    /// <returns>What ends it.</returns>
    public IDisposable OnState(Action<ConnectionState> told)
    {
        lock (_lock)
        {
            _states.Add(told);
            told(State);
        }
        return new StateSubscription(this, told);
    }

    /// <summary>A watch has fired.</summary>
    public void Fired(WatchEvent fired)
    {
        if (_eventsWanted) _events.Writer.TryWrite(fired);
        lock (_lock)
        {
            if (_listeners.TryGetValue(fired.Path, out var listeners))
                foreach (var listener in listeners) listener.Tell(fired);
            foreach (var listener in _recursive)
                if (listener.Covers(fired.Path)) listener.Tell(fired);
        }
    }

    /// <summary>The connection's state has changed.</summary>
    public void Changed(ConnectionState state)
    {
        lock (_lock)
        {
            _state = state;
            foreach (var told in _states.ToArray()) told(state);
            // A recursive listener has to look for what it has missed; all have to learn that nothing more comes.
            foreach (var listener in _recursive) listener.Tell(null);
            if (!IsOver(state)) return;
            Certainty.Over();
            foreach (var listener in _listeners.Values.SelectMany(static on => on)) listener.Tell(null);
        }
    }

    /// <summary>
    /// A recursive listener is needed no more. If nobody else listens to the same, <paramref name="last"/> is called
    /// before anybody else can begin to: it asks for the watch to be taken back, and who comes later asks for it again.
    /// </summary>
    public void Leave(WatchListener listener, Action last)
    {
        lock (_lock)
        {
            Forget(listener);
            if (!_recursive.Exists(other => other.Path == listener.Path)) last();
        }
    }

    internal void Forget(WatchListener listener)
    {
        lock (_lock)
        {
            _recursive.Remove(listener);
            if (!_listeners.TryGetValue(listener.Path, out var others)) return;
            others.Remove(listener);
            if (others.Count == 0) _listeners.Remove(listener.Path);
        }
    }

    private static bool IsOver(ConnectionState state) => state is ConnectionState.Expired or ConnectionState.Closed;

    private sealed class StateSubscription(WatchHub hub, Action<ConnectionState> told) : IDisposable
    {
        public void Dispose()
        {
            lock (hub._lock) hub._states.Remove(told);
        }
    }
}

/// <summary>One who listens to the watches on a path.</summary>
internal sealed class WatchListener : IDisposable
{
    private readonly WatchHub _hub;
    private readonly bool _recursive;
    private readonly Channel<WatchEvent?> _told;

    internal WatchListener(WatchHub hub, string path, bool recursive)
    {
        _hub = hub;
        Path = path;
        _recursive = recursive;
        // Who watches one znode reads it again anyway: that something happened is enough.
        _told = recursive
            ? Channel.CreateUnbounded<WatchEvent?>()
            : Channel.CreateBounded<WatchEvent?>(
                new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>
    /// The next event. Null says that the connection's state has changed; for a listener to one path, that the session
    /// is over.
    /// </summary>
    public ValueTask<WatchEvent?> NextAsync(CancellationToken cancellation) => _told.Reader.ReadAsync(cancellation);

    /// <summary>Waits until one of them has been told something, and takes what both were told.</summary>
    public static async Task EitherAsync(WatchListener one, WatchListener other, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // These take nothing: a reader left behind would take what the next one waits for.
        await Task.WhenAny(
            one._told.Reader.WaitToReadAsync(over.Token).AsTask(),
            other._told.Reader.WaitToReadAsync(over.Token).AsTask()).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        while (one.TryNext(out _) || other.TryNext(out _))
        {
            // Whatever it was.
        }
    }

    /// <summary>What was told already, if anything was.</summary>
    public bool TryNext(out WatchEvent? fired) => _told.Reader.TryRead(out fired);

    public void Dispose() => _hub.Forget(this);

    internal bool Covers(string path) =>
        _recursive && path.StartsWith(Path, StringComparison.Ordinal)
        && (Path.Length == 1 || path.Length == Path.Length || path[Path.Length] == '/');

    internal void Tell(WatchEvent? fired) => _told.Writer.TryWrite(fired);
}
