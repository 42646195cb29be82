using System.Collections.Immutable;

namespace Akka.Zab.Client.Recipes;

/// <summary>Reads many znodes in few requests.</summary>
internal static class SubtreeReader
{
    private const int AtOnce = 200;

    /// <summary>
    /// Reads these znodes into a tree; those that do not exist, or must not be read, are taken out of it.
    /// </summary>
    /// <param name="zab">The client.</param>
    /// <param name="paths">Which.</param>
    /// <param name="tree">Where they go.</param>
    /// <param name="children">Takes the paths of their children; null if these are not asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether they were read in one request, so that all are of one time.</returns>
    public static async Task<bool> ReadAsync(
        ZabClient zab, IReadOnlyCollection<string> paths,
        ImmutableSortedDictionary<string, CachedZnode>.Builder tree, HashSet<string>? children,
        CancellationToken cancellation)
    {
        var reading = paths.Chunk(AtOnce)
            .Select(chunk => (
                Paths: chunk,
                Reply: zab.CallAsync(new MultiRead(Reads(chunk, children is not null)), cancellation)))
            .ToList();
        foreach (var (chunk, reply) in reading)
        {
            if (await reply.ConfigureAwait(false) is not MultiReply { Results: var results })
                throw ZabException.For((reply.Result as ErrorReply)?.Error ?? ZabError.MarshallingError);
            var next = 0;
            foreach (var path in chunk)
            {
                if (results[next++] is DataReply { Data: var data, Stat: var stat })
                    tree[path] = new CachedZnode(data, stat.CreatedZxid, stat.ModifiedZxid, stat.Version);
                else
                    tree.Remove(path);
                if (children is null || results[next++] is not ChildrenReply { Names: var names }) continue;
                foreach (var name in names) children.Add(Recipes.Paths.Child(path, name));
            }
        }
        return reading.Count <= 1;
    }

    private static ReadRequest[] Reads(string[] paths, bool withChildren) =>
        [.. paths.SelectMany(path => withChildren
            ? new ReadRequest[] { new GetData(path), new GetChildren(path) }
            : [new GetData(path)])];
}
