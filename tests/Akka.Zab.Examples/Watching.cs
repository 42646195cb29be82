namespace Akka.Zab.Examples;

/// <summary>Changes as they come, over lost connections, none missed and none told twice.</summary>
public class Watching(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_subtree(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreatePathAsync("/config/limits", cancellation: Stop);

        var told = new List<string>();
        await foreach (var changes in zab.WatchSubtreeAsync("/config", Stop))
        {
            foreach (var change in changes) told.Add($"{(change.Before is null ? "+" : "-")}{change.Path}");
            if (told.Count == 3) break;
            await zab.DeleteAsync("/config/limits", cancellation: Stop);
        }

        // First what there is, then what changes.
        Assert.Equal(["+/config", "+/config/limits", "-/config/limits"], told);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task The_children_of_a_znode(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/jobs", null, cancellation: Stop);

        await foreach (var children in zab.WatchChildrenAsync("/jobs", Stop))
        {
            if (children!.Names is ["job-1"]) break;
            await zab.CreateAsync("/jobs/job-1", null, cancellation: Stop);
        }
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task The_connection(Via via)
    {
        var zab = await ConnectAsync(via);
        var seen = new List<ConnectionState>();
        await foreach (var state in zab.ReadStatesAsync(Stop))
        {
            seen.Add(state); // Disconnected: requests wait. Expired: begin again with a new client.
            if (state == ConnectionState.Connected) _ = zab.DisposeAsync().AsTask();
        }
        Assert.Equal([ConnectionState.Connected, ConnectionState.Closed], seen);
    }
}
