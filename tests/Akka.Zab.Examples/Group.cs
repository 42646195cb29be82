namespace Akka.Zab.Examples;

/// <summary>Who is there, and what they say of themselves.</summary>
public class Group(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Join_say_something_and_leave(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var observer = await ConnectAsync(via);
        var workers = new ZabGroup(zab, "/workers");
        await using var seen = new ZabGroup(observer, "/workers").WatchAsync(Stop).GetAsyncEnumerator();
        await seen.MoveNextAsync();
        Assert.Empty(seen.Current);

        var membership = await workers.JoinAsync("worker-1", Bytes("idle"), Stop);
        await seen.MoveNextAsync();
        Assert.Equal("idle", Text(Assert.Single(seen.Current).Data));

        await workers.UpdateAsync(membership, Bytes("busy"), Stop);
        await seen.MoveNextAsync();
        Assert.Equal("busy", Text(Assert.Single(seen.Current).Data));

        await membership.DisposeAsync(); // or the death of the process, after its session timeout
        await seen.MoveNextAsync();
        Assert.Empty(seen.Current);
    }
}
