using System.Diagnostics;
using Akka.Actor;
using Akka.Zab.Client;

namespace Akka.Zab.Benchmarks;

/// <summary>
/// One client that reads, one that writes, each one request after the other with a millisecond between them, and a
/// thread that only wakes up every millisecond: what that one misses is the machine's doing or the collector's.
/// </summary>
internal sealed class Probes : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Latencies reads = new();
    private readonly Latencies writes = new();
    private readonly Latencies wakings = new();
    private readonly Task running;

    public Probes(ZabClient reader, ActorSystem system)
    {
        var waking = Task.Factory.StartNew(Wake, TaskCreationOptions.LongRunning);
        running = Task.WhenAll(
            waking,
            Task.Run(() => RepeatAsync(reads, () => reader.GetDataAsync("/f0/znode-1"))),
            Task.Run(async () =>
            {
                await using var writer = await ZabClient.ConnectAsync(system, []);
                await RepeatAsync(writes, () => writer.SetDataAsync("/f0/znode-2", [1]));
            }));
    }

    public void Reset()
    {
        reads.Reset();
        writes.Reset();
        wakings.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    public override string ToString() => $"get {reads}; set {writes}; a thread that sleeps 1 ms {wakings}";

    private void Wake()
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            Thread.Sleep(1);
            wakings.Add(began);
        }
    }

    private async Task RepeatAsync(Latencies latencies, Func<Task> request)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            await request();
            latencies.Add(began);
            await Task.Delay(1);
        }
    }

    private sealed class Latencies
    {
        private readonly List<double> all = [];

        public void Add(long began)
        {
            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            lock (all)
                all.Add(took);
        }

        public void Reset()
        {
            lock (all)
                all.Clear();
        }

        public override string ToString()
        {
            lock (all)
            {
                var sorted = all.Order().ToArray();
                return sorted.Length == 0
                    ? "none"
                    : $"p50 {At(0.5):f2}, p99 {At(0.99):f1}, max {sorted[^1]:f1} ms of {sorted.Length:n0}";

                double At(double share) => sorted[(int)(sorted.Length * share)];
            }
        }
    }
}
