using System.Diagnostics;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Replica;
using Xunit.Abstractions;

namespace Akka.Zab.Tests.Hosting;

/// <summary>
/// A server that was away while much was written, on real disks and connections. CATCH_UP_TXNS says how many
/// transactions.
/// </summary>
public sealed class CatchUpTests(ITestOutputHelper output)
{
    private const int Connections = 4;
    private const int UnderWay = 500;
    private const int SnapshotAfter = 200_000;
    private static readonly int Txns = int.Parse(Environment.GetEnvironmentVariable("CATCH_UP_TXNS") ?? "20000");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Sets on many znodes: the tree is larger than what the server lacks, or smaller.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_was_away_catches_up_while_writes_go_on(bool largeTree)
    {
        // Memory goes back for a small part of it.
        using var ensemble = new LocalEnsemble("history-in-memory = 1MiB, init-limit = 100, sync-limit = 50");
        await ensemble.StartAllAsync();
        var leader = await ensemble.LeaderAsync();
        var away = leader == 1 ? 2 : 1;
        var clients = new ZabClient[Connections];
        for (var i = 0; i < Connections; i++) clients[i] = await ZabClient.ConnectAsync(ensemble.Servers[leader], []);
        for (var i = 0; i < Connections; i++) await clients[i].CreateAsync($"/{i}", []);
        if (largeTree)
            for (var i = 0; i < Math.Max(40, Txns / 2500); i++)
                await clients[0].CreateAsync($"/large-{i}", new byte[512 * 1024]);

        await ensemble.StopAsync(away);
        await WriteAsync(clients, Txns);
        var watch = Stopwatch.StartNew();
        ensemble.Start(away);
        using var stop = new CancellationTokenSource();
        var writing = WriteUntilAsync(clients, stop.Token);
        await Zab.Get(ensemble.Servers[away]).WhenServingAsync().WaitAsync(Patience);
        var served = watch.Elapsed;
        await stop.CancelAsync();
        output.WriteLine(
            $"{Txns:n0} transactions behind: served after {served.TotalSeconds:f1} s, {await writing:n0} more meanwhile");

        // The rest of history, from the journal, or the tree: whichever was less work.
        var history = (await Zab.Get(ensemble.Servers[away]).Actors).History;
        var status = await history.Ask<HistoryStatus>(new GetHistoryStatus(), Patience);
        if (Txns < SnapshotAfter) Assert.Equal(largeTree ? 0 : 1, status.Snapshots);
        await using var there = await ZabClient.ConnectAsync(ensemble.Servers[away], []);
        await there.SyncAsync();
        Assert.Equal(await DigestAsync(ensemble, leader), await DigestAsync(ensemble, away));
        foreach (var client in clients) await client.DisposeAsync();
    }

    private static async Task WriteAsync(ZabClient[] clients, int txns)
    {
        while (txns > 0)
        {
            var some = Math.Min(txns, Connections * UnderWay);
            await Task.WhenAll(Enumerable.Range(0, some).Select(
                i => clients[i % Connections].SetDataAsync($"/{i % Connections}", new byte[32])));
            txns -= some;
        }
    }

    private static async Task<int> WriteUntilAsync(ZabClient[] clients, CancellationToken stop)
    {
        var written = 0;
        for (; !stop.IsCancellationRequested; written += Connections) await WriteAsync(clients, Connections);
        return written;
    }

    private static async Task<string> DigestAsync(LocalEnsemble ensemble, int id)
    {
        var replica = (await Zab.Get(ensemble.Servers[id]).Actors).Replica;
        return (await replica.Ask<TreeSnapshot>(new GetTree(), Patience)).Tree.Digest();
    }
}
