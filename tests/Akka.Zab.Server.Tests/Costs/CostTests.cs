using System.Globalization;
using Xunit.Abstractions;

namespace Akka.Zab.Server.Tests.Costs;

/// <summary>
/// What an operation costs, in what can be counted on any machine: bytes that the servers allocate, and system calls that
/// they make. Each bound is about one and a half times what was counted when it was set, with a build for debugging, whose
/// async methods allocate more than those of a release; and each is compared with the least of several counts, because
/// whatever else happens in a server meanwhile can only add.
/// </summary>
[Collection("processes")]
public sealed class CostTests(CostTests.Ensemble ensemble, ITestOutputHelper output) : IClassFixture<CostTests.Ensemble>
{
    const int Counts = 3;

    /// <summary>
    /// Calls that threads make to wait and to wake each other. How many there are depends on who is awake already, and so
    /// on the machine, more than the others do.
    /// </summary>
    static readonly HashSet<string> _waiting =
        ["futex", "sched_yield", "epoll_wait", "epoll_pwait", "poll", "ppoll", "clock_nanosleep", "nanosleep", "restart_syscall"];

    /// <summary>One ensemble for all of these tests, warmed up: what is compiled late would be counted otherwise.</summary>
    public sealed class Ensemble : IAsyncLifetime
    {
        const int WarmUpWindows = 30;
        const int Tries = 5;

        DevFixture? _servers;
        SteadyLoad? _load;

        internal DevFixture Servers => _servers!;

        public async Task InitializeAsync()
        {
            _servers = await DevFixture.StartAsync();
            foreach (var every in (int[])[0, 1, 10])
            {
                await MeasureAsync(load =>
                {
                    load.Run(WarmUpWindows, every);
                    return Task.FromResult(0.0);
                });
            }
        }

        public async Task DisposeAsync()
        {
            _load?.Dispose();
            if (_servers is not null) await _servers.DisposeAsync();
        }

        /// <summary>
        /// Measures, and measures again if a connection was ended meanwhile: on a machine that gives a server no time for
        /// seconds, the servers elect anew.
        /// </summary>
        internal async Task<T> MeasureAsync<T>(Func<SteadyLoad, Task<T>> measure)
        {
            for (var tried = 1; ; tried++)
            {
                try
                {
                    _load ??= await SteadyLoad.OpenAsync(Servers.Ports);
                    return await measure(_load);
                }
                catch (Exception e) when (SteadyLoad.IsBroken(e) && tried < Tries)
                {
                    _load?.Dispose();
                    _load = null;
                }
            }
        }
    }

    /// <summary>
    /// A read makes its message, and its share of what there is once for a window: 280 bytes. A write is decoded, sent to
    /// the leader, encoded, sent to two, journalled by three, and put into three trees: 3,050 bytes. Of ten requests one
    /// writes, and what a batch costs is shared by few: 880 to 940, or 1,080 on a machine so busy that what servers say to
    /// each other by the clock has a larger share.
    /// </summary>
    [Theory]
    [InlineData("get", 0, 100, 400)]
    [InlineData("mixed", 10, 30, 1350)]
    [InlineData("set", 1, 20, 4600)]
    public async Task An_operation_allocates_only_so_many_bytes_on_all_servers(string what, int every, int windows, int bytes)
    {
        var least = double.MaxValue;
        for (var i = 0; i < Counts; i++)
        {
            var each = await ensemble.MeasureAsync(async load =>
            {
                var before = await AllocatedAsync();
                var operations = load.Run(windows, every);
                return (await AllocatedAsync() - before) / (double)operations;
            });
            output.WriteLine($"{what}: {each:f0} bytes an operation");
            least = Math.Min(least, each);
        }
        Assert.True(least <= bytes, $"{what}: {least:f0} bytes an operation, more than {bytes}.");
    }

    /// <summary>
    /// A window of 64 reads is received by two calls, the second of which finds nothing more, and answered by one: 47 for
    /// 1,000 with what a server does anyway, and 130 to 280 with those that wait and wake.
    /// </summary>
    [ToolFact(SystemCalls.Strace)]
    public Task A_thousand_reads_make_few_system_calls()
        => CountAsync("get", every: 0, windows: 120, working: 75, all: 400);

    /// <summary>A window is one batch of six writes, and costs 60 calls: 900 to 1,050, and 1,700 to 3,000.</summary>
    [ToolFact(SystemCalls.Strace)]
    public Task A_thousand_requests_of_which_a_tenth_write_make_few_system_calls()
        => CountAsync("mixed", every: 10, windows: 20, working: 1800, all: 4500);

    /// <summary>
    /// A window is one batch of 64 writes, and costs 130 calls, most of them SQLite's on three servers: 1,860 to 2,200, and
    /// 3,200 to 5,400.
    /// </summary>
    [ToolFact(SystemCalls.Strace)]
    public Task A_thousand_writes_make_few_system_calls()
        => CountAsync("set", every: 1, windows: 20, working: 3300, all: 8000);

    async Task CountAsync(string what, int every, int windows, int working, int all)
    {
        int[] processes = [.. Enumerable.Range(1, 3).Select(ensemble.Servers.ProcessOf)];
        var (leastWorking, leastAll) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Counts; i++)
        {
            var (thousands, calls) = await ensemble.MeasureAsync(async load =>
            {
                using var counter = await SystemCalls.AttachAsync(processes);
                return (load.Run(windows, every) / 1000.0, await counter.StopAsync());
            });
            var total = calls.Values.Sum() / thousands;
            var work = calls.Where(call => !_waiting.Contains(call.Key)).Sum(call => call.Value) / thousands;
            output.WriteLine($"{what}: {work:f0} of {total:f0} for 1,000 operations; {string.Join(", ", calls)}");
            leastWorking = Math.Min(leastWorking, work);
            leastAll = Math.Min(leastAll, total);
        }
        Assert.True(
            leastWorking <= working && leastAll <= all,
            $"{what}: {leastAll:f0} system calls for 1,000 operations, of which {leastWorking:f0} neither wait nor wake; "
            + $"at most {all} and {working}.");
    }

    async Task<long> AllocatedAsync()
    {
        const string key = "zk_gc_allocated_bytes\t";
        long sum = 0;
        foreach (var port in ensemble.Servers.Ports)
        {
            var answer = await WordClient.AskAsync("127.0.0.1", port, "mntr", TimeSpan.FromSeconds(30), CancellationToken.None);
            var line = answer!.Split('\n').Single(line => line.StartsWith(key, StringComparison.Ordinal));
            sum += long.Parse(line.AsSpan(key.Length), CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
