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

    /// <summary>What the fixed seed comes across; a script that does not has tested little.</summary>
    static readonly string[] _expected =
    [
        "Create err=0", "Create err=-8", "Create err=-101", "Create err=-102", "Create err=-108", "Create err=-110",
        "Create err=-114", "Create err=-125", "Create2 err=0", "CreateContainer err=0", "CreateTtl err=0",
        "CreateTtl err=-8", "Delete err=0", "Delete err=-8", "Delete err=-101", "Delete err=-102", "Delete err=-103",
        "Delete err=-111", "Exists err=0", "Exists err=-101", "GetData err=0", "GetData err=-101", "GetData err=-102",
        "SetData err=0", "SetData err=-8", "SetData err=-101", "SetData err=-102", "SetData err=-103", "SetData err=-125",
        "GetAcl err=0", "GetAcl err=-101", "GetAcl err=-102", "SetAcl err=0", "SetAcl err=-101", "SetAcl err=-102",
        "SetAcl err=-103", "SetAcl err=-114", "GetChildren err=0", "GetChildren err=-102", "GetChildren2 err=0",
        "Sync err=0", "Ping err=0", "Multi err=0", "Multi err=-5", "Multi undone", "MultiRead err=0", "CheckWatches err=0",
        "CheckWatches err=-121", "RemoveWatches err=0", "RemoveWatches err=-121", "AddWatch err=0", "SetWatches err=0",
        "SetWatches2 err=0", "GetEphemerals err=0", "GetAllChildrenNumber err=0", "WhoAmI err=0", "Auth err=0",
        "Auth err=-115", "Nonsense err=-6", "CloseSession err=0", "NodeCreated", "NodeDeleted", "NodeDataChanged",
        "NodeChildrenChanged",
    ];

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public async Task Everything_that_a_client_sees_is_what_it_sees_of_ZooKeeper()
    {
        using var zooKeeper = new ReferenceServer();
        await using var zab = new OurServer();
        var version = await zooKeeper.StartedAsync();
        using var reference = new Side($"ZooKeeper {version}", zooKeeper.Port);
        using var ours = new Side("Akka.Zab", await zab.StartedAsync());
        var comparison = new Comparison(reference, ours);

        var operations = Setting("ZAB_BACK_TO_BACK_OPERATIONS") ?? 4_000;
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
        if (seeds.Contains(FixedSeed)) Assert.Empty(_expected.Except(comparison.Seen.Keys));
    }

    static int? Setting(string name)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value : null;
}
