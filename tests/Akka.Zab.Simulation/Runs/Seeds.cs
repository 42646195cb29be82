using System.Diagnostics;
using System.Globalization;
using System.Text;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Runs;

/// <summary>What came of a set of seeds.</summary>
internal sealed class Seeds
{
    private const int ChartLines = 80;
    private const int FailuresShown = 5;

    private readonly List<string> failures = [];
    private readonly SortedDictionary<string, long> hits = new(StringComparer.Ordinal);
    private double simulated;
    private TimeSpan cpu;
    private TimeSpan wall;
    private int count;

    /// <summary>Seconds of faults in a run; SIMULATION_SECONDS.</summary>
    public static int SecondsOfFaults => Setting("SIMULATION_SECONDS", 30);

    public IReadOnlyList<string> Failures => failures;

    /// <summary>How often everything happened that <see cref="Coverage"/> counts.</summary>
    public IReadOnlyDictionary<string, long> Hits => hits;

    /// <summary>A number in the environment.</summary>
    public static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value : otherwise;

    public static Seeds RunAll(IEnumerable<int> seeds)
    {
        var all = new Seeds();
        var watch = Stopwatch.StartNew();
        var cpuBefore = Environment.CpuUsage.TotalTime;
        var progress = Environment.GetEnvironmentVariable("SIMULATION_PROGRESS");
        foreach (var seed in seeds)
        {
            all.RunOne(seed);
            if (progress is { Length: > 0 } && all.count % 100 == 0)
                File.WriteAllText(progress, $"{all.count} seeds up to {seed}\n{all.Report()}\n");
        }

        all.cpu = Environment.CpuUsage.TotalTime - cpuBefore;
        all.wall = watch.Elapsed;
        return all;
    }

    /// <summary>How fast it went.</summary>
    public string Speed() => string.Create(
        CultureInfo.InvariantCulture,
        $"{count} seeds, {simulated:F0} simulated seconds in {wall.TotalSeconds:F0} s: "
        + $"{simulated / wall.TotalSeconds:F0} times real time, {simulated / cpu.TotalSeconds:F0} times by CPU time");

    /// <summary>The failures, the first with a chart; empty if there are none.</summary>
    public string Report() => failures.Count == 0
        ? "" : string.Join("\n\n", failures.Take(FailuresShown).Prepend($"{failures.Count} seeds failed."));

    /// <summary>What happened, and how often.</summary>
    public string Counts()
    {
        var text = new StringBuilder();
        foreach (var (what, times) in hits)
            text.Append(CultureInfo.InvariantCulture, $"{times,10}  {what}\n");
        return text.ToString();
    }

    private void RunOne(int seed)
    {
        using var run = new Run(seed);
        try
        {
            run.Complete(TimeSpan.FromSeconds(SecondsOfFaults));
        }
        catch (SimulationFailedException failed)
        {
            failures.Add(Describe(run, failed, failures.Count == 0));
        }

        count++;
        simulated += run.World.Now / 1e6;
        foreach (var (what, times) in run.World.Coverage.Hits)
            hits[what] = hits.GetValueOrDefault(what) + times;
    }

    private static string Describe(Run run, SimulationFailedException failed, bool withChart) =>
        $"Seed {run.Seed}, at {Trace.Seconds(run.World.Now)} s: {failed.Message}\n"
        + $"Again: SIMULATION_SEED={run.Seed} SIMULATION_SECONDS={SecondsOfFaults} "
        + "dotnet test tests/Akka.Zab.Simulation --filter A_seed_runs_again\n"
        + (withChart ? Chart.Of(run.World, ChartLines) : "");
}
