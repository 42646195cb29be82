using System.Diagnostics;
using System.Globalization;

namespace Akka.Zab.Server.Ensemble;

/// <summary>One server of a development ensemble: a process that runs this same program.</summary>
internal sealed class ServerProcess(DevOptions options, int id) : IDisposable
{
    public const string ConfigFile = "zab.conf";
    const string LogFile = "server.log";
    const string PidFile = "pid";

    Process? _process;

    public int Id => id;

    public int ProcessId => _process!.Id;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>When it was started, for how long it lasted.</summary>
    public DateTime StartedAt { get; private set; }

    /// <summary>Starts the process. Its standard input is the pipe by which it learns that it shall end.</summary>
    public void Start()
    {
        var folder = options.Folder(id);
        Directory.CreateDirectory(folder);
        var config = Path.Combine(folder, ConfigFile);
        File.WriteAllText(config, options.Hocon(id));

        var start = new ProcessStartInfo { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var part in ThisProgram()) start.ArgumentList.Add(part);
        start.FileName = start.ArgumentList[0];
        start.ArgumentList.RemoveAt(0);
        string[] arguments =
        [
            "server", "--config", config, "--data", folder, "--log", Path.Combine(folder, LogFile),
            "--until-input-ends",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var set in options.Sets)
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(set);
        }

        _process?.Dispose();
        _process = Process.Start(start) ?? throw new RefusedException($"Server {id} could not be started.");
        StartedAt = DateTime.UtcNow;
        Starts++;
        File.WriteAllText(Path.Combine(folder, PidFile), _process.Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until it has ended, and says how.</summary>
    public async Task<int> ExitAsync(CancellationToken stop)
    {
        await _process!.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, and ends it if it has not after <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_process is null) return;
        try
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(patience);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        catch (IOException)
        {
            // The pipe broke: it is ending already.
            await _process.WaitForExitAsync();
        }
        File.Delete(Path.Combine(options.Folder(id), PidFile));
    }

    public void Dispose() => _process?.Dispose();

    // Run by its own name, or by "dotnet zab.dll".
    static IEnumerable<string> ThisProgram()
    {
        var program = Environment.ProcessPath
            ?? throw new RefusedException("The program cannot find its own file to run it again.");
        yield return program;
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") yield return typeof(ServerProcess).Assembly.Location;
    }
}
