using Akka.Zab.Benchmarks.Ensembles;
using Akka.Zab.Benchmarks.Wire;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>
/// A large tree, once for each system: memory, a long load in which snapshots are taken and everything is collected, and
/// starting again.
/// </summary>
internal static class MillionZnodes
{
    private const int ValueBytes = 131;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Bench bench)
    {
        var ensemble = bench.Ensemble;
        var znodes = bench.Settings.Znodes;
        await ensemble.StartAsync(new Shape());
        var leader = await ensemble.LeaderAsync();
        var follower = ensemble.Shape.Ids.First(id => id != leader);
        long empty = 0;
        await bench.TryAsync("znode", async () => empty = await ensemble.LiveHeapAsync(follower));
        await bench.FloodAsync($"-m fill -n {znodes} -v {ValueBytes}");
        await Task.Delay(Quiet);
        await bench.TryAsync("resident", () =>
        {
            // The servers differ by what they have done and how their collectors took it; all of them count alike.
            bench.Add("resident", ensemble.Shape.Ids.Average(id => ensemble.Memory(id, "VmRSS")) / (1 << 20));
            return Task.CompletedTask;
        });
        await bench.TryAsync("znode", async () =>
            bench.Add("znode", (await ensemble.LiveHeapAsync(follower) - empty) / (double)znodes));
        await bench.TryAsync("stall", () => StallAsync(bench));
        await bench.TryAsync("restart", () => RestartAsync(bench));
        await ensemble.StopAsync();
    }

    private static async Task StallAsync(Bench bench)
    {
        await bench.FloodAsync($"-m mixed -d {bench.Settings.WarmUpSeconds / 2}");
        using var load = new WireLoad(bench.Ensemble.Ports);
        var figures = load.Run("mixed", perSecond: null, TimeSpan.FromSeconds(bench.Settings.StallSeconds));
        await Console.Error.WriteLineAsync(FormattableString.Invariant(
            $"{bench.Ensemble.Name}: {figures.PerSecond:f0} a second during the mixed load for {bench.Settings.StallSeconds} s"));
        bench.Add("stall", figures.StallMs);
        bench.Add("stall-server", figures.ServerStallMs);
        bench.Add("stall-machine", figures.MachineMs);
    }

    private static async Task RestartAsync(Bench bench)
    {
        for (var restart = 0; restart < bench.Settings.Restarts; restart++)
        {
            var leader = await bench.Ensemble.LeaderAsync();
            var follower = bench.Ensemble.Shape.Ids.First(id => id != leader);
            bench.Ensemble.Kill(follower);
            bench.Ensemble.Launch(follower);
            bench.Add("restart", (await bench.Ensemble.ServesAsync(follower)).TotalSeconds);
        }
    }
}
