using System.Globalization;
using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.Scaling;

/// <summary>How the figures change with one thing at a time, as a Markdown table for each; both systems in turn.</summary>
internal static class ScalingRun
{
    private const string Children = "children";

    public static async Task RunAsync(string bench, double seconds, IReadOnlyList<string> names, string work)
    {
        string[] known = [.. Dimension.All.Select(dimension => dimension.Name), Children];
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException($"There is no dimension {unknown}; there are {string.Join(", ", known)}.");
        var tools = await LoadTools.CompileAsync(bench, Path.Combine(work, "tools"));
        await using var ours = new ZabEnsemble(Path.Combine(work, "zab"));
        await using var theirs = new ZooKeeperEnsemble(Path.Combine(work, "zookeeper"));
        Ensemble[] systems = Environment.GetEnvironmentVariable("SYSTEMS") switch
        {
            "zab" => [ours],
            "zookeeper" => [theirs],
            _ => File.Exists(ZooKeeperEnsemble.Jar) ? [ours, theirs] : [ours],
        };
        foreach (var dimension in Dimension.All.Where(dimension => names.Count == 0 || names.Contains(dimension.Name)))
        {
            Head(dimension.Name, Measures.Columns);
            foreach (var point in dimension.Points)
            {
                foreach (var system in systems)
                    await TryAsync(system, $"{dimension.Name} {point.Name}", () => PointAsync(system, tools, point, seconds));
            }
        }

        if (names.Count > 0 && !names.Contains(Children))
            return;
        Head("children of one znode", ManyChildren.Columns);
        foreach (var system in systems)
            await TryAsync(system, Children, () => ChildrenAsync(system, tools, seconds));
    }

    private static async Task PointAsync(Ensemble system, LoadTools tools, Point point, double seconds)
    {
        await system.StartAsync(point.Shape);
        foreach (var mode in (string[])["get", "set", "create"])
            await tools.RunAsync("zkflood", system, FormattableString.Invariant($"-m {mode} -d {seconds}"));
        var prepared = point.Prepare is { } prepare ? await prepare(system, tools) : null;
        try
        {
            Line(point.Name, system, await point.Measures.TakeAsync(system, tools, seconds));
        }
        finally
        {
            if (prepared is not null)
                await prepared.DisposeAsync();
        }
    }

    private static async Task ChildrenAsync(Ensemble system, LoadTools tools, double seconds)
    {
        await system.StartAsync(new Shape());
        foreach (var mode in (string[])["get", "set", "create"])
            await tools.RunAsync("zkflood", system, FormattableString.Invariant($"-m {mode} -d {seconds}"));
        foreach (var (name, figures) in ManyChildren.Take(system))
            Line(name, system, figures);
    }

    private static async Task TryAsync(Ensemble system, string what, Func<Task> measure)
    {
        try
        {
            await measure();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"{system.Name}, {what}: {e.Message}");
        }
        finally
        {
            await system.StopAsync();
        }
    }

    private static void Head(string name, IReadOnlyList<string> columns)
    {
        Console.WriteLine();
        Console.WriteLine($"| {name} | | {string.Join(" | ", columns)} |");
        Console.WriteLine($"|---|---|{string.Concat(columns.Select(_ => "---:|"))}");
    }

    private static void Line(string name, Ensemble system, IEnumerable<double> figures) =>
        Console.WriteLine($"| {name} | {system.Name} | {string.Join(" | ", figures.Select(Number))} |");

    private static string Number(double value) =>
        value.ToString(value >= 1000 ? "n0" : value >= 10 ? "n1" : "n3", CultureInfo.InvariantCulture);
}
