using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.SideBySide;

/// <summary>How much is measured.</summary>
internal sealed record Settings(string Bench, int Rounds, double Seconds, IReadOnlyList<Row> Rows)
{
    /// <summary>Before each round, over all kinds of load: time for both machines' compilers.</summary>
    public double WarmUpSeconds { get; } = Number("WARMUP_SECS", 12);

    /// <summary>Leaders killed one after the other, of each system.</summary>
    public int Kills { get; } = (int)Number("KILLS", 10);

    public int Znodes { get; } = (int)Number("ZNODES", 1_000_000);

    /// <summary>For how long the mixed load runs in which the longest stall is looked for.</summary>
    public double StallSeconds { get; } = Number("STALL_SECS", 60);

    public int Restarts { get; } = (int)Number("RESTARTS", 3);

    public int Clients { get; } = (int)Number("CLIENTS", 5_000);

    public bool Wants(string key) => Rows.Any(row => row.Key == key);

    public bool Wants(Part part) => Rows.Any(row => row.Part == part);

    /// <exception cref="FormatException">The setting is no number.</exception>
    private static double Number(string variable, double otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given
            ? double.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}

/// <summary>A system under measurement, and what measures it.</summary>
internal sealed record Bench(Settings Settings, Ensemble Ensemble, LoadTools Tools, Samples Samples)
{
    public void Add(string key, double value) => Samples.Add(Ensemble.Name, key, value);

    public Task<IReadOnlyDictionary<string, double>> FloodAsync(FormattableString arguments) =>
        Tools.RunAsync("zkflood", Ensemble, FormattableString.Invariant(arguments));

    /// <summary>A measurement that fails is a figure that the table lacks, and no reason to lose the others.</summary>
    public async Task TryAsync(string key, Func<Task> measure)
    {
        if (!Settings.Wants(key))
            return;
        try
        {
            await measure();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or KeyNotFoundException
            or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"{Ensemble.Name}, {key}: {e.Message}");
        }
    }
}
