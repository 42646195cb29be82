using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.Scaling;

/// <summary>The few figures that every point of every dimension has.</summary>
/// <param name="Connections">Sessions of the load.</param>
/// <param name="Window">Requests under way of each.</param>
/// <param name="ValueBytes">Data of a znode.</param>
internal sealed record Measures(int Connections = 12, int Window = 64, int ValueBytes = 128)
{
    public static IReadOnlyList<string> Columns { get; } =
        ["get /s", "mixed /s", "set /s", "create /s", "one get, p50 ms", "one set, p50 ms"];

    public async Task<IReadOnlyList<double>> TakeAsync(Ensemble ensemble, LoadTools tools, double seconds)
    {
        var figures = new List<double>();
        foreach (var mode in (string[])["get", "mixed", "set", "create"])
            figures.Add((await FloodAsync(mode, Connections, Window, seconds))["ops_per_s"]);
        foreach (var mode in (string[])["get", "set"])
            figures.Add((await FloodAsync(mode, 1, 1, seconds))["p50_ms"]);
        return figures;

        Task<IReadOnlyDictionary<string, double>> FloodAsync(string mode, int connections, int window, double time) =>
            tools.RunAsync(
                "zkflood",
                ensemble,
                FormattableString.Invariant($"-m {mode} -c {connections} -w {window} -v {ValueBytes} -k 16 -d {time}"));
    }
}
