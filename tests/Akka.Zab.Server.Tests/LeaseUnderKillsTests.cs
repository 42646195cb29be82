namespace Akka.Zab.Server.Tests;

/// <summary>
/// Akka.NET's lease on three real servers, with owners in processes of their own that are killed or stopped.
/// </summary>
[Collection("processes")]
public class LeaseUnderKillsTests
{
    [Fact]
    public async Task An_owner_that_is_killed_loses_the_lease_to_another_though_the_leader_dies_with_it()
    {
        await using var servers = await DevFixture.StartAsync();
        await using var first = await LeaseOwner.StartAsync("a", servers.Hosts);
        await using var second = await LeaseOwner.StartAsync("b", servers.Hosts);
        Assert.True((await first.AcquireAsync()).Acquired);
        Assert.True(await first.CheckAsync());
        Assert.False((await second.AcquireAsync()).Acquired);
        Assert.False(await second.CheckAsync());

        first.Signal("KILL");
        await second.AcquireAtLastAsync();
        Assert.True(await second.CheckAsync());

        await using var third = await LeaseOwner.StartAsync("c", servers.Hosts);
        var leader = await servers.LeaderAsync();
        second.Signal("KILL");
        servers.Kill(leader);
        await third.AcquireAtLastAsync();
        await servers.ServeAgainAsync(leader);
    }

    [Fact]
    public async Task An_owner_that_is_stopped_does_not_take_itself_for_the_holder_when_it_goes_on()
    {
        await using var servers = await DevFixture.StartAsync();
        await using var a = await LeaseOwner.StartAsync("a", servers.Hosts);
        await using var b = await LeaseOwner.StartAsync("b", servers.Hosts);
        var (first, second) = (a, b);
        Assert.True((await first.AcquireAsync()).Acquired);
        for (var round = 0; round < 3; round++)
        {
            await first.LookUntilLostAsync();
            first.Signal("STOP");
            var takenAt = await second.AcquireAtLastAsync();
            first.Signal("CONT");
            Assert.True(await first.LastHeldAsync() < takenAt);
            Assert.False(await first.CheckAsync());
            Assert.True(await second.CheckAsync());
            (first, second) = (second, first);
        }
    }

    [Fact]
    public async Task An_owner_that_is_started_again_takes_its_lease_over_and_a_system_that_ends_frees_it()
    {
        await using var servers = await DevFixture.StartAsync();
        await using var first = await LeaseOwner.StartAsync("a", servers.Hosts);
        await using var other = await LeaseOwner.StartAsync("b", servers.Hosts);
        Assert.True((await first.AcquireAsync()).Acquired);
        first.Signal("KILL");
        await using var again = await LeaseOwner.StartAsync("a", servers.Hosts);
        Assert.True((await again.AcquireAsync()).Acquired);
        Assert.False((await other.AcquireAsync()).Acquired);
        await again.ReleaseAsync();
        Assert.True((await other.AcquireAsync()).Acquired);
        await other.TerminateSystemAsync();
        Assert.True((await again.AcquireAsync()).Acquired);
    }

    [Fact]
    public async Task Of_a_cluster_that_is_split_the_node_that_gets_the_lease_goes_on_and_the_other_ends()
    {
        const string node = """
            akka {
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              cluster {
                failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 3s }
                downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
                split-brain-resolver {
                  active-strategy = lease-majority
                  stable-after = 2s
                  lease-majority.lease-implementation = my-lease
                }
              }
            }
            """;
        await using var servers = await DevFixture.StartAsync();
        await using var first = await LeaseOwner.StartAsync("a", servers.Hosts, node);
        await using var second = await LeaseOwner.StartAsync("b", servers.Hosts, node);
        await second.JoinAsync(await first.JoinAsync());
        await second.WaitForTheEndAsync();
        second.Signal("STOP");
        await first.AloneAsync();
        second.Signal("CONT");
        await second.EndAsync();
    }
}
