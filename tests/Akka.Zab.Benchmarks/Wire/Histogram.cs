using System.Diagnostics;
using System.Numerics;

namespace Akka.Zab.Benchmarks.Wire;

/// <summary>Times, counted in 64 steps for each power of two of the clock's ticks. One thread adds.</summary>
internal sealed class Histogram
{
    private const int Steps = 64;

    private readonly long[] counts = new long[64 * Steps];

    public void Add(long ticks)
    {
        var value = (ulong)Math.Max(ticks, Steps);
        var power = BitOperations.Log2(value);
        counts[(power * Steps) + (int)((value >> (power - 6)) - Steps)]++;
    }

    /// <summary>The time in milliseconds that this share of all times is not above.</summary>
    public static double Quantile(IEnumerable<Histogram> all, double share)
    {
        var sum = new long[64 * Steps];
        foreach (var one in all)
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] += one.counts[i];
        }

        var wanted = (long)Math.Ceiling(share * sum.Sum());
        var index = 0;
        for (var seen = sum[0]; seen < wanted; seen += sum[index])
            index++;
        var ticks = Math.ScaleB(Steps + (index % Steps) + 1, (index / Steps) - 6);
        return ticks * 1000 / Stopwatch.Frequency;
    }
}
