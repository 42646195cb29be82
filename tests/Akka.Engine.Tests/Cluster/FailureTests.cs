using Akka.Actor;
using Akka.Cluster;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests.Cluster;

public class FailureTests
{
    /// <summary>The actor that answers other nodes' heartbeats; each engine has it elsewhere.</summary>
    private static string HeartbeatPath => BundledFactAttribute.IsBundled
        ? "/system/cluster-heartbeat"
        : "/system/cluster/heartbeatReceiver";

    [Fact]
    public async Task A_node_that_crashes_becomes_unreachable_and_is_removed_once_it_is_down()
    {
        var nodes = await ClusterNode.StartAsync(3);
        var dead = nodes[2].Cluster.SelfUniqueAddress;
        await nodes[2].AbortAsync();
        foreach (var node in nodes[..2])
            await node.Events.ExpectAsync<ClusterEvent.UnreachableMember>(e => e.Member.UniqueAddress == dead);
        Assert.Contains(nodes[0].Cluster.State.Unreachable, m => m.UniqueAddress == dead);
        nodes[1].Cluster.Down(dead.Address);
        foreach (var node in nodes[..2])
        {
            await node.Events.ExpectAsync<ClusterEvent.MemberDowned>(e => e.Member.UniqueAddress == dead);
            var removed = await node.Events.ExpectAsync<ClusterEvent.MemberRemoved>();
            Assert.Equal(dead, removed.Member.UniqueAddress);
            Assert.Equal(MemberStatus.Down, removed.PreviousStatus);
        }
        foreach (var node in nodes[..2]) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_is_restarted_replaces_its_earlier_run()
    {
        var nodes = await ClusterNode.StartAsync(3);
        var dead = nodes[2].Cluster.SelfUniqueAddress;
        await nodes[2].AbortAsync();
        await using var again = new ClusterNode($"akka.remote.dot-netty.tcp.port = {dead.Address.Port}");
        Assert.Equal(dead.Address, again.Address);
        await again.Cluster.JoinSeedNodesAsync([nodes[0].Address, nodes[1].Address]).WaitAsync(Node.Patience);
        foreach (var node in nodes[..2])
        {
            await node.SeesUpAsync(again);
            Assert.DoesNotContain(node.Cluster.State.Members, m => m.UniqueAddress == dead);
        }
        foreach (var node in nodes[..2]) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_was_silent_for_a_while_is_reachable_again()
    {
        var nodes = await ClusterNode.StartAsync(3);
        // Its heartbeats stop, as they do when the whole process is paused.
        var beats = await nodes[2].System.ActorSelection(HeartbeatPath).ResolveOne(Node.Patience);
        ((IInternalActorRef)beats).Suspend();
        await nodes[0].Events.ExpectAsync<ClusterEvent.UnreachableMember>();
        ((IInternalActorRef)beats).Resume();
        await nodes[0].Events.ExpectAsync<ClusterEvent.ReachableMember>(
            e => e.Member.UniqueAddress == nodes[2].Cluster.SelfUniqueAddress);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_learns_that_it_is_down_ends()
    {
        var nodes = await ClusterNode.StartAsync(2);
        nodes[0].Cluster.Down(nodes[1].Address);
        await nodes[1].System.WhenTerminated.WaitAsync(Node.Patience);
        Assert.True(nodes[1].Cluster.IsTerminated);
        await nodes[0].Events.ExpectAsync<ClusterEvent.MemberRemoved>();
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Watchers_of_actors_on_a_removed_node_are_told()
    {
        var nodes = await ClusterNode.StartAsync(2);
        nodes[1].Remote.Echo();
        var echo = await nodes[0].Remote.FindAsync(nodes[1].Remote, "/user/echo");
        var inbox = nodes[0].Remote.NewInbox();
        inbox.Watch(echo);
        await echo.Ask<Note>(new Note(1, "sync"), Node.Patience);
        await nodes[1].AbortAsync();
        nodes[0].Cluster.Down(nodes[1].Address);
        Assert.Equal(echo, (await inbox.ExpectAsync<Terminated>()).ActorRef);
        await nodes[0].DisposeAsync();
    }

    [Fact]
    public async Task Keep_majority_removes_the_minority()
    {
        const string resolver = """
            akka.cluster {
              downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
              split-brain-resolver.stable-after = 1s
            }
            """;
        var nodes = await ClusterNode.StartAsync(3, _ => resolver);
        await nodes[2].AbortAsync();
        foreach (var node in nodes[..2])
            Assert.Equal(nodes[2].Address, (await node.Events.ExpectAsync<ClusterEvent.MemberRemoved>()).Member.Address);
        foreach (var node in nodes[..2]) await node.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_majority_removes_the_side_that_does_not_get_the_lease(bool isFree)
    {
        var name = $"lease-{Guid.NewGuid():N}";
        if (!isFree) SharedLease.Holders[name] = "another";
        var resolver = $$"""
            akka.cluster {
              downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
              split-brain-resolver {
                active-strategy = lease-majority
                stable-after = 1s
                lease-majority {
                  lease-implementation = shared-lease
                  lease-name = {{name}}
                  acquire-lease-delay-for-minority = 100ms
                  release-after = 100ms
                }
              }
            }
            shared-lease.lease-class = "Akka.Engine.Tests.Cluster.SharedLease, Akka.Engine.Tests"
            """;
        var nodes = await ClusterNode.StartAsync(3, _ => resolver);
        await nodes[2].AbortAsync();
        if (isFree)
        {
            foreach (var node in nodes[..2])
            {
                var removed = await node.Events.ExpectAsync<ClusterEvent.MemberRemoved>();
                Assert.Equal(nodes[2].Address, removed.Member.Address);
            }
            var released = SharedLease.Released.GetOrAdd(name, _ => new TaskCompletionSource<string>());
            Assert.Contains(await released.Task.WaitAsync(Node.Patience), nodes[..2].Select(n => n.Address.HostPort()));
        }
        else
        {
            foreach (var node in nodes[..2]) await node.System.WhenTerminated.WaitAsync(Node.Patience);
        }
        foreach (var node in nodes[..2]) await node.DisposeAsync();
    }
}
