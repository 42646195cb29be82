using Akka.Zab.Protocol;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Which servers decide: by number, by weight, by group.</summary>
public class QuorumTests
{
    [Theory]
    [InlineData(new[] { 1 }, false)]
    [InlineData(new[] { 1, 2 }, true)]
    [InlineData(new[] { 2, 3 }, true)]
    [InlineData(new[] { 1, 7, 8, 9 }, false)]
    public void A_majority_is_more_than_half_of_those_with_a_vote(int[] servers, bool decide) =>
        Assert.Equal(decide, new MajorityQuorum(new ServerSet(1, 2, 3)).IsReachedBy(new ServerSet(servers)));

    [Theory]
    [InlineData(new[] { 1 }, false)]
    [InlineData(new[] { 2, 3, 4 }, false)]
    [InlineData(new[] { 1, 2 }, true)]
    [InlineData(new[] { 1, 5 }, false)]
    public void By_weight_more_than_half_of_it_decides(int[] servers, bool decide)
    {
        var quorum = new WeightedQuorum([(1, 3), (2, 1), (3, 1), (4, 1), (5, 0)]);

        Assert.Equal(decide, quorum.IsReachedBy(new ServerSet(servers)));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, false)]
    [InlineData(new[] { 1, 4, 7 }, false)]
    [InlineData(new[] { 1, 2, 4, 5 }, true)]
    [InlineData(new[] { 1, 2, 4, 7 }, false)]
    [InlineData(new[] { 1, 2, 10 }, false)]
    public void By_group_more_than_half_of_the_groups_decide_each_by_more_than_half_of_its_weight(
        int[] servers, bool decide)
    {
        // The last group has no weight, so there are three that count.
        var quorum = new HierarchicalQuorum(
            [Group(1, 2, 3), Group(4, 5, 6), Group(7, 8, 9), new WeightedQuorum([(10, 0)])]);

        Assert.Equal(decide, quorum.IsReachedBy(new ServerSet(servers)));
        Assert.Equal(10, quorum.Voters.Count);
    }

    [Fact]
    public void A_vote_without_weight_never_leads()
    {
        var quorum = new HierarchicalQuorum([Group(1, 2), new WeightedQuorum([(3, 0), (4, 1)])]);

        Assert.Equal([true, true, false, true, false], new[] { 1, 2, 3, 4, 5 }.Select(quorum.CanLead));
        Assert.False(new WeightedQuorum([(3, 0), (4, 1)]).CanLead(3));
        Assert.True(((IQuorum)new MajorityQuorum(new ServerSet(3))).CanLead(3));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_two_quorums_have_a_server_in_common(int seed)
    {
        var random = new Random(seed);
        var members = Enumerable.Range(1, random.Next(1, 9)).Select(id => new Member(id, MemberRole.Participant)
        {
            Weight = random.Next(0, 4),
            Group = seed % 2 == 0 ? random.Next(1, 4) : 0,
        }).Append(new Member(9, MemberRole.Participant) { Group = seed % 2 == 0 ? 1 : 0 }).ToArray();
        var quorum = new Ensemble(members).Quorum;

        var quorums = new List<ServerSet>();
        for (var chosen = 0; chosen < 1 << members.Length; chosen++)
        {
            var servers = default(ServerSet);
            for (var i = 0; i < members.Length; i++)
            {
                if ((chosen & (1 << i)) != 0)
                    servers.Add(members[i].Id);
            }

            if (quorum.IsReachedBy(servers))
                quorums.Add(servers);
        }

        Assert.NotEmpty(quorums);
        foreach (var one in quorums)
            Assert.All(quorums, other => Assert.NotEqual(0, one.And(other).Count));
    }

    [Fact]
    public void Members_with_groups_and_weights_make_the_quorum_that_they_say()
    {
        Assert.IsType<MajorityQuorum>(new Ensemble([Voter(1), Voter(2)]).Quorum);
        Assert.IsType<WeightedQuorum>(new Ensemble([Voter(1), Voter(2) with { Weight = 2 }]).Quorum);
        Assert.IsType<HierarchicalQuorum>(
            new Ensemble([Voter(1) with { Group = 1 }, Voter(2) with { Group = 2 }]).Quorum);
    }

    [Fact]
    public void What_can_be_no_ensemble_is_refused()
    {
        Refuses(new Member(1, MemberRole.Observer));
        Refuses(Voter(1), Voter(1));
        Refuses(Voter(0));
        Refuses(Voter(256));
        Refuses(Voter(1) with { Weight = 0 }, Voter(2) with { Weight = 0 });
        Refuses(Voter(1) with { Group = 1 }, Voter(2));

        static void Refuses(params Member[] members) =>
            Assert.Throws<ArgumentException>(() => new Ensemble(members));
    }

    private static Member Voter(int id) => new(id, MemberRole.Participant);

    private static WeightedQuorum Group(params int[] servers) => new([.. servers.Select(server => (server, 1))]);
}
