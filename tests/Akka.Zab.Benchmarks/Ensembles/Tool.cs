using System.Diagnostics;

namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>Runs other programs to their end.</summary>
internal static class Tool
{
    /// <summary>What the program prints.</summary>
    /// <exception cref="InvalidOperationException">It ended otherwise than with 0.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await errors}".Trim());
    }
}
