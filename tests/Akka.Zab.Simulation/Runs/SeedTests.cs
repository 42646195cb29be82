using System.Diagnostics;
using System.Text;
using Akka.Zab.Simulation.Worlds;
using Xunit.Abstractions;

namespace Akka.Zab.Simulation.Runs;

public class SeedTests(ITestOutputHelper output)
{
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    [Fact]
    public void Many_seeds_run_clean()
    {
        var first = Setting("SIMULATION_FIRST", 1);
        var count = Setting("SIMULATION_SEEDS", 20);
        var seconds = Setting("SIMULATION_SECONDS", 30);
        var watch = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var failures = new List<string>();
        var hits = new SortedDictionary<string, long>();
        var simulated = 0.0;
        for (var seed = first; seed < first + count; seed++)
        {
            using var run = new Run(seed, keepTrace: Setting("SIMULATION_TRACE", 0) > 0);
            try
            {
                run.Complete(TimeSpan.FromSeconds(seconds));
            }
            catch (SimulationFailedException failed)
            {
                failures.Add($"seed {seed} at {Trace.Seconds(run.World.Now)}: {failed.Message}");
                var text = new StringBuilder();
                foreach (var entry in run.World.Trace.Last(4000))
                    MessageText.Line(text, entry).Append('\n');
                File.WriteAllText($"/tmp/sim-{seed}.txt", run.World.Trace.ToString() is { Length: > 0 } all ? all : text.ToString());
            }

            simulated += run.World.Now / 1e6;
            foreach (var (what, times) in run.World.Coverage.Hits)
                hits[what] = hits.GetValueOrDefault(what) + times;
        }

        output.WriteLine($"{simulated:F0} s in {watch.Elapsed.TotalSeconds:F1} s: {simulated / watch.Elapsed.TotalSeconds:F0} times real time, {simulated / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F0} by CPU time");
        foreach (var (what, times) in hits)
            output.WriteLine($"{times,10} {what}");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }
}
