namespace Akka.Zab.Examples;

/// <summary>No more than so many at a time, over all processes.</summary>
public class Semaphore(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Two_at_a_time(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var connections = new ZabSemaphore(zab, "/limits/warehouse", permits: 2);

        var one = await connections.AcquireAsync(Stop);
        await using var two = await connections.AcquireAsync(Stop);
        var three = connections.AcquireAsync(Stop); // waits
        await one.DisposeAsync();

        await using var permit = await three;
        Assert.True(permit.IsHeld);
        Assert.Equal(2, await connections.CountAsync(Stop));
    }
}
