using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>An event that happened, and the ACL of the znode that it is about.</summary>
/// <param name="Event">The event.</param>
/// <param name="IsGone">Whether the znode is gone by now; else its ACL is the one that it has.</param>
/// <param name="Acl">The ACL that it had when it went; null for the open one.</param>
internal readonly record struct PastEvent(WatchEvent Event, bool IsGone, IReadOnlyList<Acl>? Acl);

/// <summary>
/// The latest batches that were applied: enough to tell a client what a watch would have told it while it was away. They
/// are kept as they came, and read only when somebody asks, because objects that live for a while only to be forgotten
/// are what a collector is worst at. For one owner on one thread.
/// </summary>
/// <param name="capacity">So many transactions are remembered at least, unless they are too large.</param>
/// <param name="maxBytes">So many bytes of batches are kept at most.</param>
internal sealed class ChangeLog(int capacity = ChangeLog.DefaultCapacity, long maxBytes = ChangeLog.DefaultBytes)
{
    public const int DefaultCapacity = 16_384;
    public const long DefaultBytes = 16 << 20;

    private readonly Queue<Remembered> batches = new();
    private readonly Dictionary<(long Zxid, string Path), IReadOnlyList<Acl>> removed = [];
    private readonly Queue<(long Zxid, string Path)> removals = new();
    private int txns;
    private long bytes;

    private readonly record struct Change(long Zxid, WatchEventType Type, string Path);

    /// <summary>Everything after this zxid is remembered.</summary>
    public long CompleteSince { get; private set; }

    /// <summary>Forgets everything; what comes is remembered.</summary>
    /// <param name="zxid">The last transaction so far.</param>
    public void Reset(long zxid)
    {
        batches.Clear();
        removed.Clear();
        removals.Clear();
        (txns, bytes, CompleteSince) = (0, 0, zxid);
    }

    /// <summary>Notes a batch that is being applied.</summary>
    public void Add(TxnBatch batch)
    {
        batches.Enqueue(new Remembered(batch));
        txns += batch.Count;
        bytes += batch.Bytes.Length;
        while (batches.TryPeek(out var oldest)
            && (txns - oldest.Batch.Count >= capacity || bytes > maxBytes))
            Forget(batches.Dequeue().Batch);
    }

    /// <summary>Notes whose ACL a deleted znode had, where it was not the open one.</summary>
    /// <param name="zxid">The transaction that deleted them.</param>
    /// <param name="acls">Their ACLs by their paths.</param>
    public void AddRemoved(long zxid, Dictionary<string, IReadOnlyList<Acl>> acls)
    {
        if (zxid <= CompleteSince)
            return;
        foreach (var (path, acl) in acls)
        {
            if (removed.TryAdd((zxid, path), acl))
                removals.Enqueue((zxid, path));
        }
    }

    /// <summary>
    /// What a watch would have told since a zxid, in order; false if not everything since then is remembered.
    /// </summary>
    public bool TryRead(long since, string path, AddWatchMode mode, List<PastEvent> past)
    {
        if (since < CompleteSince)
            return false;
        // Backwards, so that the next deletion of a znode is known, which tells who might have been told of it.
        var gone = new Dictionary<string, IReadOnlyList<Acl>?>(StringComparer.Ordinal);
        foreach (var batch in batches.Where(batch => batch.Batch.LastZxid > since).Reverse())
        {
            var changes = batch.Changes ??= Read(batch.Batch);
            for (var i = changes.Length - 1; i >= 0 && changes[i].Zxid > since; i--)
            {
                ref readonly var change = ref changes[i];
                if (change.Type == WatchEventType.NodeDeleted)
                    gone[change.Path] = removed.GetValueOrDefault((change.Zxid, change.Path));
                var parent = PathRules.ParentOf(change.Path);
                if (mode == AddWatchMode.Persistent && change.Type != WatchEventType.NodeDataChanged
                    && (parent.IsEmpty ? PathRules.Root : parent).SequenceEqual(path))
                    Tell(new WatchEvent(WatchEventType.NodeChildrenChanged, path, change.Zxid));
                if (change.Path == path
                    || (mode == AddWatchMode.PersistentRecursive && IsBelow(change.Path, path)))
                    Tell(new WatchEvent(change.Type, change.Path, change.Zxid));
            }
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

    private static Change[] Read(TxnBatch batch)
    {
        var changes = new List<Change>();
        foreach (ref readonly var txn in TxnCodec.Decode(batch).AsSpan())
            Add(changes, txn.Header.Zxid, txn.Body);
        return [.. changes];
    }

    private static void Add(List<Change> changes, long zxid, Txn body)
    {
        switch (body)
        {
            case SetDataTxn set:
                changes.Add(new Change(zxid, WatchEventType.NodeDataChanged, set.Path));
                break;
            case CreateTxn create:
                changes.Add(new Change(zxid, WatchEventType.NodeCreated, create.Path));
                break;
            case DeleteTxn delete:
                changes.Add(new Change(zxid, WatchEventType.NodeDeleted, delete.Path));
                break;
            case CloseSessionTxn close:
                foreach (var path in close.Ephemerals)
                    changes.Add(new Change(zxid, WatchEventType.NodeDeleted, path));
                break;
            case MultiTxn multi:
                foreach (var part in multi.Parts)
                    Add(changes, zxid, part);
                break;
        }
    }

    private void Forget(TxnBatch batch)
    {
        txns -= batch.Count;
        bytes -= batch.Bytes.Length;
        CompleteSince = batch.LastZxid;
        while (removals.TryPeek(out var removal) && removal.Zxid <= batch.LastZxid)
            removed.Remove(removals.Dequeue());
    }

    /// <summary>A batch, and what it changed once somebody has asked.</summary>
    private sealed class Remembered(TxnBatch batch)
    {
        public TxnBatch Batch => batch;

        public Change[]? Changes { get; set; }
    }
}
