using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Client.Leadership;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>The election for actors, on real servers.</summary>
[Collection(EnsemblesCollection.Name)]
public class LeadershipTests(Ensembles ensembles) : Akka.TestKit.Xunit2.TestKit("akka.loglevel = ERROR")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task The_lead_goes_from_actor_to_actor_when_they_resign_die_or_lose_their_session(Via via)
    {
        var root = await ensembles.RootAsync(via);
        await using var a = await ensembles.ConnectAsync(via, root);
        await using var b = await ensembles.ConnectAsync(via, root, TimeSpan.FromSeconds(2));
        await using var c = await ensembles.ConnectAsync(via, root);
        var (first, second, third) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var leadership = ZabLeadership.Start(Sys, a, "/lead", first.Ref, "first");
        var token1 = first.ExpectMsg<BecomeLeader>(Patience).FencingToken;
        ZabLeadership.Start(Sys, b, "/lead", second.Ref, "second");
        await Candidates(c, 2);
        ZabLeadership.Start(Sys, c, "/lead", third.Ref, "third");
        await Candidates(c, 3);

        leadership.Tell(Resign.Instance);
        Assert.Equal(token1, first.ExpectMsg<LostLeadership>(Patience).FencingToken);
        var token2 = second.ExpectMsg<BecomeLeader>(Patience).FencingToken;
        leadership.Tell(StandAgain.Instance);
        await Candidates(c, 3);

        // As if its process had died, for the servers; it knows at once.
        b.Abandon();
        Assert.Equal(token2, second.ExpectMsg<LostLeadership>(Patience).FencingToken);
        Assert.Equal(new LeadershipOver("/lead", ZabError.SessionExpired), second.ExpectMsg<LeadershipOver>(Patience));
        var token3 = third.ExpectMsg<BecomeLeader>(Patience).FencingToken;
        Assert.Equal("third", (await new ZabElection(c, "/lead", "observer").GetLeaderAsync())!.Id);

        Sys.Stop(third.Ref);
        var token4 = first.ExpectMsg<BecomeLeader>(Patience).FencingToken;
        Assert.True(token1 < token2 && token2 < token3 && token3 < token4);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Who_loses_the_lead_because_somebody_deletes_its_znode_stands_again(Via via)
    {
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        var candidate = CreateTestProbe();
        ZabLeadership.Start(Sys, zab, "/lead", candidate.Ref);
        var before = candidate.ExpectMsg<BecomeLeader>(Patience);
        var ticket = Assert.Single((await zab.GetChildrenAsync("/lead")).Names);
        await zab.DeleteAsync($"/lead/{ticket}");
        Assert.Equal(before.FencingToken, candidate.ExpectMsg<LostLeadership>(Patience).FencingToken);
        Assert.True(candidate.ExpectMsg<BecomeLeader>(Patience).FencingToken > before.FencingToken);
    }

    private static async Task Candidates(ZabClient zab, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var children in zab.WatchChildrenAsync("/lead", patience.Token))
            if (children?.Names.Count == count) return;
    }
}
