using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// The accrual failure detector of Hayashibara and others: from the distribution of the intervals between past
/// heartbeats it computes how unlikely the present silence is. phi is the negative decimal logarithm of that
/// likelihood; the resource counts as gone when phi reaches the threshold.
/// </summary>
public class PhiAccrualFailureDetector : FailureDetector
{
    private readonly Lock _lock = new();
    private readonly double _threshold;
    private readonly double _minStdDeviation;
    private readonly double _acceptablePause;
    private readonly double _firstEstimate;
    private readonly Clock _clock;
    private readonly Intervals _intervals;
    private long? _last;

    /// <summary>All settings by themselves.</summary>
    /// <param name="threshold">phi from which on the resource counts as gone; positive.</param>
    /// <param name="maxSampleSize">How many intervals are remembered; at least 1.</param>
    /// <param name="minStdDeviation">The deviation to assume at least; positive.</param>
    /// <param name="acceptableHeartbeatPause">A silence to forgive on top of the usual interval; not negative.</param>
    /// <param name="firstHeartbeatEstimate">The interval to assume before one has been seen; positive.</param>
    /// <param name="clock">The time; by default that of the process.</param>
    public PhiAccrualFailureDetector(
        double threshold,
        int maxSampleSize,
        TimeSpan minStdDeviation,
        TimeSpan acceptableHeartbeatPause,
        TimeSpan firstHeartbeatEstimate,
        Clock? clock = null)
    {
        Require(threshold > 0, "threshold must be > 0");
        Require(maxSampleSize > 0, "max-sample-size must be > 0");
        Require(minStdDeviation > TimeSpan.Zero, "min-std-deviation must be > 0");
        Require(acceptableHeartbeatPause >= TimeSpan.Zero, "acceptable-heartbeat-pause must be >= 0");
        Require(firstHeartbeatEstimate > TimeSpan.Zero, "heartbeat-interval must be > 0");
        _threshold = threshold;
        _minStdDeviation = minStdDeviation.TotalMilliseconds;
        _acceptablePause = acceptableHeartbeatPause.TotalMilliseconds;
        _firstEstimate = firstHeartbeatEstimate.TotalMilliseconds;
        _clock = clock ?? DefaultClock;
        _intervals = new Intervals(maxSampleSize);

        static void Require(bool condition, string otherwise)
        {
            if (!condition) throw new ConfigurationException($"A failure detector's {otherwise}.");
        }
    }

    /// <summary>From the keys threshold, max-sample-size, min-std-deviation, acceptable-heartbeat-pause and
    /// heartbeat-interval.</summary>
    public PhiAccrualFailureDetector(Config config, EventStream ev) : this(
        config.GetDouble("threshold"),
        config.GetInt("max-sample-size"),
        config.GetTimeSpan("min-std-deviation"),
        config.GetTimeSpan("acceptable-heartbeat-pause"),
        config.GetTimeSpan("heartbeat-interval"))
    {
    }

    /// <inheritdoc/>
    public override bool IsAvailable => Phi < _threshold;

    /// <inheritdoc/>
    public override bool IsMonitoring
    {
        get
        {
            lock (_lock) return _last.HasValue;
        }
    }

    internal double Phi
    {
        get
        {
            lock (_lock)
                return _last is { } last
                    ? PhiAt(_clock() - last, _intervals.Mean + _acceptablePause,
                        Math.Max(_intervals.StdDeviation, _minStdDeviation))
                    : 0;
        }
    }

    /// <inheritdoc/>
    public override void HeartBeat()
    {
        lock (_lock)
        {
            var now = _clock();
            if (_last is not { } last)
            {
                // Two made-up intervals around the estimate, so that the deviation is large at first.
                _intervals.Add(_firstEstimate * 0.75);
                _intervals.Add(_firstEstimate * 1.25);
            }
            else if (PhiAt(now - last, _intervals.Mean + _acceptablePause,
                         Math.Max(_intervals.StdDeviation, _minStdDeviation)) < _threshold)
            {
                // An interval during which the resource counted as gone says nothing about the usual ones.
                _intervals.Add(now - last);
            }
            _last = now;
        }
    }

    /// <summary>A logistic approximation of the normal distribution's tail.</summary>
    internal static double PhiAt(double silence, double mean, double deviation)
    {
        var y = (silence - mean) / deviation;
        var e = Math.Exp(-y * (1.5976 + 0.070566 * y * y));
        return silence > mean ? -Math.Log10(e / (1 + e)) : -Math.Log10(1 - 1 / (1 + e));
    }

    /// <summary>The last so many intervals, with running sums.</summary>
    private sealed class Intervals(int capacity)
    {
        private readonly Queue<double> _values = new();
        private double _sum;
        private double _squares;

        public double Mean => _sum / _values.Count;

        public double StdDeviation => Math.Sqrt(Math.Max(0, _squares / _values.Count - Mean * Mean));

        public void Add(double value)
        {
            if (_values.Count == capacity)
            {
                var oldest = _values.Dequeue();
                _sum -= oldest;
                _squares -= oldest * oldest;
            }
            _values.Enqueue(value);
            _sum += value;
            _squares += value * value;
        }
    }
}
