using System.Diagnostics;

namespace Akka.Zab.Server.Tests;

/// <summary>What an acknowledgement is worth: the kernel's own count of what reached the disks.</summary>
[Collection("processes")]
public class DurabilityTests
{
    const string Strace = "/usr/bin/strace";
    const int Writes = 40;

    /// <summary>Counts the times that a process makes its journal durable.</summary>
    sealed class SyncCounter : IDisposable
    {
        readonly Process _strace;
        readonly string _file = Path.GetTempFileName();

        SyncCounter(int process)
        {
            var start = new ProcessStartInfo(Strace) { RedirectStandardError = true };
            foreach (var argument in (string[])["-f", "-y", "-e", "trace=fsync,fdatasync", "-o", _file, "-p", $"{process}"])
                start.ArgumentList.Add(argument);
            _strace = Process.Start(start)!;
        }

        public static async Task<SyncCounter> AttachAsync(int process)
        {
            var counter = new SyncCounter(process);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                var line = await counter._strace.StandardError.ReadLineAsync(patience.Token)
                    ?? throw new InvalidOperationException("strace could not attach.");
                if (line.Contains("attached", StringComparison.Ordinal)) return counter;
            }
        }

        /// <summary>The system calls that were counted.</summary>
        public async Task<IReadOnlyList<string>> StopAsync()
        {
            ZabProcess.Signal(_strace.Id, "INT");
            await _strace.StandardError.ReadToEndAsync();
            await _strace.WaitForExitAsync();
            return
            [
                .. File.ReadLines(_file).Where(line =>
                    line.Contains("journal.db", StringComparison.Ordinal)
                    && !line.Contains("resumed>", StringComparison.Ordinal)),
            ];
        }

        public void Dispose()
        {
            if (!_strace.HasExited) _strace.Kill();
            _strace.Dispose();
            File.Delete(_file);
        }
    }

    /// <summary>
    /// Writes one after the other cannot share a sync: each costs one on two servers at least. Not always the same two,
    /// and one that comes late may sync several writes at once, so it is all servers' syncs together that are counted.
    /// </summary>
    [ToolFact(Strace)]
    public async Task Every_acknowledged_write_was_synced_to_the_disks_of_a_quorum()
    {
        await using var ensemble = await DevFixture.StartAsync();
        var syncs = await CountSyncsOfWritesAsync(ensemble, ensemble.Ports, servers: [1, 2, 3]);
        Assert.True(syncs.Sum() >= 2 * Writes, $"{Writes} writes, syncs of the three servers: {string.Join(", ", syncs)}");
    }

    /// <summary>With one of three gone, nothing is acknowledged that both others have not synced.</summary>
    [ToolFact(Strace)]
    public async Task Every_acknowledged_write_was_synced_by_both_servers_when_the_third_is_gone()
    {
        await using var ensemble = await DevFixture.StartAsync();
        var leader = await ensemble.LeaderAsync();
        var gone = ensemble.ProcessOf(leader % 3 + 1);
        int[] left = [leader, (leader + 1) % 3 + 1];
        ZabProcess.Signal(gone, "STOP");
        try
        {
            var syncs = await CountSyncsOfWritesAsync(ensemble, [ensemble.Ports[leader - 1]], left);
            Assert.True(syncs.All(n => n >= Writes), $"{Writes} writes, syncs of the two servers: {string.Join(", ", syncs)}");
        }
        finally
        {
            ZabProcess.Signal(gone, "CONT");
        }
    }

    /// <summary>A lone write waits for no more than its data and what is needed to find it again.</summary>
    [ToolFact(Strace)]
    public async Task The_bundled_engine_makes_its_journal_durable_with_fdatasync()
    {
        if (ServerHost.Engine() != "the bundled engine") throw new MissingException("Akka.NET leaves this to SQLite.");
        await using var ensemble = await DevFixture.StartAsync();
        var syncs = await SyncsOfWritesAsync(ensemble, ensemble.Ports, servers: [1, 2, 3]);
        var quick = syncs.Sum(calls => calls.Count(call => call.Contains(" fdatasync(", StringComparison.Ordinal)));
        Assert.True(quick >= 2 * Writes, $"{Writes} writes, {syncs.Sum(calls => calls.Count)} syncs, {quick} by fdatasync");
    }

    static async Task<IReadOnlyList<int>> CountSyncsOfWritesAsync(
        DevFixture ensemble, IReadOnlyList<int> ports, IReadOnlyList<int> servers) =>
        [.. (await SyncsOfWritesAsync(ensemble, ports, servers)).Select(calls => calls.Count)];

    /// <summary>How each of the servers synced its journal while a client wrote.</summary>
    static async Task<IReadOnlyList<IReadOnlyList<string>>> SyncsOfWritesAsync(
        DevFixture ensemble, IReadOnlyList<int> ports, IReadOnlyList<int> servers)
    {
        using var client = new RawClient(ports);
        Assert.Equal(0, (await client.CreateAsync("/durable", []))!.Error);
        var counters = new List<SyncCounter>();
        try
        {
            foreach (var server in servers) counters.Add(await SyncCounter.AttachAsync(ensemble.ProcessOf(server)));
            for (var i = 0; i < Writes; i++) Assert.Equal(0, (await client.CreateAsync($"/durable/{i}", [1]))!.Error);
            var syncs = new List<IReadOnlyList<string>>();
            foreach (var counter in counters) syncs.Add(await counter.StopAsync());
            return syncs;
        }
        finally
        {
            foreach (var counter in counters) counter.Dispose();
        }
    }
}
