using System.Globalization;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>
/// Every figure that was measured, written to a file as it comes, so that what was interrupted is not lost and the
/// files of several runs make one table.
/// </summary>
internal sealed class Samples(string? file)
{
    private readonly List<(string System, string Key, double Value)> all = [];

    public void Add(string system, string key, double value)
    {
        all.Add((system, key, value));
        var text = FormattableString.Invariant($"{system}\t{key}\t{value:0.####}");
        Console.Error.WriteLine(text);
        if (file is not null)
            File.AppendAllText(file, text + "\n");
    }

    public void Read(string from)
    {
        foreach (var line in File.ReadLines(from))
        {
            if (line.Split('\t') is [var system, var key, var value])
                all.Add((system, key, double.Parse(value, CultureInfo.InvariantCulture)));
        }
    }

    public double[] Of(string system, string key) =>
        [.. all.Where(sample => sample.System == system && sample.Key == key).Select(sample => sample.Value).Order()];

    public static double Median(double[] sorted) =>
        (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
}
