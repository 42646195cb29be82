using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>What a watch waits for.</summary>
[Flags]
internal enum WatchKind : byte
{
    /// <summary>The znode's data or the znode itself: set by reads of data, and by exists whether or not it is there.</summary>
    Data = 1,

    /// <summary>The list of its children.</summary>
    Children = 2,
}

/// <summary>An event and the connection that it is for.</summary>
internal readonly record struct FiredWatch(long Watcher, WatchEvent Event);

/// <summary>The one-shot watches of this server's connections. For one owner on one thread.</summary>
internal sealed class WatchTable
{
    private readonly Dictionary<(string, WatchKind), SortedSet<long>> table = [];

    /// <summary>How many watches there are.</summary>
    public long Count => table.Values.Sum(w => (long)w.Count);

    /// <summary>How many paths have a watch.</summary>
    public int PathCount => table.Keys.Select(k => k.Item1).Distinct().Count();

    /// <summary>How many connections have a watch.</summary>
    public int WatcherCount => table.Values.SelectMany(w => w).Distinct().Count();

    /// <summary>Leaves a one-shot watch. To leave one that is there already changes nothing.</summary>
    public void Add(WatchKind kind, string path, long watcher)
    {
        if (!table.TryGetValue((path, kind), out var watchers))
            table[(path, kind)] = watchers = [];
        watchers.Add(watcher);
    }

    /// <summary>Drops one watch; false if there was none.</summary>
    public bool Remove(WatchKind kind, string path, long watcher) =>
        table.TryGetValue((path, kind), out var watchers) && watchers.Remove(watcher);

    /// <summary>Drops every watch of a connection.</summary>
    public void Remove(long watcher)
    {
        foreach (var watchers in table.Values)
            watchers.Remove(watcher);
    }

    /// <summary>Adds to <paramref name="fired"/> what an applied transaction sets off, in ZooKeeper's order, and drops those watches.</summary>
    public void Fire(in LoggedTxn txn, List<FiredWatch> fired) => Fire(txn.Header.Zxid, txn.Body, fired);

    private void Fire(long zxid, Txn body, List<FiredWatch> fired)
    {
        switch (body)
        {
            case CreateTxn create:
                FireOne(WatchKind.Data, create.Path, WatchEventType.NodeCreated, zxid, fired);
                FireOne(WatchKind.Children, Parent(create.Path), WatchEventType.NodeChildrenChanged, zxid, fired);
                break;
            case DeleteTxn delete:
                FireDelete(delete.Path, zxid, fired);
                break;
            case SetDataTxn set:
                FireOne(WatchKind.Data, set.Path, WatchEventType.NodeDataChanged, zxid, fired);
                break;
            case MultiTxn multi:
                foreach (var part in multi.Parts)
                    Fire(zxid, part, fired);
                break;
            case CloseSessionTxn close:
                foreach (var path in close.Ephemerals)
                    FireDelete(path, zxid, fired);
                break;
        }
    }

    private void FireDelete(string path, long zxid, List<FiredWatch> fired)
    {
        if (table.Remove((path, WatchKind.Data), out var data) | table.Remove((path, WatchKind.Children), out var children))
        {
            foreach (var watcher in (data ?? []).Union(children ?? []))
                fired.Add(new FiredWatch(watcher, new WatchEvent(WatchEventType.NodeDeleted, path, zxid)));
        }

        FireOne(WatchKind.Children, Parent(path), WatchEventType.NodeChildrenChanged, zxid, fired);
    }

    private void FireOne(WatchKind kind, string path, WatchEventType type, long zxid, List<FiredWatch> fired)
    {
        if (table.Remove((path, kind), out var watchers))
        {
            foreach (var watcher in watchers)
                fired.Add(new FiredWatch(watcher, new WatchEvent(type, path, zxid)));
        }
    }

    private static string Parent(string path) =>
        PathRules.ParentOf(path) is { Length: > 0 } parent ? parent.ToString() : PathRules.Root;
}
