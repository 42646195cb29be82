using System.Globalization;
using System.Runtime.InteropServices;
using Akka.Zab.Benchmarks;
using Akka.Zab.Benchmarks.Ensembles;
using Akka.Zab.Benchmarks.Floors;
using Akka.Zab.Benchmarks.Parts;
using Akka.Zab.Benchmarks.Scaling;
using Akka.Zab.Benchmarks.SideBySide;
using Akka.Zab.Benchmarks.Stages;

const string usage = """
    usage: zab-benchmarks MODE ...
      parts [FILTER]                             parts of a server by themselves, with what they allocate
      side-by-side BENCH-DIR [ROUNDS] [SECS] [ROW...]    this ensemble and ZooKeeper's; see the script side-by-side
      table FILE...                              the table of what earlier runs of side-by-side have measured
      scaling BENCH-DIR [SECS=3] [DIMENSION...]  servers, observers, values, connections, znodes, watches, sessions,
                                                 children; SYSTEMS=zab or SYSTEMS=zookeeper for one of the two
      stages BENCH-DIR [SECS=8] [LOAD...]        processor time of an operation by stage: get, mixed, set, create
      watch-floor BENCH-DIR [WATCHERS=5000]      an event sent to many watchers by a server that does nothing else
      snapshots [ZNODES=1000000] [BYTES=128]     single requests while a snapshot is taken, and the start on its data
    BENCH-DIR has the load generators zkflood.c, zkload.c and zkgap.c. Data go to a folder in WORK_DIR, by default /tmp.
    """;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return await RunAsync(args);
}
catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

static async Task<int> RunAsync(string[] args)
{
    switch (args)
    {
        case ["snapshots", .. var rest] when rest.Length <= 2:
            await SnapshotBenchmark.RunAsync(Number(rest, 0, 1_000_000), Number(rest, 1, 128));
            return 0;
        case ["recover", var folder]:
            await SnapshotBenchmark.RecoverAsync(folder);
            return 0;
        case ["parts", .. var rest] when rest.Length <= 1:
            PartsRun.Run(rest.FirstOrDefault());
            return 0;
        case ["stages", var bench, .. var rest]:
            await InFolderAsync(work => StagesRun.RunAsync(
                bench,
                TimeSpan.FromSeconds(Number(rest, 0, 8)),
                rest.Length > 1 ? rest[1..] : ["get", "mixed", "set", "create"],
                work));
            return 0;
        case ["watch-floor", var bench, .. var rest] when rest.Length <= 1:
            await InFolderAsync(work => WatchFloor.RunAsync(bench, Number(rest, 0, 5_000), work));
            return 0;
        case ["scaling", var bench, .. var rest]:
            await InFolderAsync(work => ScalingRun.RunAsync(bench, Number(rest, 0, 3), rest.Length > 1 ? rest[1..] : [], work));
            return 0;
        case ["side-by-side", var bench, .. var rest]:
            var rows = SideBySideRun.Select(rest.Length > 2 ? rest[2..] : []);
            var file = Setting("SAMPLES", Path.GetFullPath("side-by-side.tsv"));
            await InFolderAsync(work => SideBySideRun.RunAsync(
                new Settings(bench, Number(rest, 0, 5), Number(rest, 1, 3), rows),
                work,
                file,
                $"tests/Akka.Zab.Benchmarks/side-by-side BENCH-DIR {string.Join(' ', rest)}".TrimEnd()));
            return 0;
        case ["table", .. var files] when files.Length > 0:
            var samples = new Samples(null);
            foreach (var one in files)
                samples.Read(one);
            Table.Print(samples, $"`tests/Akka.Zab.Benchmarks/side-by-side table {string.Join(' ', files)}`");
            return 0;
        default:
            await Console.Error.WriteLineAsync(usage);
            return 2;
    }
}

static int Number(string[] args, int index, int otherwise) =>
    args.Length <= index ? otherwise
    : int.TryParse(args[index], out var value) && value > 0 ? value
    : throw new ArgumentException($"\"{args[index]}\" is not a number above 0.");

static string Setting(string variable, string otherwise) =>
    Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? given : otherwise;

static async Task InFolderAsync(Func<string, Task> run)
{
    var folder = Path.Combine(Setting("WORK_DIR", Path.GetTempPath()), $"zab-bench-{Environment.ProcessId}");
    Directory.CreateDirectory(folder);
    PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
    var registrations = signals.Select(signal => PosixSignalRegistration.Create(signal, _ =>
    {
        Ensemble.KillAll();
        Delete(folder);
        Environment.Exit(1);
    })).ToArray();
    try
    {
        await run(folder);
    }
    finally
    {
        Delete(folder);
        foreach (var registration in registrations)
            registration.Dispose();
    }
}

static void Delete(string folder)
{
    try
    {
        Directory.Delete(folder, recursive: true);
    }
    catch (IOException e)
    {
        Console.Error.WriteLine($"The folder {folder} is left: {e.Message}");
    }
}
