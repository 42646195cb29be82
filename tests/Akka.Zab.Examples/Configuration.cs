namespace Akka.Zab.Examples;

/// <summary>Settings that change while the application runs.</summary>
public class Configuration(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Follow_a_setting(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var operations = await ConnectAsync(via);
        await operations.SetOrCreateAsync("/config/limit", Bytes("10"),
            new CreateOptions { Parents = MissingParents.Create }, Stop);
        await zab.SyncAsync(Stop);

        var limits = new List<string>();
        await foreach (var state in zab.WatchDataAsync("/config/limit", Stop))
        {
            limits.Add(Text(state.Data));
            if (limits.Count == 2) break;
            await operations.SetDataAsync("/config/limit", Bytes("20"), cancellation: Stop);
        }

        Assert.Equal(["10", "20"], limits);
    }
}
