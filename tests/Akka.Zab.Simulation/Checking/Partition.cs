using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

/// <summary>
/// Cuts a history into parts that have nothing to do with each other. A history is linearizable exactly if it is for
/// each object by itself; here an object is everything below one child of the root, since deletions and lists tie a
/// znode to its parent. Operations that touch two such objects make them one: a multi does, and the list of the root's
/// children makes one of all. What a session's end does it does to each part by itself.
/// </summary>
internal sealed class Partition
{
    private readonly Dictionary<string, string> roots = [];

    /// <summary>The parts, each in the order of the calls.</summary>
    public static IReadOnlyList<Operation[]> Of(IReadOnlyList<Operation> operations)
    {
        if (operations.Any(operation => TopsOf(operation.Request).Contains("/")))
            return [[.. operations.OrderBy(operation => operation.Call)]];
        var partition = new Partition();
        foreach (var operation in operations)
        {
            string? first = null;
            foreach (var top in TopsOf(operation.Request))
                partition.Join(first ??= top, top);
        }

        var parts = new Dictionary<string, List<Operation>>();
        foreach (var operation in operations)
        {
            if (TopsOf(operation.Request).FirstOrDefault() is { } top)
                PartOf(partition.Root(top)).Add(operation);
        }

        foreach (var close in operations.Where(operation => operation.Request is CloseSession))
        {
            foreach (var part in parts.Values.Where(part => part.Exists(
                operation => operation.Session == close.Session && CreatesEphemeral(operation.Request))))
                part.Add(close);
        }

        return [.. parts.Values.Select(part => part.OrderBy(operation => operation.Call).ToArray())];

        List<Operation> PartOf(string root) => parts.TryGetValue(root, out var part) ? part : parts[root] = [];
    }

    private static bool CreatesEphemeral(Request request) => request switch
    {
        Create create => create.Mode.IsEphemeral(),
        Multi multi => multi.Operations.Any(CreatesEphemeral),
        _ => false,
    };

    private static IEnumerable<string> TopsOf(Request request) => request switch
    {
        Multi multi => multi.Operations.SelectMany(TopsOf),
        // The name that a counter makes comes from the parent: here from the root, which is in every part.
        Create { Mode: var mode, Path: var path } => mode.IsSequential() && TreeModel.ParentOf(path) == "/"
            ? ["/"] : [TopOf(path)],
        SetData set => [TopOf(set.Path)],
        Delete delete => [TopOf(delete.Path)],
        Check check => [TopOf(check.Path)],
        ReadRequest read => [TopOf(read.Path)],
        _ => [],
    };

    private static string TopOf(string path) => path.IndexOf('/', Math.Min(1, path.Length)) is var at and > 0
        ? path[..at] : path;

    private void Join(string one, string other) => roots[Root(one)] = Root(other);

    private string Root(string top)
    {
        while (roots.TryGetValue(top, out var above) && above != top)
            top = above;
        return top;
    }
}
