namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// The zxids of the changes that a server made at the script's wish, in their order. Two servers number differently
/// (ZooKeeper's failed writes take a number too), so what is compared is the place in this list. The znode of each
/// change has its time, too: one for all that the change touched.
/// </summary>
internal sealed class Zxids
{
    readonly List<long> _changes = [];
    readonly Dictionary<long, long> _times = [];

    public int Count => _changes.Count;

    public long Last => _changes.Count == 0 ? 0 : _changes[^1];

    public void Add(long zxid)
    {
        if (zxid > Last) _changes.Add(zxid);
    }

    /// <summary>The last change at or before that zxid; followed by + if it is not exactly that one.</summary>
    public string Name(long zxid, bool exact = true)
    {
        if (zxid <= 0) return $"{zxid}";
        var at = _changes.BinarySearch(zxid);
        return at >= 0 ? $"z{at + 1}" : exact ? $"z{~at}+" : $"z{~at}";
    }

    public long Before(int changes, out int ordinal)
    {
        ordinal = Math.Max(0, _changes.Count - changes);
        return ordinal == 0 ? 0 : _changes[ordinal - 1];
    }

    /// <summary>Whether this is the time that the change had where it was seen before.</summary>
    public bool Fits(long zxid, long time)
        => zxid == 0 || (_times.TryGetValue(zxid, out var known) ? known == time : _times.TryAdd(zxid, time));
}
