using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Akka.Zab.Server.Tests;

/// <summary>The program itself, as a process whose output is read line by line.</summary>
internal sealed class ZabProcess : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly StringBuilder _everything = new();

    ZabProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Received(line.Data);
        process.ErrorDataReceived += (_, line) => Received(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Everything that it printed so far.</summary>
    public string Output
    {
        get { lock (_everything) return _everything.ToString(); }
    }

    public static ZabProcess Start(params string[] arguments) => Launch([Host], arguments);

    /// <summary>Starts it with a limit on the size of each of its files, as the shell sets it.</summary>
    public static ZabProcess StartWithFilesOf(int maxKiB, params string[] arguments)
        => Launch(["/bin/bash", "-c", $"trap '' XFSZ; ulimit -f {maxKiB}; exec \"$@\"", "bash", Host], arguments);

    static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    static ZabProcess Launch(string[] program, string[] arguments)
    {
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // The runtime's own mappings are files, too, unless it is told otherwise.
        if (program.Length > 1) start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var argument in program[1..]) start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "zab.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new ZabProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var zab = Start(arguments);
        return (await zab.ExitAsync(), zab.Output);
    }

    /// <summary>The next line that contains <paramref name="text"/>.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(patience.Token);
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"No line has \"{text}\". The output was:\n{Output}", e);
        }
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a terminal or a service manager would.</summary>
    public void Terminate() => Signal(_process.Id, "TERM");

    /// <summary>Sends a signal to a process, which is named by its id only.</summary>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    void Received(string? line)
    {
        if (line is null) return;
        lock (_everything) _everything.AppendLine(line);
        _lines.Writer.TryWrite(line);
    }
}
