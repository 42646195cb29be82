using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Akka.Cluster.Serialization;
using Akka.Cluster.SBR;
using Akka.Remote.Transport;

namespace Akka.Engine.Tests.Cluster;

/// <summary>The bundled engine's own gossip: states that are merged in any order come out the same.</summary>
public class GossipTests
{
    private static readonly UniqueAddress[] Nodes =
        [.. Enumerable.Range(0, 5).Select(i => new UniqueAddress(new Address("akka.tcp", "s", "h", 1000 + i), i + 1))];

    [Fact]
    public void Merging_is_commutative_associative_and_idempotent()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var (a, b, c) = (Any(random), Any(random), Any(random));
            Same(a.Merge(b), b.Merge(a));
            Same(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
            Same(a.Merge(a), a);
            Same(a.Merge(b).Merge(b), a.Merge(b));
        }
    }

    [Fact]
    public void What_is_merged_is_seen_by_those_only_who_knew_all_of_it()
    {
        var one = Gossip.Empty.With(Up(0), Nodes[0]);
        var both = one.With(Up(1), Nodes[1]);
        Assert.Equal([Nodes[1]], one.Merge(both).Seen);
        Assert.Equal([Nodes[1]], both.Merge(one).Seen);
        var other = one.With(Up(2), Nodes[2]);
        Assert.Empty(both.Merge(other).Seen);
        Assert.Equal(2, both.Merge(both.SeenBy(Nodes[0])).Seen.Count);
    }

    [Fact]
    public void A_removed_member_does_not_come_back_with_an_old_gossip()
    {
        var old = Gossip.Empty.With(Up(0), Nodes[0]).With(Up(1), Nodes[0]);
        var removed = old.Without(Nodes[1], 1, Nodes[0]);
        Assert.DoesNotContain(Nodes[1], removed.Merge(old).Members.Keys);
        Assert.DoesNotContain(Nodes[1], old.Merge(removed).Members.Keys);
    }

    [Fact]
    public void A_gossip_survives_its_way_through_the_wire()
    {
        var random = new Random(8);
        for (var i = 0; i < 500; i++)
        {
            var gossip = Any(random);
            var writer = new FrameWriter();
            GossipForm.Write(writer, gossip);
            var reader = new FrameReader(writer.Written.ToArray(), 0, writer.Length);
            var back = GossipForm.Read(ref reader);
            Same(gossip, back);
            Assert.True(gossip.Seen.SetEquals(back.Seen));
            Assert.Equal(gossip.Tombstones.Order(KeyOrder), back.Tombstones.Order(KeyOrder));
        }
    }

    [Fact]
    public void The_leader_is_the_first_reachable_full_member()
    {
        var gossip = Gossip.Empty.With(Joining(0), Nodes[1]).With(Up(1), Nodes[1]).With(Up(2), Nodes[1]);
        Assert.Equal(Nodes[1], new MembershipView(gossip, Nodes[2]).Leader);
        var silent = gossip.With(gossip.Reachability.Observe(Nodes[2], [Nodes[1]]), Nodes[2]);
        Assert.Equal(Nodes[2], new MembershipView(silent, Nodes[2]).Leader);
        Assert.Equal(Nodes[1], new MembershipView(silent, Nodes[1]).Leader);
    }

    [Fact]
    public void An_unreachable_member_stands_in_the_way_of_convergence_until_it_is_down()
    {
        var none = new HashSet<UniqueAddress>();
        var gossip = Gossip.Empty.With(Up(0), Nodes[0]).With(Up(1), Nodes[0]).SeenBy(Nodes[1]);
        Assert.True(new MembershipView(gossip, Nodes[0]).Converged(none));
        var silent = gossip.With(gossip.Reachability.Observe(Nodes[0], [Nodes[1]]), Nodes[0]);
        Assert.False(new MembershipView(silent, Nodes[0]).Converged(none));
        var down = silent.With(silent.Find(Nodes[1])!.Copy(MemberStatus.Down), Nodes[0]);
        Assert.True(new MembershipView(down, Nodes[0]).Converged(none));
    }

    [Theory]
    [InlineData(2, 3, true)]
    [InlineData(3, 2, false)]
    [InlineData(0, 3, true)]
    public void Keep_majority_keeps_the_larger_side(int gone, int here, bool goesOn)
    {
        var members = Enumerable.Range(0, gone + here).Select(Up).ToArray();
        var unreachable = members.Take(gone).ToHashSet();
        Assert.Equal(goesOn, KeepMajority.Decide(members, unreachable, "") == Akka.Cluster.SBR.Verdict.DownUnreachable);
    }

    [Fact]
    public void Of_two_equal_sides_the_one_with_the_lowest_address_goes_on()
    {
        var members = Enumerable.Range(0, 4).Select(Up).ToArray();
        Assert.Equal(Akka.Cluster.SBR.Verdict.DownUnreachable, KeepMajority.Decide(members, members.Skip(2).ToHashSet(), ""));
        Assert.Equal(Akka.Cluster.SBR.Verdict.DownReachable, KeepMajority.Decide(members, members.Take(2).ToHashSet(), ""));
    }

    [Fact]
    public void Only_a_first_seed_node_that_nobody_can_answer_founds_a_cluster()
    {
        var seeds = Nodes.Take(3).Select(n => n.Address).ToArray();
        var timeout = TimeSpan.FromSeconds(5);
        var first = Akka.Cluster.Daemon.SeedJoin.Start(seeds, seeds[0], now: 0);
        Assert.False(first.MayFound(1000, timeout));
        Assert.True(first.MayFound(5000, timeout));
        Assert.False(first.Deny(seeds[1]).MayFound(1000, timeout));
        Assert.True(first.Deny(seeds[1]).Deny(seeds[2]).MayFound(1000, timeout));
        var second = Akka.Cluster.Daemon.SeedJoin.Start(seeds, seeds[1], now: 0);
        Assert.False(second.Deny(seeds[0]).Deny(seeds[2]).MayFound(100_000, timeout));
    }

    private static readonly IComparer<KeyValuePair<UniqueAddress, long>> KeyOrder =
        Comparer<KeyValuePair<UniqueAddress, long>>.Create((a, b) => a.Key.CompareTo(b.Key));

    private static void Same(Gossip a, Gossip b)
    {
        Assert.True(a.SameAs(b));
        Assert.True(a.Tombstones.Keys.ToHashSet().SetEquals(b.Tombstones.Keys));
    }

    private static Member Up(int i) => Joining(i).CopyUp(i + 1);

    private static Member Joining(int i) => new(Nodes[i], int.MaxValue, MemberStatus.Joining, ["role"]);

    /// <summary>A state as it may come about: observations with the same version are the same.</summary>
    private static Gossip Any(Random random)
    {
        MemberStatus[] statuses = [MemberStatus.Joining, MemberStatus.WeaklyUp, MemberStatus.Up, MemberStatus.Leaving,
            MemberStatus.Exiting, MemberStatus.Down];
        var gossip = Gossip.Empty;
        for (var i = 0; i < Nodes.Length; i++)
        {
            if (random.Next(4) == 0) continue;
            var status = statuses[random.Next(statuses.Length)];
            gossip = gossip.With(new Member(Nodes[i],
                status is MemberStatus.Joining or MemberStatus.WeaklyUp ? int.MaxValue : i + 1, status, []), Nodes[i]);
        }
        var reachability = gossip.Reachability;
        foreach (var observer in gossip.Members.Keys)
            for (var version = random.Next(3); version > 0; version--)
                reachability = reachability.Observe(observer,
                    version % 2 == 0 ? [Nodes[observer.Uid % Nodes.Length]] : [Nodes[(observer.Uid + 1) % Nodes.Length]]);
        gossip = gossip.With(reachability, Nodes[0]);
        for (var i = 0; i < Nodes.Length; i++)
            if (random.Next(6) == 0)
                gossip = gossip.Without(Nodes[i], random.Next(1, 1000), Nodes[(i + 1) % Nodes.Length]);
        foreach (var node in Nodes)
            if (random.Next(2) == 0)
                gossip = gossip.SeenBy(node);
        return gossip;
    }
}
