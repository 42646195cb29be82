using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>What a watch waits for.</summary>
[Flags]
internal enum WatchKind : byte
{
    /// <summary>
    /// The znode's data or the znode itself: set by reads of data, and by exists whether or not it is there.
    /// </summary>
    Data = 1,

    /// <summary>The list of its children.</summary>
    Children = 2,

    /// <summary>Both, again and again.</summary>
    Persistent = 4,

    /// <summary>The znode itself and everything below it, again and again.</summary>
    Recursive = 8,

    /// <summary>Any of them.</summary>
    All = Data | Children | Persistent | Recursive,
}

/// <summary>An event and the connection that it is for.</summary>
internal readonly record struct FiredWatch(long Watcher, WatchEvent Event);

/// <summary>
/// The watches of this server's connections. Watchers of a path are told in the order in which they
/// registered. For one owner on one thread.
/// </summary>
internal sealed class WatchTable
{
    private readonly WatchIndex index = new();

    /// <summary>How many watches there are.</summary>
    public long Count => index.Count;

    /// <summary>How many paths have a watch.</summary>
    public int PathCount => index.PathCount;

    /// <summary>How many connections have a watch.</summary>
    public int WatcherCount => index.WatcherCount;

    /// <summary>Paths and watchers of the watches of these kinds, path by path.</summary>
    public IEnumerable<(string Path, long Watcher)> Of(WatchKind kinds) => index.Of(kinds);

    /// <summary>Leaves a watch. To leave one that is there already changes nothing.</summary>
    public void Add(WatchKind kind, string path, long watcher) => index.Add(kind, path, watcher);

    /// <summary>Whether the connection has a watch of one of these kinds there.</summary>
    public bool Has(WatchKind kinds, string path, long watcher) => index.Has(kinds, path, watcher);

    /// <summary>Drops the watches of these kinds; false if there was none.</summary>
    public bool Remove(WatchKind kind, string path, long watcher) => index.Remove(kind, path, watcher);

    /// <summary>Drops every watch of a connection.</summary>
    public void Remove(long watcher) => index.Remove(watcher);

    /// <summary>
    /// Adds to <paramref name="fired"/> what an applied transaction sets off, and drops the one-shot ones. The order is
    /// ZooKeeper's: parts of a transaction in turn, and for each the znode's own event before its parent's. A
    /// connection that watches both data and children of a znode is told once that it is deleted.
    /// </summary>
    public void Fire(in LoggedTxn txn, List<FiredWatch> fired)
    {
        if (index.Count != 0)
            Fire(txn.Header.Zxid, txn.Body, fired);
    }

    private void Fire(long zxid, Txn body, List<FiredWatch> fired)
    {
        switch (body)
        {
            case SetDataTxn set:
                index.FireNode(WatchKind.Data, set.Path, WatchEventType.NodeDataChanged, zxid, fired);
                break;
            case ReconfigTxn:
                index.FireNode(WatchKind.Data, PathRules.Config, WatchEventType.NodeDataChanged, zxid, fired);
                break;
            case CreateTxn create:
                index.FireNode(WatchKind.Data, create.Path, WatchEventType.NodeCreated, zxid, fired);
                FireParent(create.Path, zxid, fired);
                break;
            case DeleteTxn delete:
                FireDelete(delete.Path, zxid, fired);
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
        index.FireNode(WatchKind.Data | WatchKind.Children, path, WatchEventType.NodeDeleted, zxid, fired);
        FireParent(path, zxid, fired);
    }

    private void FireParent(string path, long zxid, List<FiredWatch> fired)
    {
        var parent = PathRules.ParentOf(path);
        if (parent.IsEmpty)
            parent = PathRules.Root;
        index.FireChildren(parent, zxid, fired);
    }
}
