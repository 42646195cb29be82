using System.Globalization;
using System.Text.RegularExpressions;

namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>
/// The load generators in C of a folder that is not part of the repository: <c>zkflood</c>, which speaks the protocol
/// itself, <c>zkload</c>, on ZooKeeper's client library, and <c>zkgap</c>. They are compiled first.
/// </summary>
internal sealed partial class LoadTools(string built)
{
    public static async Task<LoadTools> CompileAsync(string sources, string into)
    {
        Directory.CreateDirectory(into);
        foreach (var (name, libraries) in ((string, string[])[])
            [("zkflood", ["-lm", "-lpthread"]), ("zkload", ["-lzookeeper_st", "-lm"]), ("zkgap", ["-lpthread"])])
        {
            await Tool.RunAsync("gcc", ["-O2", "-o", Path.Combine(into, name), Path.Combine(sources, name + ".c"), .. libraries]);
        }

        return new LoadTools(into);
    }

    /// <summary>Runs one of them; what it prints are figures with names.</summary>
    public Task<IReadOnlyDictionary<string, double>> RunAsync(string tool, Ensemble ensemble, string arguments) =>
        RunAsync(tool, ensemble.Hosts, arguments);

    /// <inheritdoc cref="RunAsync(string, Ensemble, string)"/>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(string tool, string hosts, string arguments)
    {
        var line = await Tool.RunAsync(Path.Combine(built, tool), ["-s", hosts, .. arguments.Split(' ')]);
        return Figure().Matches(line).ToDictionary(
            match => match.Groups[1].Value,
            match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"\b(\w+)=(-?[0-9.]+)(?=\s|$)")]
    private static partial Regex Figure();
}
