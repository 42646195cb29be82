using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>
/// The leader is killed with kill -9, again and again in one ensemble. The killed server is started again after each
/// measurement, not during it, and the next waits until it serves.
/// </summary>
internal static class LeaderKills
{
    private const double Seconds = 4.5;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.5);

    public static async Task RunAsync(Bench bench)
    {
        await bench.Ensemble.StartAsync(new Shape());
        await ShortRows.WarmUpAsync(bench);
        for (var kill = 0; kill < bench.Settings.Kills; kill++)
            await bench.TryAsync("gap", () => KillAsync(bench));
        await bench.Ensemble.StopAsync();
    }

    private static async Task KillAsync(Bench bench)
    {
        var leader = await bench.Ensemble.LeaderAsync();
        var writing = bench.Tools.RunAsync("zkgap", bench.Ensemble, FormattableString.Invariant($"-d {Seconds}"));
        await Task.Delay(Before);
        bench.Ensemble.Kill(leader);
        try
        {
            bench.Add("gap", (await writing)["longest_gap_ms"]);
        }
        finally
        {
            bench.Ensemble.Launch(leader);
            await bench.Ensemble.ServesAsync(leader);
            await Task.Delay(Settling);
        }
    }
}
