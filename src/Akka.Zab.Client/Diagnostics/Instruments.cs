using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Akka.Zab.Client.Diagnostics;

/// <summary>The instruments of <see cref="ZabTelemetry"/>, shared by all clients of the process.</summary>
internal static class Instruments
{
    // The boundaries that the semantic conventions ask for, and two below them: a read takes less than 0.1 ms here.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    };

    private static readonly InstrumentAdvice<double> LongSeconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800],
    };

    private static readonly Meter Meter = new(new MeterOptions(ZabTelemetry.MeterName)
    {
        Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3),
        TelemetrySchemaUrl = ZabTelemetry.SchemaUrl,
    });

    public static readonly ActivitySource Spans = new(new ActivitySourceOptions(ZabTelemetry.ActivitySourceName)
    {
        Version = Meter.Version,
        TelemetrySchemaUrl = ZabTelemetry.SchemaUrl,
    });

    public static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(
        "db.client.operation.duration", "s", "Duration of database client operations.", tags: null, Seconds);

    public static readonly UpDownCounter<long> ActiveOperations = Meter.CreateUpDownCounter<long>(
        "zab.client.operation.active", "{operation}", "Calls that wait for an answer.");

    public static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "zab.client.operation.retries", "{retry}", "Calls that were asked again of another server.");

    public static readonly Counter<long> ConnectionChanges = Meter.CreateCounter<long>(
        "zab.client.connection.changes", "{change}", "Changes of the connection's state.");

    public static readonly Histogram<double> Interruptions = Meter.CreateHistogram(
        "zab.client.connection.interruption.duration", "s", "How long a client was without a connection.",
        tags: null, LongSeconds);

    public static readonly Counter<long> WatchEvents = Meter.CreateCounter<long>(
        "zab.client.watch.events", "{event}", "Watch events received.");

    public static readonly UpDownCounter<long> Holds = Meter.CreateUpDownCounter<long>(
        "zab.client.hold.count", "{hold}", "Locks, permits and leads that are held.");

    public static readonly Counter<long> HoldLosses = Meter.CreateCounter<long>(
        "zab.client.hold.losses", "{hold}", "Holds that were lost before they were let go.");

    public static readonly Histogram<double> HoldWaits = Meter.CreateHistogram(
        "zab.client.hold.wait.duration", "s", "From asking for a hold to having it.", tags: null, LongSeconds);

    static Instruments() => Meter.CreateObservableUpDownCounter(
        "db.client.connection.count", ClientTelemetry.CountConnections, "{connection}",
        "Open clients, by the state of their connection.");
}
