namespace Akka.Zab.Examples;

/// <summary>One of several processes leads; when it goes, the next in line does.</summary>
public class LeaderElection(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Lead_until_you_step_down(Via via)
    {
        await using var a = await ConnectAsync(via);
        await using var b = await ConnectAsync(via);
        var (anna, ben) = (new ZabElection(a, "/election", "anna"), new ZabElection(b, "/election", "ben"));

        var lead = await anna.LeadAsync(Stop);
        var waiting = ben.LeadAsync(Stop); // until anna has gone
        Assert.Equal("anna", (await ben.GetLeaderAsync(Stop))?.Id);

        // Send the token along with whatever the leader does elsewhere, so that others can refuse an earlier leader's;
        // stop when Lost is cancelled.
        Assert.False(lead.Lost.IsCancellationRequested);
        await lead.DisposeAsync();

        await using var next = await waiting;
        Assert.True(next.FencingToken > lead.FencingToken);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Run_something_while_you_lead(Via via)
    {
        await using var zab = await ConnectAsync(via);
        using var shutdown = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var ran = new TaskCompletionSource<long>();

        // Runs whenever this process leads, again after every loss of the lead, until the shutdown.
        var running = new ZabElection(zab, "/election", "node-1").RunWhileLeadingAsync(
            async (lead, mustStop) =>
            {
                ran.TrySetResult(lead.FencingToken);
                await Task.Delay(Timeout.Infinite, mustStop); // here: what only the leader does
            },
            shutdown.Token);

        Assert.True(await ran.Task.WaitAsync(Stop) > 0);
        await shutdown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Follow_who_leads(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var observer = await ConnectAsync(via);
        var lead = await new ZabElection(zab, "/election", "anna").LeadAsync(Stop);
        var next = new ZabElection(zab, "/election", "ben").LeadAsync(Stop);
        await observer.SyncAsync(Stop); // to see what another has just done

        var leaders = new List<string?>();
        await foreach (var leader in new ZabElection(observer, "/election", "").WatchLeaderAsync(Stop))
        {
            leaders.Add(leader?.Id); // null while nobody stands
            if (leaders.Count == 2) break;
            await lead.DisposeAsync();
        }

        Assert.Equal(["anna", "ben"], leaders);
        await (await next).DisposeAsync();
    }
}
