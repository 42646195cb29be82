using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;

namespace Akka.Zab.Client.Diagnostics;

/// <summary>What one client tells of itself. Its actor calls it, and so do those who call the client.</summary>
/// <param name="system">The system that is spoken to, by the protocol that is spoken.</param>
/// <param name="chroot">The client's root; empty for the real one.</param>
internal sealed class ClientTelemetry(string system, string chroot)
{
    private static readonly ConcurrentDictionary<ClientTelemetry, ConnectionState> Open = new();

    private readonly ConcurrentDictionary<string, string> _spanNames = new(StringComparer.Ordinal);
    private volatile Tuple<string, object>? _server;
    private ConnectionState? _state;
    private long _interrupted;

    /// <summary>Whether anybody wants to know of calls.</summary>
    public static bool IsWanted =>
        Instruments.OperationDuration.Enabled || Instruments.ActiveOperations.Enabled
        || Instruments.Spans.HasListeners();

    /// <summary>Whether anybody wants to know of holds.</summary>
    public static bool IsHoldWanted =>
        Instruments.Holds.Enabled || Instruments.HoldWaits.Enabled || Instruments.HoldLosses.Enabled
        || Instruments.Spans.HasListeners();

    /// <summary>The attributes that everything has.</summary>
    public TagList Tags
    {
        get
        {
            var tags = new TagList { { "db.system.name", system } };
            if (chroot.Length > 0) tags.Add("db.namespace", chroot);
            return tags;
        }
    }

    /// <summary>The attributes of an operation.</summary>
    public TagList OperationTags(string operation)
    {
        var tags = Tags;
        tags.Add("db.operation.name", operation);
        if (_server is not { } server) return tags;
        tags.Add("server.address", server.Item1);
        tags.Add("server.port", server.Item2);
        return tags;
    }

    /// <summary>What a span is called: the name of the operation, and where.</summary>
    public string SpanName(string operation) =>
        chroot.Length == 0 ? operation : _spanNames.GetOrAdd(operation, static (name, at) => $"{name} {at}", chroot);

    /// <summary>The client has found a server.</summary>
    /// <param name="server">Where; null for the member in this process.</param>
    public void ConnectedTo(DnsEndPoint? server) =>
        _server = server is null ? null : Tuple.Create(server.Host, (object)server.Port);

    /// <summary>The connection is in a state; called by the client's actor.</summary>
    public void Entered(ConnectionState state)
    {
        if (_state == state) return;
        var first = _state is null;
        var broken = _state == ConnectionState.Connected && state == ConnectionState.Disconnected;
        _state = state;
        var isOver = state is ConnectionState.Expired or ConnectionState.Closed;
        if (isOver) Open.TryRemove(this, out _);
        else Open[this] = state;
        if (first) return; // it begins without a connection
        if (Instruments.ConnectionChanges.Enabled)
        {
            var tags = Tags;
            tags.Add("db.client.connection.state", NameOf(state));
            Instruments.ConnectionChanges.Add(1, tags);
        }
        if (_interrupted != 0 && Instruments.Interruptions.Enabled)
        {
            var tags = Tags;
            if (isOver) tags.Add("error.type", NameOf(state));
            Instruments.Interruptions.Record(Stopwatch.GetElapsedTime(_interrupted).TotalSeconds, tags);
        }
        _interrupted = broken ? Stopwatch.GetTimestamp() : 0;
    }

    /// <summary>A watch has fired.</summary>
    public void Fired(WatchEventType type)
    {
        if (!Instruments.WatchEvents.Enabled) return;
        var tags = Tags;
        tags.Add("zab.watch.event.type", Enum.GetName(type));
        Instruments.WatchEvents.Add(1, tags);
    }

    /// <summary>A call is asked again, as its answer was lost with the connection.</summary>
    public void Retried(ClientCall call)
    {
        (call.Task.AsyncState as Activity)?.AddEvent(new ActivityEvent("retry"));
        if (!Instruments.Retries.Enabled) return;
        var tags = Tags;
        tags.Add("db.operation.name", OperationNames.Of(call.Request));
        Instruments.Retries.Add(1, tags);
    }

    /// <summary>How many clients are open, by the attributes that they have.</summary>
    internal static IEnumerable<Measurement<long>> CountConnections() =>
        Open.GroupBy(static open => (open.Value, open.Key.System, open.Key.Chroot)).Select(static group =>
        {
            var tags = group.First().Key.Tags;
            tags.Add("db.client.connection.state", NameOf(group.Key.Value));
            return new Measurement<long>(group.Count(), tags);
        });

    private string System => system;

    private string Chroot => chroot;

    private static string NameOf(ConnectionState state) => state switch
    {
        ConnectionState.Connected => "connected",
        ConnectionState.ConnectedReadOnly => "connected read-only",
        ConnectionState.Disconnected => "disconnected",
        ConnectionState.Expired => "expired",
        _ => "closed",
    };
}
