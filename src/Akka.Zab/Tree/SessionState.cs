using System.Numerics;

namespace Akka.Zab.Tree;

/// <summary>A session and its ephemeral znodes. Belongs to the edit that made it.</summary>
internal sealed class SessionState(object owner, SessionRecord record)
{
    public SessionRecord Record = record;
    public OrderedMap<EphemeralPath, EphemeralPath> Ephemerals;

    public SessionState OwnedBy(object byOwner) => ReferenceEquals(owner, byOwner)
        ? this
        : new SessionState(byOwner, Record) { Ephemerals = Ephemerals };

    public string[] EphemeralPaths()
    {
        var paths = new string[Ephemerals.Count];
        var count = 0;
        foreach (ref readonly var ephemeral in Ephemerals)
            paths[count++] = ephemeral.Path;
        return paths;
    }
}

/// <summary>An open session in the tree's map of them.</summary>
internal struct Session(long id, SessionState state) : IKeyed<SessionKey>
{
    public readonly long Id = id;
    public SessionState State = state;

    readonly SessionKey IKeyed<SessionKey>.Key => new(Id);
}

/// <summary>A session's id, as key and to look for. Units are its bytes, the highest first.</summary>
internal readonly struct SessionKey(long id) : IKey<SessionKey>, IProbe<SessionKey>
{
    private readonly ulong id = (ulong)id;

    public int CommonPrefix(SessionKey other) => BitOperations.LeadingZeroCount(id ^ other.id) / 8;

    public uint Hint(int skip) => skip >= sizeof(ulong) ? 0 : (uint)(id << (8 * skip) >> 32);

    public int CompareWith(SessionKey key) => id.CompareTo(key.id);

    public int ComparePrefix(SessionKey key, int length) =>
        (id >> (64 - (8 * length))).CompareTo(key.id >> (64 - (8 * length)));
}

/// <summary>
/// A path in a session's map of ephemeral znodes, or in that of those with a lifetime, as item, key and to look for.
/// Units are its characters.
/// </summary>
internal readonly struct EphemeralPath(string path) : IKeyed<EphemeralPath>, IKey<EphemeralPath>, IProbe<EphemeralPath>
{
    public string Path => path;

    public EphemeralPath Key => this;

    public int CommonPrefix(EphemeralPath other) => path.AsSpan().CommonPrefixLength(other.Path);

    public uint Hint(int skip) => HintOf(path, skip);

    /// <summary>The hint of any path.</summary>
    public static uint HintOf(ReadOnlySpan<char> path, int skip) =>
        ((skip < path.Length ? (uint)path[skip] : 0) << 16) | (skip + 1 < path.Length ? path[skip + 1] : 0u);

    public int CompareWith(EphemeralPath key) => string.CompareOrdinal(path, key.Path);

    public int ComparePrefix(EphemeralPath key, int length) => string.CompareOrdinal(path, 0, key.Path, 0, length);
}
