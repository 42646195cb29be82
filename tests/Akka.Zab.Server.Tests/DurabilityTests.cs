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

        public async Task<int> StopAsync()
        {
            ZabProcess.Signal(_strace.Id, "INT");
            await _strace.StandardError.ReadToEndAsync();
            await _strace.WaitForExitAsync();
            return File.ReadLines(_file).Count(line =>
                line.Contains("journal.db", StringComparison.Ordinal) && !line.Contains("resumed>", StringComparison.Ordinal));
        }

        public void Dispose()
        {
            if (!_strace.HasExited) _strace.Kill();
            _strace.Dispose();
            File.Delete(_file);
        }
    }

    /// <summary>
    /// Writes one after the other cannot share a sync, so each costs one on every server of the quorum that acknowledged it.
    /// </summary>
    [ToolFact(Strace)]
    public async Task Every_acknowledged_write_was_synced_to_the_disks_of_a_quorum()
    {
        await using var ensemble = await DevFixture.StartAsync();
        using var client = new RawClient(ensemble.Ports);
        Assert.Equal(0, (await client.CreateAsync("/durable", []))!.Error);
        var counters = new List<SyncCounter>();
        try
        {
            for (var server = 1; server <= 3; server++)
                counters.Add(await SyncCounter.AttachAsync(ensemble.ProcessOf(server)));
            for (var i = 0; i < Writes; i++) Assert.Equal(0, (await client.CreateAsync($"/durable/{i}", [1]))!.Error);
            var syncs = new List<int>();
            foreach (var counter in counters) syncs.Add(await counter.StopAsync());
            Assert.True(syncs.Count(n => n >= Writes) >= 2, $"{Writes} writes, syncs of the three servers: {string.Join(", ", syncs)}");
        }
        finally
        {
            foreach (var counter in counters) counter.Dispose();
        }
    }
}
