namespace Akka.Zab.Client;

/// <summary>What happened to a watched znode. The numbers are ZooKeeper's.</summary>
public enum WatchEventType
{
    /// <summary>It was created.</summary>
    NodeCreated = 1,

    /// <summary>It was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>Its data was set.</summary>
    NodeDataChanged = 3,

    /// <summary>A child was created or deleted.</summary>
    NodeChildrenChanged = 4,
}

/// <summary>A watch has fired. It arrives before any reply that shows the change.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Path">The znode that the watch was on.</param>
/// <param name="Zxid">The transaction that did it; -1 if it is told late, by <see cref="SetWatches"/>.</param>
public sealed record WatchEvent(WatchEventType Type, string Path, long Zxid) : IZabMessage;
