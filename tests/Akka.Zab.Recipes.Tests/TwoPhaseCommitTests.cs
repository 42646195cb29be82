using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>Two-phase commit, with everybody dying at the worst moment.</summary>
[Collection(EnsemblesCollection.Name)]
public class TwoPhaseCommitTests(Ensembles ensembles)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task All_say_yes_and_all_commit(Via via)
    {
        await using var zab = await ensembles.ConnectAsync(via, await ensembles.RootAsync(via));
        var commit = new ZabTwoPhaseCommit(zab, "/tx");
        await commit.BeginAsync("t1", ["a", "b"], [1]);
        Assert.Equal([1], (await commit.GetDataAsync("t1"))!);
        var decisions = await Task.WhenAll(
            commit.VoteAsync("t1", "a", true, Long), commit.WaitAsync("t1", Long),
            commit.VoteAsync("t1", "b", true, Long));
        Assert.All(decisions, decision => Assert.Equal(Decision.Commit, decision));
        Assert.Equal(Decision.Commit, await commit.AbortAsync("t1"));
        await commit.ForgetAsync("t1");
        Assert.Null(await commit.GetDataAsync("t1"));
    }

    [Theory, MemberData(nameof(All))]
    public async Task One_says_no_and_nobody_waits_for_the_others(Via via)
    {
        await using var zab = await ensembles.ConnectAsync(via, await ensembles.RootAsync(via));
        var commit = new ZabTwoPhaseCommit(zab, "/tx");
        await commit.BeginAsync("t1", ["a", "b", "c"], []);
        await Assert.ThrowsAsync<InvalidOperationException>(() => commit.ForgetAsync("t1"));
        var waiting = commit.VoteAsync("t1", "a", true, Long);
        Assert.Equal(Decision.Abort, await commit.VoteAsync("t1", "b", false, Long));
        Assert.Equal(Decision.Abort, await waiting);
        Assert.Equal(Decision.Abort, await commit.VoteAsync("t1", "c", true, Long));
        Assert.Equal(Decision.Abort, await commit.VoteAsync("t1", "b", true, Long)); // the first vote counts
    }

    [Theory, MemberData(nameof(All))]
    public async Task Who_began_it_dies_and_the_participants_decide_without_him(Via via)
    {
        var root = await ensembles.RootAsync(via);
        var coordinator = await ensembles.ConnectAsync(via, root);
        await new ZabTwoPhaseCommit(coordinator, "/tx").BeginAsync("t1", ["a", "b"], []);
        coordinator.Abandon();
        await using var zab = await ensembles.ConnectAsync(via, root);
        var commit = new ZabTwoPhaseCommit(zab, "/tx");
        var waiting = commit.VoteAsync("t1", "a", true, Long);
        Assert.Equal(Decision.Commit, await commit.VoteAsync("t1", "b", true, Long));
        Assert.Equal(Decision.Commit, await waiting);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_participant_that_never_votes_aborts_it_and_learns_so_when_it_comes_back(Via via)
    {
        await using var zab = await ensembles.ConnectAsync(via, await ensembles.RootAsync(via));
        var commit = new ZabTwoPhaseCommit(zab, "/tx");
        await commit.BeginAsync("t1", ["a", "b"], []);
        Assert.Equal(Decision.Abort, await commit.VoteAsync("t1", "a", true, Short));
        Assert.Equal(Decision.Abort, await commit.VoteAsync("t1", "b", true, Long));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Participants_must_have_names_and_strangers_do_not_vote(Via via)
    {
        await using var zab = await ensembles.ConnectAsync(via, await ensembles.RootAsync(via));
        var commit = new ZabTwoPhaseCommit(zab, "/tx");
        await Assert.ThrowsAsync<ArgumentException>(() => commit.BeginAsync("t1", [], []));
        await Assert.ThrowsAsync<ArgumentException>(() => commit.BeginAsync("t1", ["a", "a"], []));
        await commit.BeginAsync("t1", ["a"], []);
        await Assert.ThrowsAsync<ArgumentException>(() => commit.VoteAsync("t1", "x", true, Long));
        var again = await Assert.ThrowsAsync<ZabMultiException>(() => commit.BeginAsync("t1", ["a"], []));
        Assert.Equal(ZabError.NodeExists, again.Error);
    }
}
