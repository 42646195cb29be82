using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Akka.Zab.Server.Tests.Tours;

/// <summary>
/// An ensemble for programs that tour it one after the other. A tour may ask for a server to be killed with the line
/// "kill PORT", and reads "killed" when it is; "tour done" is its last word.
/// </summary>
public sealed class TouredEnsemble : IAsyncDisposable, IAsyncLifetime
{
    /// <summary>Stands for the servers among the arguments of a program.</summary>
    public const string Hosts = "HOSTS";

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    DevFixture? _ensemble;

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>A file beside the tests.</summary>
    public static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Tours", name);

    /// <summary>Runs the tour to its end and fails with what it printed if it did not get there.</summary>
    public async Task RunAsync(string program, params string[] arguments)
    {
        _ensemble ??= await DevFixture.StartAsync();
        for (var i = 0; i < arguments.Length; i++)
            if (arguments[i] == Hosts) arguments[i] = _ensemble.Hosts;
        var output = new StringBuilder();
        var killed = 0;
        using var process = Start(program, arguments);
        process.ErrorDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lock (output) output.AppendLine(line);
                if (!line.StartsWith("kill ", StringComparison.Ordinal)) continue;
                killed = _ensemble.ServerAt(int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture));
                _ensemble.Kill(killed);
                await process.StandardInput.WriteAsync("killed\n");
                await process.StandardInput.FlushAsync(patience.Token);
            }
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (output) Assert.Fail($"The tour did not end.\n{output}");
        }
        if (killed != 0) await _ensemble.ServeAgainAsync(killed);
        lock (output)
            Assert.True(process.ExitCode == 0 && output.ToString().Contains("tour done"), output.ToString());
    }

    /// <summary>Runs a program that has nothing to do with the ensemble to its end.</summary>
    public static async Task<(int ExitCode, string Output)> ToolAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(_patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} did not end.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ensemble is not null) await _ensemble.DisposeAsync();
        _ensemble = null;
    }

    static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
