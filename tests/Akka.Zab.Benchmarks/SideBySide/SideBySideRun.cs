using System.Diagnostics;
using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>Both systems on this machine, in turn: first the rounds, then what is done once.</summary>
internal static class SideBySideRun
{
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public static IReadOnlyList<Row> Select(IReadOnlyCollection<string> names)
    {
        var unknown = names.FirstOrDefault(name => name is not ("all" or "rounds" or "million") && Row.All.All(row => row.Key != name));
        if (unknown is not null)
            throw new ArgumentException($"There is no row {unknown}; there are {string.Join(", ", Row.All.Select(row => row.Key))}.");
        return [.. Row.All.Where(row => names.Count == 0 || names.Contains("all") || names.Contains(row.Key)
            || (names.Contains("rounds") && row.Part == Part.Rounds) || (names.Contains("million") && row.Part == Part.Million))];
    }

    public static async Task RunAsync(Settings settings, string work, string file, string command)
    {
        if (!File.Exists(ZooKeeperEnsemble.Jar) && Environment.GetEnvironmentVariable("SYSTEMS") != "zab")
            throw new ArgumentException($"There is no {ZooKeeperEnsemble.Jar}: Debian's package zookeeper has it.");
        var tools = await LoadTools.CompileAsync(settings.Bench, Path.Combine(work, "tools"));
        await using var ours = new ZabEnsemble(Path.Combine(work, "zab"));
        await using var theirs = new ZooKeeperEnsemble(Path.Combine(work, "zookeeper"));
        var samples = new Samples(file);
        Bench[] both = [new(settings, theirs, tools, samples), new(settings, ours, tools, samples)];
        both = Environment.GetEnvironmentVariable("SYSTEMS") switch { "zab" => both[1..], "zookeeper" => both[..1], _ => both };
        var watch = Stopwatch.StartNew();
        try
        {
            for (var round = 1; settings.Wants(Part.Rounds) && round <= settings.Rounds; round++)
                await EachAsync(both, ShortRows.RunAsync, $"round {round} of {settings.Rounds}", watch);
            if (settings.Wants(Part.Gap))
                await EachAsync(both, LeaderKills.RunAsync, "leaders killed", watch);
            if (settings.Wants(Part.Million))
                await EachAsync(both, MillionZnodes.RunAsync, $"{settings.Znodes:n0} znodes", watch);
        }
        finally
        {
            Table.Print(samples, FormattableString.Invariant(
                $"`{command}`, {settings.WarmUpSeconds} s of warm-up before each round and before the kills"));
        }
    }

    private static async Task EachAsync(Bench[] both, Func<Bench, Task> run, string what, Stopwatch watch)
    {
        foreach (var bench in both)
        {
            await Console.Error.WriteLineAsync($"{watch.Elapsed:mm\\:ss} {what}, {bench.Ensemble.Name}");
            try
            {
                await run(bench);
            }
            catch (InvalidOperationException e)
            {
                await Console.Error.WriteLineAsync($"{bench.Ensemble.Name}: {e.Message}");
                await bench.Ensemble.StopAsync();
            }
        }
    }
}
