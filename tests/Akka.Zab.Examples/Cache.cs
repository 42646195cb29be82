namespace Akka.Zab.Examples;

/// <summary>A copy of a subtree in memory: always one whole state that the original had.</summary>
public class Cache(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Read_locally_and_follow_changes(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreatePathAsync("/config/limits", cancellation: Stop);
        await using var cache = await ZnodeCache.StartAsync(zab, "/config", Stop);
        Assert.Equal(["/config", "/config/limits"], cache.Current.Keys); // no request: it is here

        await using var changes = cache.ReadChangesAsync(Stop).GetAsyncEnumerator();
        var next = changes.MoveNextAsync();
        await zab.Transaction()
            .Create("/config/limits/mails", Bytes("10"))
            .Set("/config", Bytes("v2"))
            .CommitAsync(Stop);

        await next; // what one transaction did comes together
        Assert.Equal(["/config", "/config/limits/mails"], changes.Current.Select(change => change.Path));
        Assert.Equal("10", Text(cache.Current["/config/limits/mails"].Data));
    }
}
