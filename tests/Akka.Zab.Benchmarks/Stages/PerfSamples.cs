using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.Stages;

/// <summary>What Linux's <c>perf</c> saw the processors do for some processes, as stacks.</summary>
internal static class PerfSamples
{
    private const int PerSecond = 997;

    /// <summary>Samples the processes for so long, into a file.</summary>
    public static Task RecordAsync(IEnumerable<int> processes, TimeSpan time, string file) =>
        // The clock of the kernel: virtual machines have no counters of the processor's.
        Tool.RunAsync("perf",
        [
            "record", "-q", "-e", "cpu-clock", "-F", $"{PerSecond}", "-g", "-o", file, "-p", string.Join(',', processes),
            "--", "sleep", FormattableString.Invariant($"{time.TotalSeconds}"),
        ]);

    /// <summary>Every stack that was sampled, the innermost frame first. The processes must still be there.</summary>
    public static async Task<List<List<Frame>>> ReadAsync(string file) =>
        Parse(await Tool.RunAsync("perf", ["script", "-i", file, "-F", "ip,sym,dso", "--no-inline"]));

    /// <summary>Lines of an address, a symbol and a module in brackets; an empty one ends a stack.</summary>
    public static List<List<Frame>> Parse(string script)
    {
        var stacks = new List<List<Frame>>();
        var stack = new List<Frame>();
        foreach (var line in script.Split('\n'))
        {
            var text = line.Trim();
            if (text.Length == 0)
            {
                if (stack.Count > 0)
                    stacks.Add(stack);
                stack = [];
                continue;
            }

            var space = text.IndexOf(' ', StringComparison.Ordinal);
            var open = text.LastIndexOf(" (", StringComparison.Ordinal);
            if (space < 0 || open < space)
                continue;
            stack.Add(new Frame(text[(space + 1)..open], Path.GetFileName(text[(open + 2)..].TrimEnd(')'))));
        }

        return stacks;
    }
}
