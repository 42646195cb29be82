using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// The same requests to a real ZooKeeper and to ours. ZAB_BACK_TO_BACK_OPERATIONS sets how many, ZAB_BACK_TO_BACK_SEED
/// the seed instead of a random one.
/// </summary>
[Collection("processes")]
public class BackToBackTests(ITestOutputHelper output)
{
    const int FixedSeed = 20261122;

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public async Task Everything_that_a_client_sees_is_what_it_sees_of_ZooKeeper()
    {
        using var zooKeeper = new ReferenceServer();
        await using var zab = new OurServer();
        var version = await zooKeeper.StartedAsync();
        using var reference = new Side($"ZooKeeper {version}", zooKeeper.Port);
        using var ours = new Side("Akka.Zab", await zab.StartedAsync());
        var comparison = new Comparison(reference, ours);

        var operations = Setting("ZAB_BACK_TO_BACK_OPERATIONS") ?? 3_000;
        int[] seeds = Setting("ZAB_BACK_TO_BACK_SEED") is { } seed
            ? [seed] : [FixedSeed, Random.Shared.Next(1_000_000_000)];
        foreach (var each in seeds)
        {
            var clock = Stopwatch.StartNew();
            var before = comparison.Operations;
            var steps = new Script(each).Steps(operations);
            try
            {
                comparison.Run($"/run-{each}", steps);
            }
            catch (DifferenceException e)
            {
                var smallest = new Shrinking(comparison).Smallest(steps, e);
                Assert.Fail($"Seed {each}, {operations} operations, step {e.Step}; shrunk to\n{smallest.Message}\n\nIt was\n{e.Message}");
            }
            output.WriteLine(
                $"Seed {each}: {comparison.Operations - before} operations in {clock.Elapsed.TotalSeconds:0} s.");
        }
        output.WriteLine(comparison.Summary());
    }

    static int? Setting(string name)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value : null;
}
