using System.Diagnostics;
using Akka.Zab.Benchmarks.Ensembles;
using Akka.Zab.Benchmarks.Wire;

namespace Akka.Zab.Benchmarks.Scaling;

/// <summary>One znode that gets 100,000 children: what they and their list cost as they become more.</summary>
internal static class ManyChildren
{
    private const int Steps = 5;
    private const int Lists = 10;
    private const string Parent = "/many";

    public static IReadOnlyList<string> Columns { get; } =
        ["create /s", "get of a child /s", "set of a child /s", "list of all names, ms"];

    /// <summary>A line for every fifth of the children.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<double> Figures)> Take(Ensemble ensemble, int children = 100_000)
    {
        using var connection = WireConnection.Open(ensemble.Ports[0], window: 500);
        connection.Pipeline(WireConnection.Create(Parent, []));
        connection.Finish();
        var step = children / Steps;
        var list = WireConnection.Children(Parent);
        for (var from = 0; from < children; from += step)
        {
            var first = from;
            var there = from + step;
            var creates = PerSecond(connection, step, i => WireConnection.Create(Child(first + i), [1]));
            // A stride that meets them all, and no two neighbours one after the other.
            var gets = PerSecond(connection, step, i => WireConnection.Get(Child((int)(i * 7919L % there))));
            var sets = PerSecond(connection, step, i => WireConnection.Set(Child((int)(i * 7919L % there)), [2]));
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Lists; i++)
            {
                connection.Pipeline(list);
                connection.Finish();
            }

            yield return ($"{there:n0}", [creates, gets, sets, watch.Elapsed.TotalMilliseconds / Lists]);
        }
    }

    private static double PerSecond(WireConnection connection, int count, Func<int, byte[]> request)
    {
        var requests = Enumerable.Range(0, count).Select(request).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var one in requests)
            connection.Pipeline(one);
        connection.Finish();
        return count / watch.Elapsed.TotalSeconds;
    }

    // Five digits, so that the names of all fit into a reply of a megabyte.
    private static string Child(int number) => $"{Parent}/{number:d5}";
}
