using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>A copy of a subtree that follows the original.</summary>
[Collection(EnsemblesCollection.Name)]
public class ZnodeCacheTests(Ensembles ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task It_has_what_was_there_and_follows_what_happens(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        await using var other = await ensembles.ConnectAsync(via, root);
        await other.CreatePathAsync("/c/a/b");
        await using var cache = await ZnodeCache.StartAsync(zab, "/c", patience.Token);
        Assert.Equal(["/c", "/c/a", "/c/a/b"], cache.Current.Keys);
        await using var changes = cache.ReadChangesAsync(patience.Token).GetAsyncEnumerator();

        var next = changes.MoveNextAsync();
        await other.SetDataAsync("/c/a", [1]);
        Assert.True(await next);
        var change = Assert.Single(changes.Current);
        Assert.Equal(("/c/a", 0, 1), (change.Path, change.Before!.Version, change.After!.Version));
        Assert.Equal([1], cache.Current["/c/a"].Data!);

        next = changes.MoveNextAsync();
        await other.CreateAsync("/cc", []); // beside it
        await other.MultiAsync([new Delete("/c/a/b"), new Create("/c/d", [], Acl.Open), new SetData("/c/a", [2])]);
        Assert.True(await next);
        Assert.Equal(["/c/a", "/c/a/b", "/c/d"], changes.Current.Select(one => one.Path).Order());
        Assert.Equal(["/c", "/c/a", "/c/d"], cache.Current.Keys);

        next = changes.MoveNextAsync();
        await other.DeleteTreeAsync("/c");
        while (await next && cache.Current.Count > 0) next = changes.MoveNextAsync();
        Assert.Empty(cache.Current);
    }

    [Theory, MemberData(nameof(All))]
    public async Task What_one_transaction_changes_is_never_seen_by_halves(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, root);
        await using var other = await ensembles.ConnectAsync(via, root);
        foreach (var path in new[] { "/r", "/r/x", "/r/y", "/r/z" }) await other.CreateAsync(path, [0]);
        await using var cache = await ZnodeCache.StartAsync(zab, "/r", patience.Token);
        await using var changes = cache.ReadChangesAsync(patience.Token).GetAsyncEnumerator();
        var next = changes.MoveNextAsync();
        var writing = Task.Run(async () =>
        {
            for (byte i = 1; i <= 100; i++)
                await other.MultiAsync([.. "xyz".Select(name => new SetData($"/r/{name}", [i]))]);
        });
        var last = 0;
        while (last < 100)
        {
            Assert.True(await next);
            var state = changes.Current.Select(change => (int)change.After!.Data![0]).Distinct().ToList();
            Assert.Single(state);
            Assert.Equal(3, changes.Current.Count);
            Assert.True(state[0] > last);
            last = state[0];
            if (last < 100) next = changes.MoveNextAsync();
        }
        await writing;
    }

    [Theory, MemberData(nameof(All))]
    public async Task It_ends_with_the_session(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var root = await ensembles.RootAsync(via);
        var zab = await ensembles.ConnectAsync(via, root);
        await using var cache = await ZnodeCache.StartAsync(zab, "/none", patience.Token);
        Assert.Empty(cache.Current);
        await using var changes = cache.ReadChangesAsync(patience.Token).GetAsyncEnumerator();
        var next = changes.MoveNextAsync();
        await zab.DisposeAsync();
        await Assert.ThrowsAsync<SessionExpiredException>(() => next.AsTask());
    }
}
