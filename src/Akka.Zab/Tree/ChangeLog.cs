using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>An event that happened, and the ACL of the znode that it is about.</summary>
/// <param name="Event">The event.</param>
/// <param name="IsGone">Whether the znode is gone by now; else its ACL is the one that it has.</param>
/// <param name="Acl">The ACL that it had when it went; null for the open one.</param>
internal readonly record struct PastEvent(WatchEvent Event, bool IsGone, IReadOnlyList<Acl>? Acl);

/// <summary>
/// What the latest transactions did to which znodes: enough to tell a client what a watch would have told it while it
/// was away. For one owner on one thread.
/// </summary>
/// <param name="capacity">How many changes are remembered.</param>
internal sealed class ChangeLog(int capacity = ChangeLog.DefaultCapacity)
{
    /// <summary>About two megabytes of paths that the tree has anyway or had a moment ago.</summary>
    public const int DefaultCapacity = 16_384;

    private readonly record struct Change(long Zxid, WatchEventType Type, string Path, IReadOnlyList<Acl>? Acl);

    private Change[] ring = new Change[64];
    private int first;
    private int count;

    /// <summary>Everything after this zxid is remembered.</summary>
    public long CompleteSince { get; private set; }

    /// <summary>Forgets everything; what comes is remembered.</summary>
    /// <param name="zxid">The last transaction so far.</param>
    public void Reset(long zxid)
    {
        Array.Clear(ring);
        (first, count, CompleteSince) = (0, 0, zxid);
    }

    /// <summary>Notes an applied transaction.</summary>
    /// <param name="txn">The transaction.</param>
    /// <param name="removedAcls">The ACLs of znodes that it deleted, but for open ones.</param>
    public void Add(in LoggedTxn txn, Dictionary<string, IReadOnlyList<Acl>> removedAcls) =>
        Add(txn.Header.Zxid, txn.Body, removedAcls);

    /// <summary>
    /// What a watch would have told since a zxid, in order; false if not everything since then is remembered.
    /// </summary>
    public bool TryRead(long since, string path, AddWatchMode mode, List<PastEvent> past)
    {
        if (since < CompleteSince)
            return false;
        // Backwards, so that the next deletion of a znode is known, which tells who might have been told of it.
        var gone = new Dictionary<string, IReadOnlyList<Acl>?>(StringComparer.Ordinal);
        for (var i = count - 1; i >= 0; i--)
        {
            ref readonly var change = ref ring[(first + i) & (ring.Length - 1)];
            if (change.Zxid <= since)
                break;
            if (change.Type == WatchEventType.NodeDeleted)
                gone[change.Path] = change.Acl;
            var parent = PathRules.ParentOf(change.Path);
            if (mode == AddWatchMode.Persistent && change.Type != WatchEventType.NodeDataChanged
                && (parent.IsEmpty ? PathRules.Root : parent).SequenceEqual(path))
                Tell(new WatchEvent(WatchEventType.NodeChildrenChanged, path, change.Zxid));
            if (change.Path == path || (mode == AddWatchMode.PersistentRecursive && IsBelow(change.Path, path)))
                Tell(new WatchEvent(change.Type, change.Path, change.Zxid));
        }

        past.Reverse();
        return true;

        void Tell(WatchEvent happened)
        {
            var isGone = gone.TryGetValue(happened.Path, out var acl);
            past.Add(new PastEvent(happened, isGone, acl));
        }
    }

    private static bool IsBelow(string path, string above) => above == PathRules.Root
        || (path.Length > above.Length && path[above.Length] == '/' && path.StartsWith(above, StringComparison.Ordinal));

    private void Add(long zxid, Txn body, Dictionary<string, IReadOnlyList<Acl>> removedAcls)
    {
        switch (body)
        {
            case SetDataTxn set:
                Add(new Change(zxid, WatchEventType.NodeDataChanged, set.Path, null));
                break;
            case CreateTxn create:
                Add(new Change(zxid, WatchEventType.NodeCreated, create.Path, null));
                break;
            case DeleteTxn delete:
                AddDeletion(delete.Path);
                break;
            case CloseSessionTxn close:
                foreach (var path in close.Ephemerals)
                    AddDeletion(path);
                break;
            case MultiTxn multi:
                foreach (var part in multi.Parts)
                    Add(zxid, part, removedAcls);
                break;
        }

        void AddDeletion(string path) => Add(new Change(
            zxid, WatchEventType.NodeDeleted, path,
            removedAcls.Count == 0 ? null : removedAcls.GetValueOrDefault(path)));
    }

    private void Add(in Change change)
    {
        if (count == ring.Length && count < capacity)
            Grow();
        if (count == ring.Length)
        {
            // A transaction is remembered as a whole or not at all.
            CompleteSince = ring[first].Zxid;
            first = (first + 1) & (ring.Length - 1);
            count--;
        }

        ring[(first + count++) & (ring.Length - 1)] = change;
    }

    private void Grow()
    {
        var larger = new Change[ring.Length * 2];
        for (var i = 0; i < count; i++)
            larger[i] = ring[(first + i) & (ring.Length - 1)];
        (ring, first) = (larger, 0);
    }
}
