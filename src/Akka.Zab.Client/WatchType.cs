namespace Akka.Zab.Client;

/// <summary>What a watch covers that stays when it has fired. The numbers are ZooKeeper's.</summary>
public enum AddWatchMode
{
    /// <summary>The znode, its data, and its list of children.</summary>
    Persistent = 0,

    /// <summary>The znode and everything below it; of a list of children that changes, the children tell.</summary>
    PersistentRecursive = 1,
}

/// <summary>Which watches on a path are meant. The numbers are ZooKeeper's.</summary>
public enum WatchType
{
    /// <summary>The one-shot watch on the list of children.</summary>
    Children = 1,

    /// <summary>The one-shot watch on the data.</summary>
    Data = 2,

    /// <summary>Every watch on the path.</summary>
    Any = 3,

    /// <summary>The watch of <see cref="AddWatchMode.Persistent"/>.</summary>
    Persistent = 4,

    /// <summary>The watch of <see cref="AddWatchMode.PersistentRecursive"/>.</summary>
    PersistentRecursive = 5,
}
