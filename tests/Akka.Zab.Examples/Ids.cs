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
        var options = new CreateOptions
        {
            Mode = CreateMode.EphemeralSequential,
            Parents = MissingParents.CreateContainers,
        };
        var worker = await zab.CreateAsync("/workers/worker-", null, options, Stop);
        Assert.Equal("/workers/worker-0000000000", worker.Path); // until this session ends
    }
}
