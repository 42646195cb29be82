using System.Diagnostics;
using System.Globalization;

namespace Akka.Zab.Server.Tests.Costs;

/// <summary>Counts the system calls of some processes with strace, from when it has attached to when it is stopped.</summary>
internal sealed class SystemCalls : IDisposable
{
    public const string Strace = "/usr/bin/strace";

    readonly Process _strace;
    readonly string _file = Path.GetTempFileName();

    SystemCalls(IEnumerable<int> processes)
    {
        var start = new ProcessStartInfo(Strace) { RedirectStandardError = true };
        foreach (var argument in (string[])["-f", "-c", "-U", "calls,name", "-o", _file]) start.ArgumentList.Add(argument);
        foreach (var process in processes)
        {
            start.ArgumentList.Add("-p");
            start.ArgumentList.Add($"{process}");
        }
        _strace = Process.Start(start)!;
    }

    /// <summary>Completes when every one of the processes is watched.</summary>
    /// <exception cref="MissingException">This user or this machine may not watch other processes.</exception>
    public static async Task<SystemCalls> AttachAsync(IReadOnlyCollection<int> processes)
    {
        var calls = new SystemCalls(processes);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var attached = 0; attached < processes.Count;)
        {
            var line = await calls._strace.StandardError.ReadLineAsync(patience.Token);
            if (line is null || line.Contains("not permitted", StringComparison.Ordinal))
            {
                calls.Dispose();
                throw new MissingException($"strace may not attach to the servers: {line}");
            }
            if (line.Contains("attached", StringComparison.Ordinal)) attached++;
        }
        return calls;
    }

    /// <summary>How often each call was made.</summary>
    public async Task<IReadOnlyDictionary<string, int>> StopAsync()
    {
        ZabProcess.Signal(_strace.Id, "INT");
        await _strace.StandardError.ReadToEndAsync();
        await _strace.WaitForExitAsync();
        return File.ReadLines(_file)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 2 && words[1] != "total" && char.IsAsciiDigit(words[0][0]))
            .ToDictionary(words => words[1], words => int.Parse(words[0], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_strace.HasExited) _strace.Kill();
        _strace.Dispose();
        File.Delete(_file);
    }
}
