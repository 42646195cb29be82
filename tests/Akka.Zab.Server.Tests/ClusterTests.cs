using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Zab.Client;

namespace Akka.Zab.Server.Tests;

/// <summary>The servers are the seed nodes of an Akka cluster; applications join through them.</summary>
[Collection("processes")]
public class ClusterTests
{
    [Fact]
    public async Task An_application_joins_the_cluster_through_the_servers_and_uses_the_service()
    {
        await using var ensemble = await DevFixture.StartAsync();
        var seeds = string.Join(", ", ensemble.Addresses.Select(address => $"\"{address}\""));
        var system = ActorSystem.Create("zab", ConfigurationFactory.ParseString($$"""
            akka {
              stdout-loglevel = OFF
              loglevel = OFF
              actor.provider = cluster
              cluster { seed-nodes = [{{seeds}}], roles = [application] }
              remote { retry-gate-closed-for = 200ms, dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            }
            """));
        try
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(Props.Create(() => new Onlooker(seen)));
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(60));

            await using var zab = await ZabClient.ConnectAsync(system, ensemble.Addresses);
            await zab.CreateAsync("/from-the-cluster", [1, 2, 3]);
            Assert.Equal([1, 2, 3], (await zab.GetDataAsync("/from-the-cluster")).Data);
        }
        finally
        {
            await system.Terminate();
        }
    }

    /// <summary>Sees members come up, until the three servers and the application are.</summary>
    sealed class Onlooker : ReceiveActor
    {
        readonly List<Member> _up = [];

        public Onlooker(TaskCompletionSource seen) => Receive<ClusterEvent.MemberUp>(up =>
        {
            _up.Add(up.Member);
            if (_up.Count(member => member.HasRole("znode")) == 3 && _up.Any(member => member.HasRole("application")))
                seen.TrySetResult();
        });

        protected override void PreStart() => Cluster.Cluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
    }
}
