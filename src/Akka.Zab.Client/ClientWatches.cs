namespace Akka.Zab.Client;

/// <summary>
/// The one-shot watches that a client has left with its server, so that it can leave them with the next one.
/// </summary>
internal sealed class ClientWatches
{
    private readonly HashSet<string> _data = new(StringComparer.Ordinal);
    private readonly HashSet<string> _exist = new(StringComparer.Ordinal);
    private readonly HashSet<string> _children = new(StringComparer.Ordinal);

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
        }
    }

    /// <summary>A watch has fired and is gone.</summary>
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
        _data.Count + _exist.Count + _children.Count == 0
            ? null
            : new SetWatches(lastZxid, [.. _data], [.. _exist], [.. _children]);
}
