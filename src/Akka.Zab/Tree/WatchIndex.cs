using System.Numerics;
using System.Runtime.InteropServices;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Watches by path and by connection at once: each is one entry of an array, linked into the list of its path, the list
/// of its watcher, and the chain of its bucket by (path, watcher). So a hundred thousand watches on one path, or of one
/// connection, are as quick to add, take and drop as one.
/// </summary>
internal sealed class WatchIndex
{
    private const int None = -1;

    private readonly Dictionary<string, WatchedPath> paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WatchedPath>.AlternateLookup<ReadOnlySpan<char>> pathsBySpan;
    private readonly Dictionary<long, Watcher> watchers = [];
    private Entry[] entries = [];
    private int[] buckets = [];
    private int used;
    private int free = None;
    private int nextId;
    private int recursive;
    private int round;

    public WatchIndex() => pathsBySpan = paths.GetAlternateLookup<ReadOnlySpan<char>>();

    public long Count { get; private set; }

    public int PathCount => paths.Count;

    public int WatcherCount => watchers.Count;

    public IEnumerable<(string Path, long Watcher)> Of(WatchKind kinds)
    {
        foreach (var (path, watched) in paths)
        {
            for (var at = watched.First; at != None; at = entries[at].NextOfPath)
            {
                if ((entries[at].Kinds & kinds) != 0)
                    yield return (path, entries[at].Watcher.Id);
            }
        }
    }

    public void Add(WatchKind kinds, string path, long watcherId)
    {
        ref var watched = ref CollectionsMarshal.GetValueRefOrAddDefault(paths, path, out _);
        watched ??= new WatchedPath(path, nextId++);
        ref var watcher = ref CollectionsMarshal.GetValueRefOrAddDefault(watchers, watcherId, out _);
        watcher ??= new Watcher(watcherId, nextId++);
        var at = Find(watched, watcher);
        if (at == None)
            at = Link(watched, watcher);
        var added = kinds & ~entries[at].Kinds;
        Count += CountOf(added);
        recursive += CountOf(added & WatchKind.Recursive);
        entries[at].Kinds |= kinds;
    }

    /// <summary>Whether the connection has a watch of one of these kinds on the path.</summary>
    public bool Has(WatchKind kinds, string path, long watcherId) =>
        paths.TryGetValue(path, out var watched) && watchers.TryGetValue(watcherId, out var watcher)
        && Find(watched, watcher) is var at && at != None && (entries[at].Kinds & kinds) != 0;

    public bool Remove(WatchKind kinds, string path, long watcherId)
    {
        if (!paths.TryGetValue(path, out var watched) || !watchers.TryGetValue(watcherId, out var watcher))
            return false;
        var at = Find(watched, watcher);
        if (at == None || (entries[at].Kinds & kinds) == 0)
            return false;
        Clear(at, kinds);
        return true;
    }

    public void Remove(long watcherId)
    {
        if (!watchers.TryGetValue(watcherId, out var watcher))
            return;
        for (int at = watcher.First, next; at != None; at = next)
        {
            next = entries[at].NextOfWatcher;
            Clear(at, entries[at].Kinds);
        }
    }

    /// <summary>
    /// Something happened to a znode: adds an event for each connection that has one of these one-shot watches or a
    /// persistent one on it, or a recursive one on it or above it, one for each however many it has.
    /// </summary>
    public void FireNode(WatchKind oneShot, string path, WatchEventType type, long zxid, List<FiredWatch> fired)
    {
        round++;
        WatchEvent? told = null;
        Tell(oneShot | WatchKind.Persistent | WatchKind.Recursive, path, path, type, zxid, fired, ref told);
        var above = path.AsSpan();
        while (recursive > 0 && above.Length > 1)
        {
            above = PathRules.ParentOf(above);
            if (above.IsEmpty)
                above = PathRules.Root;
            Tell(WatchKind.Recursive, above, path, type, zxid, fired, ref told);
        }
    }

    /// <summary>
    /// A znode's list of children changed; those who watch recursively hear of the children themselves.
    /// </summary>
    public void FireChildren(ReadOnlySpan<char> path, long zxid, List<FiredWatch> fired)
    {
        round++;
        WatchEvent? told = null;
        const WatchKind Kinds = WatchKind.Children | WatchKind.Persistent;
        Tell(Kinds, path, null, WatchEventType.NodeChildrenChanged, zxid, fired, ref told);
    }

    // The path of the event is that of the watch if it is not given: so it need not be made when nobody watches.
    private void Tell(
        WatchKind kinds, ReadOnlySpan<char> at, string? path, WatchEventType type, long zxid, List<FiredWatch> fired,
        ref WatchEvent? told)
    {
        if (!pathsBySpan.TryGetValue(at, out var watched))
            return;
        for (int entry = watched.First, next; entry != None; entry = next)
        {
            next = entries[entry].NextOfPath;
            if ((entries[entry].Kinds & kinds) == 0)
                continue;
            var watcher = entries[entry].Watcher;
            if (watcher.Round != round)
            {
                watcher.Round = round;
                fired.Add(new FiredWatch(watcher.Id, told ??= new WatchEvent(type, path ?? watched.Path, zxid)));
            }

            Clear(entry, kinds & (WatchKind.Data | WatchKind.Children));
        }
    }

