using Akka.Zab.Simulation.Worlds;
using Xunit.Abstractions;

namespace Akka.Zab.Simulation.Runs;

/// <summary>
/// Whole ensembles with faults and clients, by seed. SIMULATION_SEEDS says how many of the fixed and of the fresh set,
/// SIMULATION_FIRST where the fixed set begins, SIMULATION_SECONDS how long there are faults in each run.
/// </summary>
public class SeedTests(ITestOutputHelper output)
{
    private const int Fixed = 150;
    private const int Fresh = 60;

    [Fact]
    public void A_fixed_set_of_seeds_runs_clean_and_comes_across_everything_that_matters()
    {
        var count = Seeds.Setting("SIMULATION_SEEDS", Fixed);
        var seeds = Seeds.RunAll(Enumerable.Range(Seeds.Setting("SIMULATION_FIRST", 1), count));

        output.WriteLine(seeds.Speed());
        output.WriteLine(seeds.Counts());
        Assert.True(seeds.Failures.Count == 0, seeds.Report());
        if (count < Fixed)
            return;
        var missing = CoverageGoals.All.Where(what => !seeds.Hits.ContainsKey(what)).ToArray();
        Assert.True(missing.Length == 0, $"Never come across: {string.Join("; ", missing)}");
    }

    [Fact]
    public void A_fresh_set_of_seeds_runs_clean()
    {
        var first = Random.Shared.Next(1_000_000, int.MaxValue / 2);
        var count = Math.Min(Fresh, Seeds.Setting("SIMULATION_SEEDS", Fresh));
        var seeds = Seeds.RunAll(Enumerable.Range(first, count));

        output.WriteLine(seeds.Speed());
        Assert.True(seeds.Failures.Count == 0, seeds.Report());
    }

    [Fact]
    public void One_seed_is_one_run_byte_for_byte()
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var first = TextOf(seed);
            TextOf(seed + 100);
            Assert.Equal(first, TextOf(seed));
        }

        Assert.NotEqual(TextOf(1), TextOf(2));
    }

    /// <summary>SIMULATION_SEED says which; its whole trace is written to a file beside the tests.</summary>
    [Fact]
    public void A_seed_runs_again()
    {
        using var run = new Run(Seeds.Setting("SIMULATION_SEED", 1), keepTrace: true);
        var file = Path.Combine(AppContext.BaseDirectory, $"simulation-{run.Seed}.txt");
        try
        {
            run.Complete(TimeSpan.FromSeconds(Seeds.SecondsOfFaults));
        }
        catch (SimulationFailedException failed)
        {
            output.WriteLine(Chart.Of(run.World, 200));
            Assert.Fail($"{failed.Message}\nThe whole trace: {file}");
        }
        finally
        {
            File.WriteAllText(file, run.World.Trace.ToString());
        }
    }

    private static string TextOf(int seed)
    {
        using var run = new Run(seed, keepTrace: true);
        run.Complete(TimeSpan.FromSeconds(8));
        return $"{run.World.Trace.Fingerprint}\n{run.World.Trace}";
    }
}
