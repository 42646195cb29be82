using System.Globalization;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>
/// The recipes on simulated servers, in virtual time: connections break, answers of writes that were done get lost,
/// sessions expire, processes and servers stop for longer than a session lasts, servers lose their leader and do not
/// know it. A seed is a run, event by event: <c>RECIPE_SEED</c> is the first, <c>RECIPE_SEEDS</c> how many there are of
/// each scenario, <c>RECIPE_SECONDS</c> for how long there are faults.
/// </summary>
public class SimulationTests
{
    private static readonly int First = Setting("RECIPE_SEED", 1);
    private static readonly int Seeds = Setting("RECIPE_SEEDS", 12);
    private static readonly int Seconds = Setting("RECIPE_SECONDS", 30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static TheoryData<string> Scenarios => [.. Simulations.All.Keys];

    [Theory, MemberData(nameof(Scenarios))]
    public async Task Nothing_is_broken_lost_or_left_behind_whatever_goes_wrong(string scenario)
    {
        var (exitCode, output) = await RunAsync(scenario, First, Seeds, Seconds);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task A_seed_is_a_run()
    {
        var (_, once) = await RunAsync("mutex", First, 3, 10);
        var (_, again) = await RunAsync("mutex", First, 3, 10);
        Assert.Equal(once, again);
        Assert.Equal(3, once.Split(": ok").Length - 1);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string scenario, int first, int count, int seconds) =>
        OwnProcess.RunAsync(
            Patience + (TimeSpan.FromSeconds(2) * count),
            ["simulate", scenario, .. new[] { first, count, seconds }.Select(static n => $"{n}")],
            // With one thread there is one order.
            ("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1"));

    private static int Setting(string name, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