    private static int CountOf(WatchKind kinds) => BitOperations.PopCount((uint)kinds);

    private int Bucket(WatchedPath path, Watcher watcher) =>
        (int)((uint)HashCode.Combine(path.Id, watcher.Number) % (uint)buckets.Length);

    private int Find(WatchedPath path, Watcher watcher)
    {
        if (buckets.Length == 0)
            return None;
        var at = buckets[Bucket(path, watcher)] - 1;
        while (at != None && (entries[at].Path != path || entries[at].Watcher != watcher))
            at = entries[at].NextOfBucket;
        return at;
    }

    private int Link(WatchedPath path, Watcher watcher)
    {
        if (free == None && used == entries.Length)
            Grow();
        var at = free == None ? used++ : free;
        ref var entry = ref entries[at];
        free = at == free ? entry.NextOfBucket : free;
        entry = new Entry
        {
            Path = path,
            Watcher = watcher,
            PreviousOfPath = path.Last,
            NextOfPath = None,
            PreviousOfWatcher = None,
            NextOfWatcher = watcher.First,
        };
        if (path.Last == None)
            path.First = at;
        else
            entries[path.Last].NextOfPath = at;
        path.Last = at;
        if (watcher.First != None)
            entries[watcher.First].PreviousOfWatcher = at;
        watcher.First = at;
        LinkBucket(at);
        return at;
    }

    private void LinkBucket(int at)
    {
        ref var bucket = ref buckets[Bucket(entries[at].Path, entries[at].Watcher)];
        entries[at].NextOfBucket = bucket - 1;
        bucket = at + 1;
    }

    private void Clear(int at, WatchKind kinds)
    {
        var removed = kinds & entries[at].Kinds;
        Count -= CountOf(removed);
        recursive -= CountOf(removed & WatchKind.Recursive);
        entries[at].Kinds &= ~kinds;
        if (entries[at].Kinds == 0)
            Unlink(at);
    }

    private void Unlink(int at)
    {
        UnlinkBucket(at);
        var entry = entries[at];
        if (entry.PreviousOfPath == None)
            entry.Path.First = entry.NextOfPath;
        else
            entries[entry.PreviousOfPath].NextOfPath = entry.NextOfPath;
        if (entry.NextOfPath == None)
            entry.Path.Last = entry.PreviousOfPath;
        else
            entries[entry.NextOfPath].PreviousOfPath = entry.PreviousOfPath;
        if (entry.PreviousOfWatcher == None)
            entry.Watcher.First = entry.NextOfWatcher;
        else
            entries[entry.PreviousOfWatcher].NextOfWatcher = entry.NextOfWatcher;
        if (entry.NextOfWatcher != None)
            entries[entry.NextOfWatcher].PreviousOfWatcher = entry.PreviousOfWatcher;
        if (entry.Path.First == None)
            paths.Remove(entry.Path.Path);
        if (entry.Watcher.First == None)
            watchers.Remove(entry.Watcher.Id);
        entries[at] = new Entry { NextOfBucket = free };
        free = at;
    }

    private void UnlinkBucket(int at)
    {
        ref var bucket = ref buckets[Bucket(entries[at].Path, entries[at].Watcher)];
        if (bucket - 1 == at)
        {
            bucket = entries[at].NextOfBucket + 1;
            return;
        }

        var before = bucket - 1;
        while (entries[before].NextOfBucket != at)
            before = entries[before].NextOfBucket;
        entries[before].NextOfBucket = entries[at].NextOfBucket;
    }

    // Only when every entry is in use, so each can be put into its new bucket.
    private void Grow()
    {
        Array.Resize(ref entries, Math.Max(16, entries.Length * 2));
        buckets = new int[entries.Length];
        for (var at = 0; at < used; at++)
            LinkBucket(at);
    }

    private struct Entry
    {
        public WatchedPath Path;
        public Watcher Watcher;
        public int NextOfBucket;
        public int PreviousOfPath;
        public int NextOfPath;
        public int PreviousOfWatcher;
        public int NextOfWatcher;
        public WatchKind Kinds;
    }

    private sealed class WatchedPath(string path, int id)
    {
        public readonly string Path = path;
        public readonly int Id = id;
        public int First = None;
        public int Last = None;
    }

    private sealed class Watcher(long id, int number)
    {
        public readonly long Id = id;
        public readonly int Number = number;
        public int First = None;

        // The last event that it was told of.
        public int Round;
    }
}
