using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Akka.Zab.Client.Tests;

/// <summary>What the clients of one chroot have told: other tests of the process have others.</summary>
internal sealed class TelemetryRecorder : IDisposable
{
    private readonly string _chroot;
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans;
    private readonly ConcurrentQueue<(string Name, double Value, IReadOnlyDictionary<string, object?> Tags)> _told = [];
    private readonly ConcurrentQueue<Activity> _ended = [];

    public TelemetryRecorder(string chroot)
    {
        _chroot = chroot;
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ZabTelemetry.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Told(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Told(instrument, value, tags));
        _meters.Start();
        _spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ZabTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
    }

    /// <summary>The spans that have ended, of this chroot or named otherwise.</summary>
    public IEnumerable<Activity> Spans => _ended;

    /// <summary>The tags of every measurement of an instrument.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Of(string instrument) =>
        [.. _told.Where(told => told.Name == instrument).Select(told => told.Tags)];

    /// <summary>The sum of what an instrument was told, with a tag of a value.</summary>
    public double Sum(string instrument, string tag, object value) => _told
        .Where(told => told.Name == instrument && Equals(told.Tags.GetValueOrDefault(tag), value))
        .Sum(told => told.Value);

    /// <summary>What is only told when it is asked for.</summary>
    public double Observe(string instrument, string tag, object value)
    {
        var before = Sum(instrument, tag, value);
        _meters.RecordObservableInstruments();
        return Sum(instrument, tag, value) - before;
    }

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }

    private void Told(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>();
        foreach (var (name, of) in tags) all.Add(name, of);
        if (Equals(all.GetValueOrDefault("db.namespace"), _chroot)) _told.Enqueue((instrument.Name, value, all));
    }
}
