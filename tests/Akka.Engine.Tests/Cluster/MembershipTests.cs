using Akka.Actor;
using Akka.Cluster;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests.Cluster;

public class MembershipTests
{
    [Fact]
    public async Task A_node_that_joins_itself_founds_a_cluster()
    {
        await using var node = new ClusterNode("akka.cluster.roles = [seed, spare]");
        Assert.Equal(MemberStatus.Removed, node.Cluster.SelfMember.Status);
        await node.Cluster.JoinAsync(node.Address).WaitAsync(Node.Patience);
        Assert.True(node.Cluster.IsUp);
        Assert.Equal(MemberStatus.Up, node.Cluster.SelfMember.Status);
        Assert.Equal(["seed", "spare"], node.Cluster.SelfRoles.Order());
        Assert.Equal(node.Address, node.Cluster.State.Leader);
        Assert.Equal(node.Address, node.Cluster.State.RoleLeader("seed"));
        Assert.Null(node.Cluster.State.RoleLeader("other"));
        await node.Events.ExpectAsync<ClusterEvent.MemberUp>(e => e.Member.Equals(node.Cluster.SelfMember));
    }

    [Fact]
    public async Task Three_nodes_agree_on_members_and_leader()
    {
        var nodes = await ClusterNode.StartAsync(3);
        foreach (var node in nodes)
        {
            Assert.Equal(nodes.Select(n => n.Address).Order(Member.AddressOrdering),
                node.Cluster.State.Members.Select(m => m.Address));
            Assert.Equal(nodes.Select(n => n.Address).Min(Member.AddressOrdering), node.Cluster.State.Leader);
            Assert.Empty(node.Cluster.State.Unreachable);
        }
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Seed_nodes_that_start_together_form_one_cluster()
    {
        var nodes = Enumerable.Range(0, 3).Select(_ => new ClusterNode()).ToArray();
        var seeds = nodes.Select(n => n.Address).ToArray();
        await Task.WhenAll(nodes.Select(n => n.Cluster.JoinSeedNodesAsync(seeds))).WaitAsync(Node.Patience);
        foreach (var node in nodes) await node.SeesUpAsync(nodes);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task The_first_seed_node_founds_the_cluster_when_no_other_is_there()
    {
        await using var node = new ClusterNode();
        await node.Cluster.JoinSeedNodesAsync([node.Address, node.Address.WithPort(1)]).WaitAsync(Node.Patience);
        await node.SeesUpAsync(node);
    }

    [Fact]
    public async Task Another_seed_node_waits_for_the_first()
    {
        await using var second = new ClusterNode();
        await using var first = new ClusterNode();
        var seeds = new[] { first.Address, second.Address };
        var joined = second.Cluster.JoinSeedNodesAsync(seeds);
        await Assert.ThrowsAnyAsync<Exception>(() => joined.WaitAsync(TimeSpan.FromSeconds(2)));
        await first.Cluster.JoinSeedNodesAsync(seeds).WaitAsync(Node.Patience);
        await joined.WaitAsync(Node.Patience);
    }

    [Fact]
    public async Task Nobody_is_Up_before_enough_members_have_joined()
    {
        const string atLeastTwo = "akka.cluster.min-nr-of-members = 2";
        await using var first = new ClusterNode(atLeastTwo);
        first.Cluster.Join(first.Address);
        await first.Events.ExpectAsync<ClusterEvent.MemberJoined>();
        Assert.Equal(MemberStatus.Joining, first.Cluster.SelfMember.Status);
        await using var second = new ClusterNode(atLeastTwo);
        await second.Cluster.JoinAsync(first.Address).WaitAsync(Node.Patience);
        await first.SeesUpAsync(first, second);
    }

    [Fact]
    public async Task A_node_that_leaves_is_removed_everywhere_and_ends()
    {
        var nodes = await ClusterNode.StartAsync(3);
        await nodes[1].Cluster.LeaveAsync().WaitAsync(Node.Patience);
        foreach (var other in new[] { nodes[0], nodes[2] })
        {
            var left = nodes[1].Cluster.SelfUniqueAddress;
            await other.Events.ExpectAsync<ClusterEvent.MemberLeft>(e => e.Member.UniqueAddress == left);
            await other.Events.ExpectAsync<ClusterEvent.MemberExited>(e => e.Member.UniqueAddress == left);
            var removed = await other.Events.ExpectAsync<ClusterEvent.MemberRemoved>();
            Assert.Equal(left, removed.Member.UniqueAddress);
            Assert.Equal(MemberStatus.Exiting, removed.PreviousStatus);
        }
        await nodes[1].System.WhenTerminated.WaitAsync(Node.Patience);
        Assert.True(nodes[1].Cluster.IsTerminated);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task An_actor_system_that_terminates_leaves_its_cluster_first()
    {
        var nodes = await ClusterNode.StartAsync(2);
        await nodes[0].DisposeAsync();
        var removed = await nodes[1].Events.ExpectAsync<ClusterEvent.MemberRemoved>();
        Assert.Equal(MemberStatus.Exiting, removed.PreviousStatus);
        Assert.Equal(nodes[1].Address, nodes[1].Cluster.State.Leader);
        await nodes[1].DisposeAsync();
    }

    [Fact]
    public async Task The_last_node_can_leave()
    {
        var nodes = await ClusterNode.StartAsync(1);
        await nodes[0].Cluster.LeaveAsync().WaitAsync(Node.Patience);
        await nodes[0].System.WhenTerminated.WaitAsync(Node.Patience);
    }

    [Fact]
    public async Task A_subscriber_may_ask_for_a_snapshot_first()
    {
        await using var node = new ClusterNode();
        await node.Cluster.JoinAsync(node.Address).WaitAsync(Node.Patience);
        var inbox = node.Remote.NewInbox();
        node.Cluster.Subscribe(inbox.Ref, typeof(ClusterEvent.MemberUp));
        var state = await inbox.ExpectAsync<ClusterEvent.CurrentClusterState>();
        Assert.Equal(node.Address, Assert.Single(state.Members).Address);
        await using var other = new ClusterNode();
        other.Cluster.Join(node.Address);
        Assert.Equal(other.Address, (await inbox.ExpectAsync<ClusterEvent.MemberUp>()).Member.Address);
        Assert.DoesNotContain(inbox.Drain(), e => e is ClusterEvent.MemberJoined);
    }

    [Fact]
    public async Task A_callback_runs_when_the_node_is_Up_and_at_once_when_it_is_already()
    {
        await using var node = new ClusterNode();
        var up = new TaskCompletionSource();
        node.Cluster.RegisterOnMemberUp(up.SetResult);
        node.Cluster.Join(node.Address);
        await up.Task.WaitAsync(Node.Patience);
        await node.SeesUpAsync(node);
        var again = false;
        node.Cluster.RegisterOnMemberUp(() => again = true);
        Assert.True(again);
    }

    [Fact]
    public async Task Subscribing_to_what_is_no_event_of_the_cluster_is_refused()
    {
        await using var node = new ClusterNode();
        Assert.Throws<ArgumentException>(() => node.Cluster.Subscribe(node.Events.Ref, typeof(string)));
        Assert.Throws<ArgumentException>(() => node.Cluster.Subscribe(node.Events.Ref));
    }

    [Fact]
    public void A_downing_provider_that_does_not_exist_stops_the_start_with_its_name()
    {
        var refused = Assert.ThrowsAny<Exception>(
            () => new ClusterNode("akka.cluster.downing-provider-class = \"No.Such.Class, Nowhere\""));
        Assert.Contains("Nowhere", refused.ToString());
    }

    [Fact]
    public async Task Cancelling_a_join_that_cannot_succeed_fails_it()
    {
        await using var node = new ClusterNode();
        using var cancel = new CancellationTokenSource();
        var join = node.Cluster.JoinAsync(node.Address.WithPort(1), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<ClusterJoinFailedException>(() => join.WaitAsync(Node.Patience));
    }
}
