using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Akka.Zab.Recipes.Tests.Processes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>Names that one has and nobody else.</summary>
[Collection(EnsemblesCollection.Name)]
public class NamesTests(Ensembles ensembles) : TestsOfEnsembles(ensembles, TimeSpan.FromSeconds(60))
{
    [Theory, MemberData(nameof(All))]
    public async Task A_claimed_name_is_nobody_elses_until_it_is_given_back_and_the_token_grows(Via via)
    {
        var (anna, ben) = (await Names(via, "anna"), await Names(via, "ben"));
        var first = await anna.TryClaimAsync("n", Patient);
        Assert.Equal(("n", true), (first!.Name, first.IsHeld));
        Assert.Null(await ben.TryClaimAsync("n", Patient));
        Assert.Null(await anna.TryClaimAsync("n", Patient));
        Assert.Null(await ben.TryKeepAsync("n", Patient));
        Assert.Equal(new NameOwner("n", "anna", false, first.FencingToken), await ben.FindAsync("n", Patient));
        await first.DisposeAsync();
        Assert.Null(await ben.FindAsync("n", Patient));
        await using var second = await ben.TryClaimAsync("n", Patient);
        Assert.True(second!.FencingToken > first.FencingToken);
        await first.DisposeAsync();
        Assert.True(second.IsHeld);
        Assert.NotNull(await anna.FindAsync("n", Patient));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_claimed_name_is_lost_with_the_session_and_a_kept_one_is_not(Via via)
    {
        var dying = await Client(via, TimeSpan.FromMilliseconds(400));
        var names = new ZabNames(dying, "/names", "anna");
        var claimed = await names.TryClaimAsync("claimed", Patient);
        var kept = await names.TryKeepAsync("kept", Patient);
        var lost = new TaskCompletionSource();
        await using var told = claimed!.Lost.Register(lost.SetResult);
        dying.Abandon();
        await lost.Task.WaitAsync(Patience);
        Assert.False(claimed.IsHeld);

        var (again, ben) = (await Names(via, "anna"), await Names(via, "ben"));
        Assert.Equal(kept, await again.TryKeepAsync("kept", Patient));
        Assert.Null(await ben.TryKeepAsync("kept", Patient));
        Assert.Null(await ben.TryClaimAsync("kept", Patient));
        await ben.GiveUpAsync("kept", Patient);
        Assert.Equal(kept, await ben.FindAsync("kept", Patient));
        await again.GiveUpAsync("kept", Patient);
        await again.GiveUpAsync("kept", Patient);
        var bens = await ben.TryKeepAsync("kept", Patient);
        Assert.True(bens!.FencingToken > kept!.FencingToken);
        await foreach (var children in Clients[^1].WatchChildrenAsync("/names/names", Patient))
            if (children?.Names is ["kept"]) break; // when the session is over
    }

    [Theory, MemberData(nameof(All))]
    public async Task The_next_name_was_never_given_out_and_is_nobodys(Via via)
    {
        var (anna, ben) = (await Names(via, "anna"), await Names(via, "ben"));
        var first = await anna.ClaimNextAsync("w-", Patient);
        Assert.Equal("w-1", first.Name);
        await first.DisposeAsync();
        Assert.Equal("other-1", (await anna.ClaimNextAsync("other-", Patient)).Name);
        var chosen = await anna.TryKeepAsync("w-2", Patient);
        var kept = await anna.KeepNextAsync("w-", Patient); // not the one that was chosen, although it is its own
        Assert.Equal(("w-3", true), (kept.Name, kept.IsKept));
        Assert.Equal(chosen, await ben.FindAsync("w-2", Patient));
        await using var last = await ben.ClaimNextAsync("w-", Patient);
        Assert.Equal("w-4", last.Name);
        Assert.True(last.FencingToken > kept.FencingToken);

        var names = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? anna : ben).ClaimNextAsync("w-", Patient)));
        Assert.Equal(20, names.DistinctBy(static name => name.Name).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task What_is_no_name_is_refused(string name)
    {
        var names = await Names(Via.Akka, "anna");
        await Assert.ThrowsAsync<ArgumentException>(async () => await names.TryClaimAsync(name, Patient));
        await Assert.ThrowsAsync<ArgumentException>(async () => await names.ClaimNextAsync(name, Patient));
        await Assert.ThrowsAsync<ArgumentException>(async () => await names.TryKeepAsync(name, Patient));
        var group = new ZabGroup(Clients[0], "/g");
        await Assert.ThrowsAsync<ArgumentException>(async () => await group.JoinAsync(name, null, Patient));
    }

    [Theory, MemberData(nameof(OverTheWire))]
    public async Task Connections_that_break_cost_numbers_but_no_name_is_left_behind(Via via)
    {
        await RootAsync(via);
        await using var proxy = FaultyProxy.Start(Ensembles.Address(via));
        await using var zab = await ZabClient.ConnectAsync($"127.0.0.1:{proxy.Port}{Root}");
        var names = new ZabNames(zab, "/names", "anna");
        using var enough = new CancellationTokenSource();
        var breaking = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Task.Delay(20);
                proxy.Become(Fault.Reset);
                proxy.Become(Fault.None);
            }
        });
        var seen = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var claimed = await names.ClaimNextAsync("c-", Patient);
            Assert.True(seen.Add(claimed.Name));
            await claimed.DisposeAsync();
            var kept = await names.KeepNextAsync("k-", Patient);
            Assert.True(seen.Add(kept.Name));
            await names.GiveUpAsync(kept.Name, Patient);
        }
        await enough.CancelAsync();
        await breaking;
        await zab.SyncAsync(Patient);
        Assert.True(await zab.ExistsAsync("/names/names") is not { } left || left.ChildCount == 0);
    }

    public static TheoryData<Via> OverTheWire => Ensembles.OverTheWire;

    private async Task<ZabNames> Names(Via via, string owner) => new(await Client(via), "/names", owner);
}
