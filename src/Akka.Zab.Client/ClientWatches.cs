namespace Akka.Zab.Client;

/// <summary>
/// The watches that a client has left with its server, so that it can leave them with the next one.
/// </summary>
internal sealed class ClientWatches
{
    private readonly HashSet<string> _data = new(StringComparer.Ordinal);
    private readonly HashSet<string> _exist = new(StringComparer.Ordinal);
    private readonly HashSet<string> _children = new(StringComparer.Ordinal);
    private readonly HashSet<string> _persistent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _recursive = new(StringComparer.Ordinal);

    /// <summary>A request that asked for a watch was answered.</summary>
    public void Answered(Request request, Reply reply)
    {
        switch (request)
        {
            case GetData { Watch: true } read when reply is DataReply:
                _data.Add(read.Path);
                break;
            case Exists { Watch: true } read when reply is StatReply:
                _data.Add(read.Path);
                break;
            case Exists { Watch: true } read when reply is ErrorReply { Error: ZabError.NoNode }:
                _exist.Add(read.Path);
                break;
            case GetChildren { Watch: true } read when reply is ChildrenReply:
                _children.Add(read.Path);
                break;
            case AddWatch { Mode: AddWatchMode.Persistent } add when reply is DoneReply:
                _persistent.Add(add.Path);
                break;
            case AddWatch { Mode: AddWatchMode.PersistentRecursive } add when reply is DoneReply:
                _recursive.Add(add.Path);
                break;
            case ResumeWatch { Mode: AddWatchMode.Persistent } resume when reply is DoneReply:
                _persistent.Add(resume.Path);
                break;
            case ResumeWatch { Mode: AddWatchMode.PersistentRecursive } resume when reply is DoneReply:
                _recursive.Add(resume.Path);
                break;
            case RemoveWatches remove when reply is DoneReply:
                Removed(remove.Path, remove.Type);
                break;
        }
    }

    private void Removed(string path, WatchType type)
    {
        if (type is WatchType.Any or WatchType.Children) _children.Remove(path);
        if (type is WatchType.Any or WatchType.Persistent) _persistent.Remove(path);
        if (type is WatchType.Any or WatchType.PersistentRecursive) _recursive.Remove(path);
        if (type is not (WatchType.Any or WatchType.Data)) return;
        _data.Remove(path);
        _exist.Remove(path);
    }

    /// <summary>A watch has fired: a one-shot one is gone.</summary>
    public void Fired(WatchEvent fired)
    {
        switch (fired.Type)
        {
            case WatchEventType.NodeCreated:
            case WatchEventType.NodeDataChanged:
                _data.Remove(fired.Path);
                _exist.Remove(fired.Path);
                break;
            case WatchEventType.NodeDeleted:
                _data.Remove(fired.Path);
                _exist.Remove(fired.Path);
                _children.Remove(fired.Path);
                break;
            case WatchEventType.NodeChildrenChanged:
                _children.Remove(fired.Path);
                break;
        }
    }

    /// <summary>The request that leaves them with another server, or null if there are none.</summary>
    /// <param name="lastZxid">The last transaction that the client has seen.</param>
    public SetWatches? ToRequest(long lastZxid) =>
        _data.Count + _exist.Count + _children.Count + _persistent.Count + _recursive.Count == 0
            ? null
            : new SetWatches(lastZxid, [.. _data], [.. _exist], [.. _children])
            {
                Persistent = [.. _persistent],
                Recursive = [.. _recursive],
            };
}
