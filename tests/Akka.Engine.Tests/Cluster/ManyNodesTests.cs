using Akka.Actor;
using Akka.Cluster;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests.Cluster;

public class ManyNodesTests
{
    [Fact]
    public async Task Ten_nodes_of_one_process_agree_on_everything()
    {
        var nodes = await ClusterNode.StartAsync(10, i => $"akka.cluster.roles = [\"{(i < 5 ? "even" : "odd")}\"]");
        var expected = nodes.Select(n => n.Cluster.SelfUniqueAddress).Order().ToArray();
        foreach (var node in nodes)
        {
            Assert.Equal(expected, node.Cluster.State.Members.Select(m => m.UniqueAddress).Order());
            Assert.Empty(node.Cluster.State.Unreachable);
            Assert.Equal(nodes[0].Cluster.State.Leader, node.Cluster.State.Leader);
            Assert.Equal(5, node.Cluster.State.Members.Count(m => m.HasRole("odd")));
        }
        await nodes[9].Cluster.LeaveAsync().WaitAsync(Node.Patience);
        foreach (var node in nodes[..9])
        {
            var removed = await node.Events.ExpectAsync<ClusterEvent.MemberRemoved>();
            Assert.Equal(nodes[9].Cluster.SelfUniqueAddress, removed.Member.UniqueAddress);
        }
        await Task.WhenAll(nodes.Select(n => n.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_process_that_is_stopped_for_three_seconds_comes_back_and_is_not_removed()
    {
        const string resolver = """
            akka.cluster.downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            """;
        var nodes = await ClusterNode.StartAsync(2, _ => resolver);
        await using var paused = await NodeProcess.StartAsync(nodes[0].Address, resolver);
        foreach (var node in nodes)
            await node.Events.ExpectAsync<ClusterEvent.MemberUp>(e => e.Member.Address == paused.Address);
        var run = nodes[0].Cluster.State.Members.Single(m => m.Address == paused.Address).UniqueAddress;
        var echo = await nodes[0].System.ActorSelection($"{paused.Address}/user/echo")
            .ResolveOne(Node.Patience);
        var watcher = nodes[0].Remote.NewInbox();
        watcher.Watch(echo);

        paused.Pause();
        // It takes as long as the issue is about, and in that time the others must have noticed.
        await Task.WhenAll(
            Task.Delay(TimeSpan.FromSeconds(3)),
            nodes[0].Events.ExpectAsync<ClusterEvent.UnreachableMember>(e => e.Member.UniqueAddress == run));
        paused.Continue();

        foreach (var node in nodes)
            await node.Events.ExpectAsync<ClusterEvent.ReachableMember>(e => e.Member.UniqueAddress == run);
        Assert.Equal(new Note(1, "back"), await echo.Ask<Note>(new Note(1, "back"), Node.Patience));
        foreach (var node in nodes)
        {
            Assert.Equal(
                MemberStatus.Up, node.Cluster.State.Members.Single(m => m.UniqueAddress == run).Status);
            Assert.DoesNotContain(
                node.Events.Drain(), e => e is ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved);
        }
        Assert.DoesNotContain(watcher.Drain(), m => m is Terminated);
        foreach (var node in nodes) await node.DisposeAsync();
    }
}
