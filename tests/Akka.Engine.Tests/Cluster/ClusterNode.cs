using Akka.Actor;
using Akka.Cluster;
using Akka.Engine.Tests.Remote;

namespace Akka.Engine.Tests.Cluster;

/// <summary>A node of a cluster, with an inbox that gets all its events.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private const string Common = """
        akka {
          actor.provider = cluster
          cluster {
            log-info = off
            downing-provider-class = ""
            seed-node-timeout = 1s
            retry-unsuccessful-join-after = 1s
            periodic-tasks-initial-delay = 50ms
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            unreachable-nodes-reaper-interval = 100ms
            failure-detector {
              heartbeat-interval = 100ms
              acceptable-heartbeat-pause = 1s
              expected-response-after = 200ms
            }
          }
        }
        """;

    private readonly Node _node;

    public ClusterNode(string config = "")
    {
        _node = new Node("cluster", Common + "\n" + config);
        Cluster = Akka.Cluster.Cluster.Get(_node.System);
        Events = _node.NewInbox("events");
        Cluster.Subscribe(Events.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IClusterDomainEvent));
    }

    public Akka.Cluster.Cluster Cluster { get; }

    public Arrivals Events { get; }

    public Node Remote => _node;

    public ActorSystem System => _node.System;

    public Address Address => Cluster.SelfAddress;

    /// <summary>So many nodes, all Up in the eyes of all; the first has founded the cluster.</summary>
    public static async Task<ClusterNode[]> StartAsync(int count, Func<int, string>? config = null)
    {
        var nodes = Enumerable.Range(0, count).Select(i => new ClusterNode(config?.Invoke(i) ?? "")).ToArray();
        await nodes[0].Cluster.JoinAsync(nodes[0].Address).WaitAsync(Node.Patience);
        await Task.WhenAll(nodes.Skip(1).Select(n => n.Cluster.JoinSeedNodesAsync([nodes[0].Address])))
            .WaitAsync(Node.Patience);
        foreach (var node in nodes) await node.SeesUpAsync(nodes);
        return nodes;
    }

    public async Task SeesUpAsync(params ClusterNode[] others)
    {
        var waiting = others.Select(o => o.Cluster.SelfUniqueAddress)
            .Except(Cluster.State.Members.Where(m => m.Status == MemberStatus.Up).Select(m => m.UniqueAddress))
            .ToHashSet();
        while (waiting.Count > 0)
            waiting.Remove((await Events.ExpectAsync<ClusterEvent.MemberUp>()).Member.UniqueAddress);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    public Task AbortAsync() => _node.AbortAsync();
}
