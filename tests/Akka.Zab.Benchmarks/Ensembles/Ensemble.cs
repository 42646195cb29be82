using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>
/// Servers of one system on loopback, each a process of its own with a data folder of its own, which this program
/// starts, kills and starts again; nothing else does, so that both systems are treated alike.
/// </summary>
internal abstract class Ensemble(string name, string folder, int firstPort) : IAsyncDisposable
{
    /// <summary>Added to every port, where another ensemble has them; PORT_OFFSET, 0 by default.</summary>
    protected static readonly int Offset =
        int.TryParse(Environment.GetEnvironmentVariable("PORT_OFFSET"), CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);

    private static readonly ConcurrentDictionary<Process, bool> Alive = [];

    private readonly Dictionary<int, Process> processes = [];

    public string Name => name;

    public Shape Shape { get; private set; } = new();

    public string Hosts => string.Join(',', Shape.Ids.Select(id => $"127.0.0.1:{Port(id)}"));

    public IReadOnlyList<int> Ports => [.. Shape.Ids.Select(Port)];

    public IReadOnlyList<int> Processes => [.. Shape.Ids.Select(ProcessOf)];

    /// <summary>For a run that is interrupted: nothing is left behind.</summary>
    public static void KillAll()
    {
        foreach (var process in Alive.Keys)
        {
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Starts it on empty folders; completes when every server serves.</summary>
    public async Task StartAsync(Shape shape)
    {
        await StopAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Shape = shape;
        foreach (var id in shape.Ids)
        {
            Directory.CreateDirectory(Folder(id));
            Configure(id);
        }

        foreach (var id in shape.Ids)
            Launch(id);
        foreach (var id in shape.Ids)
            await ServesAsync(id);
    }

    /// <summary>Starts a server on what its folder has.</summary>
    public void Launch(int id)
    {
        var start = Program(id);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        var process = Process.Start(start)!;
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(Folder(id), "out"), append: true) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        processes[id] = process;
        Alive[process] = true;
    }

    /// <summary>Waits until a server serves, and says for how long.</summary>
    public async Task<TimeSpan> ServesAsync(int id)
    {
        var watch = Stopwatch.StartNew();
        while (await ModeAsync(id) is null)
        {
            if (watch.Elapsed > Patience || processes[id].HasExited)
                throw new InvalidOperationException($"Server {id} of {Name} did not come up. {LastWords(id)}");
            await Task.Delay(Soon);
        }

        return watch.Elapsed;
    }

    /// <summary>The server that leads.</summary>
    public async Task<int> LeaderAsync()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            foreach (var id in Shape.Ids)
            {
                if (await ModeAsync(id) is "leader" or "standalone")
                    return id;
            }

            await Task.Delay(Soon);
        }

        throw new InvalidOperationException($"No server of {Name} leads.");
    }

    public int ProcessOf(int id) => processes[id].Id;

    /// <summary>What the kernel says of a server's memory, such as VmRSS, in bytes.</summary>
    public long Memory(int id, string what) =>
        1024 * long.Parse(
            File.ReadLines($"/proc/{ProcessOf(id)}/status").First(line => line.StartsWith(what + ":", StringComparison.Ordinal))
                .AsSpan(what.Length + 1).Trim().TrimEnd("kB").Trim(),
            CultureInfo.InvariantCulture);

    /// <summary>The time that a server has had of the processors, its own and the kernel's for it.</summary>
    public TimeSpan Cpu(int id)
    {
        using var process = Process.GetProcessById(ProcessOf(id));
        return process.TotalProcessorTime;
    }

    /// <summary>A full garbage collection, then the bytes on the heap of a server.</summary>
    public abstract Task<long> LiveHeapAsync(int id);

    /// <summary>kill -9.</summary>
    public void Kill(int id)
    {
        if (!processes.TryGetValue(id, out var process))
            return;
        process.Kill();
        process.WaitForExit();
        Alive.TryRemove(process, out _);
    }

    /// <summary>What the servers have is not asked for again, so they are not given time to stop.</summary>
    public Task StopAsync()
    {
        foreach (var id in processes.Keys)
            Kill(id);
        foreach (var process in processes.Values)
            process.Dispose();
        processes.Clear();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    protected int Port(int id) => firstPort + Offset + id - 1;

    protected string Folder(int id) => Path.Combine(folder, $"{id}");

    /// <summary>Writes the settings of a server into its folder.</summary>
    protected abstract void Configure(int id);

    protected abstract ProcessStartInfo Program(int id);

    private string LastWords(int id) => string.Join('\n', Directory.EnumerateFiles(Folder(id))
        .Where(file => Path.GetFileName(file) is "out" or "server.log")
        .SelectMany(file => File.ReadLines(file).TakeLast(8)));

    /// <summary>leader, follower, observer or standalone; null of a server that does not serve.</summary>
    private async Task<string?> ModeAsync(int id)
    {
        const string mode = "Mode: ";
        var answer = await Words.AskAsync(Port(id), "srvr");
        var line = answer?.Split('\n').FirstOrDefault(line => line.StartsWith(mode, StringComparison.Ordinal));
        return line?[mode.Length..].Trim();
    }
}
