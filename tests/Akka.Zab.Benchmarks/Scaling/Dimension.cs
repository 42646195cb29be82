using Akka.Zab.Benchmarks.Ensembles;
using Akka.Zab.Benchmarks.Wire;

namespace Akka.Zab.Benchmarks.Scaling;

/// <summary>One point: an ensemble, what is put into it before, and how it is loaded.</summary>
/// <param name="Name">What the line of the table is called.</param>
/// <param name="Shape">The ensemble.</param>
/// <param name="Measures">The load.</param>
/// <param name="Prepare">Puts something into the ensemble, and keeps it there until it is disposed of; or null.</param>
internal sealed record Point(
    string Name, Shape Shape, Measures Measures, Func<Ensemble, LoadTools, Task<IAsyncDisposable?>>? Prepare = null);

/// <summary>What is varied, everything else being three servers, 12 connections, 64 requests each, 128 bytes.</summary>
internal sealed record Dimension(string Name, IReadOnlyList<Point> Points)
{
    public static IReadOnlyList<Dimension> All { get; } =
    [
        Of("servers", [1, 3, 5], n => new($"{n}", new Shape(n), new())),
        Of("observers", [0, 1, 2], n => new($"3 and {n}", new Shape(3, n), new())),
        Of("values", [128, 1024, 65536], n => new($"{n:n0} bytes", new(), new(Window: n > 10_000 ? 8 : 64, ValueBytes: n))),
        Of("connections", [1, 10, 100, 1000], n => new($"{n:n0}", new(), new(n, n > 100 ? 8 : 64))),
        Of("znodes", [1_000, 100_000, 1_000_000], n => new($"{n:n0}", new(), new(), async (ensemble, tools) =>
        {
            await tools.RunAsync("zkflood", ensemble, $"-m fill -n {n} -v 128");
            return null;
        })),
        Of("watches", [0, 10_000, 100_000], n => new($"{n:n0}", new(), new(), (ensemble, _) =>
            Task.FromResult<IAsyncDisposable?>(new HeldWatches(ensemble.Ports, n)))),
        Of("sessions", [0, 1_000, 10_000], n => new($"{n:n0}", new(), new(), async (ensemble, _) =>
            n == 0 ? null : await HeldSessions.OpenAsync(ensemble, n))),
    ];

    private static Dimension Of(string name, int[] values, Func<int, Point> point) => new(name, [.. values.Select(point)]);
}

/// <summary>Watches on as many paths, of one session with each server.</summary>
internal sealed class HeldWatches : IAsyncDisposable
{
    private readonly List<WireConnection> connections = [];

    public HeldWatches(IReadOnlyList<int> ports, int count)
    {
        foreach (var (port, index) in ports.Select((port, index) => (port, index)))
        {
            var connection = WireConnection.Open(port, window: 1000);
            connections.Add(connection);
            for (var i = index; i < count; i += ports.Count)
                connection.Pipeline(WireConnection.AddWatch($"/watched/{i}"));
            connection.Finish();
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            connection.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Idle sessions, spread over the servers; their timeout is longer than anything here takes.</summary>
internal sealed class HeldSessions : IAsyncDisposable
{
    private readonly List<WireConnection> connections = [];

    private HeldSessions()
    {
    }

    public static async Task<HeldSessions> OpenAsync(Ensemble ensemble, int count)
    {
        var held = new HeldSessions();
        var opened = await Task.WhenAll(ensemble.Ports.Select((port, index) => Task.Run(() =>
            Enumerable.Range(0, ((count - 1 - index) / ensemble.Ports.Count) + 1)
                .Select(_ => WireConnection.Open(port, window: 1)).ToList())));
        foreach (var connections in opened)
            held.connections.AddRange(connections);
        return held;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
