namespace Akka.Zab.Examples;

/// <summary>Ids that nobody else gets, and names that nobody else has.</summary>
public class Ids(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Numbers_that_grow(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var orders = new ZabIds(zab, "/ids/orders");
        var first = await orders.NextAsync(Stop);
        Assert.True(await orders.NextAsync(Stop) > first);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_name_for_this_process(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var names = new ZabNames(zab, "/ids/names", "machine-7");
        await using var worker = await names.ClaimNextAsync("worker-", Stop);
        Assert.Equal("worker-1", worker.Name); // until it is disposed of, or this session ends
        Assert.Null(await names.TryClaimAsync("worker-1", Stop));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_name_to_keep(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var names = new ZabNames(zab, "/ids/names", "machine-7");
        var kept = await names.TryKeepAsync("archive", Stop); // over restarts; asked again, it is the same
        Assert.Equal(kept, await names.FindAsync("archive", Stop));
        Assert.Null(await new ZabNames(zab, "/ids/names", "machine-8").TryKeepAsync("archive", Stop));
        await names.GiveUpAsync("archive", Stop);
        Assert.Null(await names.FindAsync("archive", Stop));
    }
}
