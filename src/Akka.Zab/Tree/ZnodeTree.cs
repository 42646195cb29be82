using System.Collections.Immutable;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

internal readonly record struct Znode(byte[]? Data, Stat Stat);

internal sealed record NaiveNode(byte[]? Data, Stat Stat, int Creations, ImmutableSortedSet<string> Children)
{
    public Stat FullStat => Stat with
    {
        ChildrenVersion = unchecked((Creations * 2) - Children.Count), ChildCount = Children.Count, DataLength = Data?.Length ?? 0,
    };
}

/// <summary>
/// The tree of znodes and the open sessions after one transaction. Immutable: a change makes a new tree that shares with
/// this one whatever it did not touch.
/// </summary>
internal sealed class ZnodeTree
{
    internal readonly ImmutableDictionary<string, NaiveNode> Nodes;
    internal readonly ImmutableSortedDictionary<long, SessionRecord> SessionMap;

    internal ZnodeTree(
        long lastZxid, ImmutableDictionary<string, NaiveNode> nodes, ImmutableSortedDictionary<long, SessionRecord> sessions)
    {
        LastZxid = lastZxid;
        Nodes = nodes;
        SessionMap = sessions;
    }

    /// <summary>The tree before the first transaction: the znodes that always exist.</summary>
    public static ZnodeTree Empty { get; } = MakeEmpty();

    /// <summary>The last transaction that was applied; 0 if none.</summary>
    public long LastZxid { get; }

    /// <summary>How many znodes there are, those that always exist included.</summary>
    public long Count => Nodes.Count;

    /// <summary>How many of them are ephemeral.</summary>
    public long EphemeralCount => Nodes.Values.Count(n => n.Stat.EphemeralOwner != 0);

    /// <summary>Bytes of data in all znodes.</summary>
    public long DataBytes => Nodes.Values.Sum(n => (long)(n.Data?.Length ?? 0));

    /// <summary>How many sessions are open.</summary>
    public int SessionCount => SessionMap.Count;

    /// <summary>The open sessions, by id.</summary>
    public IEnumerable<KeyValuePair<long, SessionRecord>> Sessions => SessionMap;

    public bool TryGetSession(long id, out SessionRecord session) => SessionMap.TryGetValue(id, out session!);

    /// <summary>Paths of the session's ephemeral znodes, in ordinal order.</summary>
    public IReadOnlyList<string> EphemeralsOf(long sessionId) =>
        [.. Nodes.Where(n => n.Value.Stat.EphemeralOwner == sessionId).Select(n => n.Key).Order(StringComparer.Ordinal)];

    public bool TryGet(string path, out Znode znode)
    {
        var found = Nodes.TryGetValue(path, out var node);
        znode = found ? new Znode(node!.Data, node.FullStat) : default;
        return found;
    }

    /// <summary>Answers <see cref="Exists"/>, <see cref="GetData"/> and <see cref="GetChildren"/>.</summary>
    public Reply Read(ReadRequest request)
    {
        if (request is Exists && request.Path.Contains('\0'))
            return new ErrorReply(ZabError.BadArguments);
        if (request is not (Exists or GetData or GetChildren))
            return new ErrorReply(ZabError.Unimplemented);
        if (!Nodes.TryGetValue(request.Path, out var node))
            return new ErrorReply(ZabError.NoNode);
        return request switch
        {
            Exists => new StatReply(node.FullStat),
            GetData => new DataReply(node.Data, node.FullStat),
            _ => new ChildrenReply([.. node.Children], node.FullStat),
        };
    }

    /// <summary>A batch of changes that starts from this tree.</summary>
    public TreeEdit Edit() => new(this);

    /// <summary>A hash of everything: two trees with the same digest hold the same.</summary>
    public string Digest() => string.Join('\n', Nodes.OrderBy(n => n.Key, StringComparer.Ordinal)
        .Select(n => $"{n.Key} {n.Value.FullStat} {Convert.ToHexString(n.Value.Data ?? [])} {n.Value.Data is null}")) + LastZxid
        + string.Join('\n', SessionMap.Select(s => $"{s.Key} {Convert.ToHexString(s.Value.Secret)} {s.Value.TimeoutMs}"));

    private static ZnodeTree MakeEmpty()
    {
        var none = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
        var leaf = new NaiveNode([], default, 0, none);
        return new ZnodeTree(0, ImmutableDictionary<string, NaiveNode>.Empty
            .Add("/", leaf with { Children = none.Add("zookeeper") })
            .Add("/zookeeper", leaf with { Children = none.Add("config").Add("quota") })
            .Add("/zookeeper/quota", leaf)
            .Add("/zookeeper/config", leaf with { Stat = default(Stat) with { AclVersion = -1 } }),
            ImmutableSortedDictionary<long, SessionRecord>.Empty);
    }
}
