using System.Diagnostics;

namespace Akka.Zab.Recipes.Tests;

/// <summary>This assembly, as a program in a process of its own.</summary>
internal static class OwnProcess
{
    /// <summary>Starts it.</summary>
    public static Process Start(IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        TimeSpan patience, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        using var patient = new CancellationTokenSource(patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patient.Token);
            var errors = process.StandardError.ReadToEndAsync(patient.Token);
            await process.WaitForExitAsync(patient.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch
        {
            process.Kill();
            throw;
        }
    }
}
