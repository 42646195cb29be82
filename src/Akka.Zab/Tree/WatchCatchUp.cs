using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// The watches that a client registers again after a reattachment, sorted into what has happened meanwhile and what to
/// wait for. Events that are told late carry the zxid -1.
/// </summary>
internal static class WatchCatchUp
{
    /// <param name="tree">The tree as it is now.</param>
    /// <param name="request">The client's watches and what it saw last.</param>
    /// <param name="late">Gets the events to tell at once, in the order of the request.</param>
    /// <param name="register">Gets the watches to leave in the table.</param>
    public static void Sort(
        ZnodeTree tree, SetWatches request, List<WatchEvent> late, List<(WatchKind Kind, string Path)> register)
    {
        foreach (var path in request.Data)
        {
            if (!tree.TryGet(path, out var znode))
                late.Add(new WatchEvent(WatchEventType.NodeDeleted, path, -1));
            else if (znode.Stat.ModifiedZxid > request.SinceZxid)
                late.Add(new WatchEvent(WatchEventType.NodeDataChanged, path, -1));
            else
                register.Add((WatchKind.Data, path));
        }

        foreach (var path in request.Exist)
        {
            if (tree.TryGet(path, out _))
                late.Add(new WatchEvent(WatchEventType.NodeCreated, path, -1));
            else
                register.Add((WatchKind.Data, path));
        }

        foreach (var path in request.Children)
        {
            if (!tree.TryGet(path, out var znode))
                late.Add(new WatchEvent(WatchEventType.NodeDeleted, path, -1));
            else if (znode.Stat.ChildrenZxid > request.SinceZxid)
                late.Add(new WatchEvent(WatchEventType.NodeChildrenChanged, path, -1));
            else
                register.Add((WatchKind.Children, path));
        }

        foreach (var path in request.Persistent)
            register.Add((WatchKind.Persistent, path));
        foreach (var path in request.Recursive)
            register.Add((WatchKind.Recursive, path));
    }
}
