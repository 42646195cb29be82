using System.Diagnostics;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>
/// Traffic and latency, of one connection or added up. The latencies are of whole batches: from read to reply.
/// </summary>
/// <param name="Received">Frames received.</param>
/// <param name="Sent">Replies and events sent.</param>
/// <param name="Outstanding">Requests under way.</param>
/// <param name="Answered">Requests answered: what the latencies are taken over.</param>
/// <param name="LatencyMin">
/// The shortest latency, in stopwatch ticks; <see cref="long.MaxValue"/> if there is none.
/// </param>
/// <param name="LatencyMax">The longest.</param>
/// <param name="LatencySum">The sum.</param>
internal readonly record struct ConnectionStatistics(
    long Received, long Sent, long Outstanding, long Answered, long LatencyMin, long LatencyMax, long LatencySum)
{
    /// <summary>Nothing yet.</summary>
    public static ConnectionStatistics None => new(0, 0, 0, 0, long.MaxValue, 0, 0);

    public double LatencyMinMs => Answered == 0 ? 0 : Milliseconds(LatencyMin);

    public double LatencyMaxMs => Milliseconds(LatencyMax);

    public double LatencyAverageMs => Answered == 0 ? 0 : Milliseconds(LatencySum) / Answered;

    public static ConnectionStatistics operator +(in ConnectionStatistics a, in ConnectionStatistics b) => new(
        a.Received + b.Received,
        a.Sent + b.Sent,
        a.Outstanding + b.Outstanding,
        a.Answered + b.Answered,
        Math.Min(a.LatencyMin, b.LatencyMin),
        Math.Max(a.LatencyMax, b.LatencyMax),
        a.LatencySum + b.LatencySum);

    static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
