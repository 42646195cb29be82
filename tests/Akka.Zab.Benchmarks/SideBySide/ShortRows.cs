using Akka.Zab.Benchmarks.Ensembles;
using Akka.Zab.Benchmarks.Wire;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>One round of one system: a fresh ensemble of three, warmed up, then every short measurement once.</summary>
internal static class ShortRows
{
    private const int WatchRounds = 5;

    /// <summary>Creates come last, so that all other figures are of a small tree on both systems.</summary>
    private static readonly string[] Modes = ["get", "exists", "children", "mixed", "set", "multi"];
    private static readonly string[] Growing = ["create", "ephemeral"];

    public static async Task RunAsync(Bench bench)
    {
        await bench.Ensemble.StartAsync(new Shape());
        await WarmUpAsync(bench);
        var seconds = bench.Settings.Seconds;
        foreach (var one in (string[])["set", "get"])
        {
            await bench.TryAsync($"{one}-one", async () => bench.Add(
                $"{one}-one",
                (await bench.Tools.RunAsync(
                    "zkload",
                    bench.Ensemble,
                    FormattableString.Invariant($"-m {one} -c 1 -w 1 -d {seconds} -q")))["p50_ms"]));
        }

        foreach (var mode in Modes)
            await bench.TryAsync(mode, () => ThroughputAsync(bench, mode));
        foreach (var mode in (string[])["get", "set", "mixed"])
            await bench.TryAsync($"p99-{mode}", () => PacedAsync(bench, mode));
        await bench.TryAsync("watch", async () => bench.Add(
            "watch", (await bench.FloodAsync($"-m watch -c {bench.Settings.Clients} -w 4 -n {WatchRounds}"))["mean_ms"]));
        await bench.TryAsync("sessions", async () => bench.Add(
            "sessions", (await bench.FloodAsync($"-m sessions -c {bench.Settings.Clients} -w 4 -d 0"))["open_secs"]));
        foreach (var mode in Growing)
            await bench.TryAsync(mode, () => ThroughputAsync(bench, mode));
        await bench.Ensemble.StopAsync();
    }

    /// <summary>Every kind of load for its share of the time.</summary>
    public static async Task WarmUpAsync(Bench bench)
    {
        string[] modes = [.. Modes, "create"];
        var share = bench.Settings.WarmUpSeconds / modes.Length;
        foreach (var mode in modes)
            await bench.FloodAsync($"-m {mode} -d {share}");
    }

    private static async Task ThroughputAsync(Bench bench, string mode) =>
        bench.Add(mode, (await bench.FloodAsync($"-m {mode} -d {bench.Settings.Seconds}"))["ops_per_s"]);

    /// <summary>The rate is what ZooKeeper has reached so far, the median of the rounds.</summary>
    private static Task PacedAsync(Bench bench, string mode)
    {
        var reached = bench.Samples.Of("ZooKeeper", mode);
        if (reached.Length == 0)
            throw new InvalidOperationException($"the row {mode} must be measured, too: it has the rate");
        using var load = new WireLoad(bench.Ensemble.Ports);
        var rate = Samples.Median(reached);
        var figures = load.Run(mode, rate, TimeSpan.FromSeconds(bench.Settings.Seconds));
        Console.Error.WriteLine(FormattableString.Invariant(
            $"{bench.Ensemble.Name} {mode}: {figures.PerSecond:f0} of {rate:f0} offered a second, p50 {figures.P50Ms:f2} ms"));
        bench.Add($"p99-{mode}", figures.P99Ms);
        return Task.CompletedTask;
    }
}
