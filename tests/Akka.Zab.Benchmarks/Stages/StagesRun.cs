using System.Diagnostics;
using System.Globalization;
using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.Stages;

/// <summary>
/// Where the processor time of an operation goes: microseconds by stage, over all servers of an ensemble of three, while
/// zkflood keeps them busy. The collector runs as the library beside the runtime, the same one, so that it can be told
/// from the rest of the runtime. Needs perf, and the right to look at all that the kernel does.
/// </summary>
internal static class StagesRun
{
    // Until the compiler has done: its share is what shows whether that was long enough.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("WARMUP_SECS"), CultureInfo.InvariantCulture, out var given) ? given : 15);

    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(string bench, TimeSpan time, IReadOnlyList<string> modes, string work)
    {
        var tools = await LoadTools.CompileAsync(bench, Path.Combine(work, "tools"));
        var columns = new List<Column>();
        foreach (var mode in modes)
            columns.Add(await MeasureAsync(tools, mode, time, work));
        Print(columns);
    }

    private static async Task<Column> MeasureAsync(LoadTools tools, string mode, TimeSpan time, string work)
    {
        await using var ensemble = new ZabEnsemble(Path.Combine(work, "zab"))
        {
            // perf finds the names of compiled methods only where their memory is of no file.
            Variables =
            {
                ["DOTNET_PerfMapEnabled"] = "3",
                ["DOTNET_EnableWriteXorExecute"] = "0",
                ["DOTNET_GCName"] = "libclrgcexp.so",
            },
        };
        await ensemble.StartAsync(new Shape());
        await Console.Error.WriteLineAsync($"{mode}: warming up for {WarmUp.TotalSeconds} s, sampling for {time.TotalSeconds} s");
        await tools.RunAsync("zkflood", ensemble, $"-m {mode} -d {Seconds(WarmUp)}");
        var load = tools.RunAsync("zkflood", ensemble, $"-m {mode} -d {Seconds(time + (2 * Lead))}");
        await Task.Delay(Lead);
        var file = Path.Combine(work, "perf.data");
        var before = ensemble.Shape.Ids.Select(ensemble.Cpu).ToArray();
        var watch = Stopwatch.StartNew();
        await PerfSamples.RecordAsync(ensemble.Processes, time, file);
        var used = ensemble.Shape.Ids.Select(ensemble.Cpu).Zip(before, (after, start) => (after - start).TotalMicroseconds).Sum();
        var took = watch.Elapsed;
        var perSecond = (await load)["ops_per_s"];

        var stacks = await PerfSamples.ReadAsync(file);
        var perOperation = used / (took.TotalSeconds * perSecond);
        return new Column(mode, perSecond, stacks.Count, stacks.CountBy(Stage.Of).ToDictionary(
            stage => stage.Key,
            stage => perOperation * stage.Value / stacks.Count));
    }

    private static void Print(List<Column> columns)
    {
        Console.WriteLine($"| µs of processor an operation | {Cells(columns, column => column.Mode)} |");
        Console.WriteLine($"|---|{Cells(columns, _ => "---:").Replace(" ", "", StringComparison.Ordinal)}|");
        foreach (var stage in Stage.All.Where(stage => columns.Exists(column => column.Micros.ContainsKey(stage))))
            Console.WriteLine($"| {stage} | {Cells(columns, column => Number(column.Micros.GetValueOrDefault(stage)))} |");
        Console.WriteLine($"| all, three servers together | {Cells(columns, column => Number(column.Micros.Values.Sum()))} |");
        Console.WriteLine($"| operations a second meanwhile | {Cells(columns, column => $"{column.PerSecond:n0}")} |");
        Console.WriteLine($"| samples | {Cells(columns, column => $"{column.Samples:n0}")} |");
    }

    private static string Cells(List<Column> columns, Func<Column, string> cell) => string.Join(" | ", columns.Select(cell));

    private static string Number(double micros) => micros.ToString("f2", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>One kind of load, and what it cost.</summary>
    private sealed record Column(string Mode, double PerSecond, int Samples, IReadOnlyDictionary<string, double> Micros);
}
