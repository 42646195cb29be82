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
    public Task Everything_that_a_client_sees_is_what_it_sees_of_ZooKeeper()
        => CompareAsync(new PairSettings(), share: 1, _expected);

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar, ReferenceServer.Codec, ReferenceServer.Resolver)]
    public Task So_it_is_over_TLS_and_when_servers_end_sessions_and_delete_znodes_by_themselves()
        => CompareAsync(
            new PairSettings { Acts = true }, share: 20, [" invalid", " closed", "NodeDeleted"]);

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task So_it_is_of_three_servers_that_sessions_move_between()
        => CompareAsync(new PairSettings { Servers = 3 }, share: 10, [
            "Create err=0", "NodeChildrenChanged", "Reconfig err=-8", "Reconfig err=-13", "Reconfig err=-102",
            "Reconfig err=-103",
        ]);

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task So_it_is_of_sessions_that_only_their_server_knows_until_they_need_the_ensemble()
        => CompareAsync(
            new PairSettings { Servers = 3, LocalSessions = true, UpgradesSessions = true }, share: 10,
            [" invalid", "Create err=0", "GetEphemerals err=0"], most: 4_000);

    [ToolFact(ReferenceServer.Java, ReferenceServer.Jar)]
    public Task So_it_is_of_sessions_that_may_not_make_what_is_ephemeral()
        => CompareAsync(
            new PairSettings { Servers = 3, LocalSessions = true }, share: 10,
            [" invalid", "Create err=0", "Create err=-120", "Multi undone"], most: 400);

    /// <param name="pair">What the servers are set to.</param>
    /// <param name="share">Such a part of the operations is done.</param>
    /// <param name="expected">What the fixed seed comes across.</param>
    /// <param name="most">
    /// If not 0, no more operations and no other seed: a ZooKeeper 3.8 with local sessions does not survive every multi.
    /// </param>
    async Task CompareAsync(PairSettings pair, int share, string[] expected, int most = 0)
    {
        using var certificates = pair.Acts ? new PairCertificates() : null;
        using var zooKeeper = new ReferenceServer(pair, certificates);
        await using var zab = new OurServer(pair, certificates);
        var version = await zooKeeper.StartedAsync();
        await zab.StartedAsync();
        using var reference = new Side($"ZooKeeper {version}", zooKeeper);
        using var ours = new Side("Akka.Zab", zab);
        var silent = false;
        var comparison = new Comparison(reference, ours);

        var operations = (Setting("ZAB_BACK_TO_BACK_OPERATIONS") ?? 4_000) / share;
        if (most > 0) operations = Math.Min(operations, most);
        int[] seeds = most > 0 ? [FixedSeed] : Setting("ZAB_BACK_TO_BACK_SEED") is { } seed
            ? [seed] : [FixedSeed, Random.Shared.Next(1_000_000_000)];
        foreach (var each in seeds)
        {
            if (silent) break;
            var clock = Stopwatch.StartNew();
            var before = comparison.Operations;
            var steps = new Script(each, pair).Steps(operations);
            try
            {
                comparison.Run($"/run-{each}", steps);
            }
            catch (DifferenceException e)
            {
                var smallest = new Shrinking(comparison).Smallest(steps, e);
                Assert.Fail($"Seed {each}, {operations} operations, step {e.Step}; shrunk to\n{smallest.Message}\n\nIt was\n{e.Message}");
            }
            catch (SilentReferenceException e) when (pair.Servers > 1)
            {
                // What was compared until then was the same.
                output.WriteLine(e.Message);
                silent = true;
            }
            output.WriteLine(
                $"Seed {each}: {comparison.Operations - before} operations in {clock.Elapsed.TotalSeconds:0} s.");
        }
        output.WriteLine(comparison.Summary());
        if (seeds.Contains(FixedSeed) && !silent) Assert.Empty(expected.Except(comparison.Seen.Keys));
    }

    static int? Setting(string name)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value : null;
}
