using System.Globalization;
using System.Text;

namespace Akka.Zab.Simulation;

/// <summary>What an entry of the trace is about.</summary>
internal enum TraceKind
{
    Arrives,
    Lost,
    Fault,
    Server,
    Disk,
    Client,
}

/// <summary>
/// What happened in a world. Always the last steps, for the chart of a failure; and, where it is asked for, all of it
/// as text. Every entry goes into a fingerprint, so that two runs can be compared without keeping either.
/// </summary>
internal sealed class Trace(Func<long> now)
{
    private const int Kept = 4096;

    private readonly Entry[] last = new Entry[Kept];
    private StringBuilder? all;

    internal readonly record struct Entry(long At, TraceKind Kind, int From, int To, object What);

    /// <summary>How many entries there were.</summary>
    public long Count { get; private set; }

    /// <summary>Of every entry so far.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037UL;

    /// <summary>Everything from now on is kept as text.</summary>
    public void KeepAll() => all = new StringBuilder();

    /// <summary>What was kept as text.</summary>
    public override string ToString() => all?.ToString() ?? "";

    /// <param name="kind">What it is about.</param>
    /// <param name="from">A server or client; 0 for none.</param>
    /// <param name="to">A server; 0 for none.</param>
    /// <param name="what">A text or a message; never changed afterwards.</param>
    public void Add(TraceKind kind, int from, int to, object what)
    {
        var at = now();
        last[Count++ % Kept] = new Entry(at, kind, from, to, what);
        Mix((ulong)at);
        Mix((ulong)(((int)kind << 16) | (from << 8) | to));
        if (all is not null)
            MessageText.Line(all, new Entry(at, kind, from, to, what)).Append('\n');
    }

    /// <summary>Adds something else that two equal runs must have in common.</summary>
    public void Mix(ulong value) => Fingerprint = (Fingerprint ^ value) * 1099511628211UL;

    /// <summary>The last entries, oldest first.</summary>
    public IEnumerable<Entry> Last(int count)
    {
        for (var i = Math.Max(0, Count - Math.Min(count, Kept)); i < Count; i++)
            yield return last[i % Kept];
    }

    /// <summary>Microseconds as seconds.</summary>
    public static string Seconds(long at) => (at / 1e6).ToString("F6", CultureInfo.InvariantCulture);
}
