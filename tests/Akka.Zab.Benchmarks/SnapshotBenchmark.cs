using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.History;

namespace Akka.Zab.Benchmarks;

/// <summary>
/// One server with many znodes: how long single reads and writes take while nothing happens and while a snapshot is
/// taken, and how long a new process takes from its start until it serves again.
/// </summary>
internal static class SnapshotBenchmark
{
    private const int PerFolder = 1000;
    private const int PerMulti = 200;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(int znodes, int bytes)
    {
        var folder = Directory.CreateTempSubdirectory("zab-bench-").FullName;
        try
        {
            // Not taken while the tree is being made, a multi being one transaction, or while nothing is to happen.
            await MeasureAsync(folder, znodes, bytes, snapshotAfter: (znodes / PerMulti) + (znodes / PerFolder) + 20_000);
            await RestartAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>In a process of its own: nothing is compiled or cached yet.</summary>
    public static async Task RecoverAsync(string folder)
    {
        var system = Start(folder, snapshotAfter: 1_000_000_000);
        await Zab.Get(system).WhenServingAsync();
        var served = DateTime.Now - Process.GetCurrentProcess().StartTime;
        var used = Environment.CpuUsage.TotalTime;
        var status = await Zab.Get(system).StatusAsync();
        Console.WriteLine(
            $"recovery of {status.Znodes:n0} znodes, process start to serving: {served.TotalSeconds:f2} s, "
            + $"of CPU {used.TotalSeconds:f2} s");
        await system.Terminate();
    }

    private static async Task MeasureAsync(string folder, int znodes, int bytes, long snapshotAfter)
    {
        var system = Start(folder, snapshotAfter);
        var member = Zab.Get(system);
        await member.WhenServingAsync();
        await using var client = await ZabClient.ConnectAsync(system, []);
        var watch = Stopwatch.StartNew();
        await FillAsync(client, znodes, bytes);
        Console.WriteLine($"{znodes:n0} znodes of {bytes} bytes written in {watch.Elapsed.TotalSeconds:f1} s");
        GC.Collect();
        Console.WriteLine($"memory in use: {GC.GetTotalMemory(false) >> 20} MiB");

        await using (var probes = new Probes(client, system))
            await ReportAsync("nothing else", probes, Task.Delay(Quiet));

        await using (var probes = new Probes(client, system))
        {
            var history = (await member.Actors).History;
            while ((await StatusAsync(history)).TxnsSinceSnapshot < snapshotAfter)
                await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.SetDataAsync("/f0", [])));
            await ReportAsync("a snapshot", probes, TakenAsync(history));
        }

        await system.Terminate();
    }

    private static async Task TakenAsync(IActorRef history)
    {
        while ((await StatusAsync(history)).Snapshots == 0)
            await Task.Delay(20);
    }

    private static async Task ReportAsync(string during, Probes probes, Task until)
    {
        probes.Reset();
        var pauses = GC.GetTotalPauseDuration();
        var collections = GC.CollectionCount(2);
        var watch = Stopwatch.StartNew();
        await until;
        Console.WriteLine(
            $"during {during} ({watch.Elapsed.TotalSeconds:f1} s): {probes}; collector paused "
            + $"{(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds:f0} ms in all, "
            + $"{GC.CollectionCount(2) - collections} full collections");
    }

    private static async Task RestartAsync(string folder)
    {
        using var again = Process.Start(Environment.ProcessPath!, Arguments(["recover", folder]))!;
        await again.WaitForExitAsync();

        static string[] Arguments(string[] own) =>
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                ? [typeof(SnapshotBenchmark).Assembly.Location, .. own] : own;
    }

    private static ActorSystem Start(string folder, long snapshotAfter) => ActorSystem.Create(
        "zab",
        ConfigurationFactory.ParseString($$"""
            akka.loglevel = WARNING
            akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
            akka.zab.data-dir = "{{folder.Replace("\\", "\\\\")}}"
            akka.zab.snapshot { every-transactions = {{snapshotAfter}}, every-bytes = 64GiB }
            """));

    private static Task<HistoryStatus> StatusAsync(IActorRef history) =>
        history.Ask<HistoryStatus>(new GetHistoryStatus(), TimeSpan.FromMinutes(1));

    private static async Task FillAsync(ZabClient client, int znodes, int bytes)
    {
        var under = new Queue<Task>();
        for (var folder = 0; folder * PerFolder < znodes; folder++)
        {
            await client.CreateAsync($"/f{folder}", []);
            for (var first = 0; first < PerFolder; first += PerMulti)
            {
                var path = $"/f{folder}/znode-";
                var creates = Enumerable.Range(first, PerMulti)
                    .Select(i => new Create($"{path}{i}", new byte[bytes], Acl.Open));
                under.Enqueue(client.MultiAsync([.. creates]));
                if (under.Count > 16)
                    await under.Dequeue();
            }
        }

        await Task.WhenAll(under);
    }
}
