using System.Globalization;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>The samples as Markdown: medians, with the least and the most of them, their ratio and its target.</summary>
internal static class Table
{
    private const string Ours = "Akka.Zab";
    private const string Theirs = "ZooKeeper";

    public static void Print(Samples samples, string how)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} × {Processor()}, {how}"));
        Console.WriteLine();
        Console.WriteLine("| | Akka.Zab | ZooKeeper | ratio | target | |");
        Console.WriteLine("|---|---:|---:|---:|---:|---|");
        foreach (var row in Row.All)
        {
            var (ours, theirs) = (samples.Of(Ours, row.Key), samples.Of(Theirs, row.Key));
            if (ours.Length + theirs.Length == 0)
                continue;
            var ratio = ours.Length > 0 && theirs.Length > 0 ? Samples.Median(ours) / Samples.Median(theirs) : double.NaN;
            var met = ours.Length == 0 ? null : row.Met(Samples.Median(ours), ratio);
            var verdict = met switch { true => "", false => "**missed**", null => "" };
            Console.WriteLine(
                $"| {row.What} | {Cell(ours)} | {Cell(theirs)} | {Number(ratio)} | {row.TargetText} | {verdict} |");
        }
    }

    private static string Cell(double[] sorted) => sorted.Length switch
    {
        0 => "",
        1 => Number(sorted[0]),
        _ => $"{Number(Samples.Median(sorted))} ({Number(sorted[0])} to {Number(sorted[^1])})",
    };

    private static string Number(double value) => value switch
    {
        double.NaN => "",
        >= 10_000 => (Math.Round(value / 100) * 100).ToString("n0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("n0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("n1", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("n2", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static string Processor()
    {
        const string info = "/proc/cpuinfo";
        var line = File.Exists(info)
            ? File.ReadLines(info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown processor";
    }
}
