using Akka.Actor;
using Akka.Cluster;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests.Cluster;

/// <summary>A node that ends after it asked to be taken in, and before it was welcomed.</summary>
public class WithdrawalTests
{
    private const string Wire = """
        akka.actor {
          serializers.akka-cluster = "Akka.Cluster.Serialization.ClusterMessageSerializer, Akka.Cluster"
          serialization-bindings."Akka.Cluster.IClusterMessage, Akka.Cluster" = akka-cluster
          serialization-identifiers."Akka.Cluster.Serialization.ClusterMessageSerializer, Akka.Cluster" = 5
        }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_tells_the_one_that_it_asked_that_it_is_gone(bool terminates)
    {
        await using var asked = new Node("cluster", Wire);
        var heard = new Daemon(asked);
        await using var node = new ClusterNode();
        node.Cluster.Join(asked.Address);
        Assert.Equal(node.Address, (await heard.Inbox.ExpectAsync<Join>()).Node.Address);
        if (terminates) await node.DisposeAsync();
        else node.Cluster.Leave(node.Address);
        Assert.Equal(node.Address, (await heard.Inbox.ExpectAsync<Down>()).Address);
    }

    [Fact]
    public async Task The_cluster_gets_rid_of_it_without_a_downing_provider()
    {
        await using var founder = new ClusterNode();
        await founder.Cluster.JoinAsync(founder.Address).WaitAsync(Node.Patience);
        var node = new ClusterNode();
        node.Cluster.Join(founder.Address);
        await founder.Events.ExpectAsync<ClusterEvent.MemberUp>(up => up.Member.Address == node.Address);
        await node.DisposeAsync();
        await founder.Events.ExpectAsync<ClusterEvent.MemberRemoved>(gone => gone.Member.Address == node.Address);
    }

    /// <summary>An actor at the address of a cluster's daemon that answers nothing.</summary>
    private sealed class Daemon
    {
        public Daemon(Node node)
        {
            Inbox = node.NewInbox();
            var inbox = Inbox.Ref;
            ((ExtendedActorSystem)node.System).SystemActorOf(Props.Create(() => new Forwarder(inbox)), "cluster");
        }

        public Arrivals Inbox { get; }
    }

    private sealed class Forwarder(IActorRef to) : UntypedActor
    {
        protected override void OnReceive(object message) => to.Forward(message);
    }
}
