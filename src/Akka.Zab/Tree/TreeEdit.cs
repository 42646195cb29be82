using System.Collections.Immutable;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Changes on top of a tree, for one owner on one thread. <see cref="Commit"/> gives the tree as it stands and may be called
/// again and again; the edit goes on from there.
/// </summary>
internal sealed class TreeEdit
{
    private readonly ImmutableDictionary<string, NaiveNode>.Builder nodes;
    private ImmutableSortedDictionary<long, SessionRecord> sessions;

    internal TreeEdit(ZnodeTree tree)
    {
        LastZxid = tree.LastZxid;
        nodes = tree.Nodes.ToBuilder();
        sessions = tree.SessionMap;
    }

    /// <summary>The last transaction that was applied.</summary>
    public long LastZxid { get; private set; }

    public bool TryGetSession(long id, out SessionRecord session) => sessions.TryGetValue(id, out session!);

    public IReadOnlyList<string> EphemeralsOf(long sessionId) =>
        [.. nodes.Where(n => n.Value.Stat.EphemeralOwner == sessionId).Select(n => n.Key).Order(StringComparer.Ordinal)];

    /// <summary>What validation needs to know of a znode.</summary>
    internal bool TryFind(ReadOnlySpan<char> path, out ZnodeFacts facts)
    {
        var found = nodes.TryGetValue(path.Length == 0 ? "/" : path.ToString(), out var node);
        facts = found
            ? new ZnodeFacts(node!.Stat.Version, node.Creations, node.Children.Count, node.Stat.EphemeralOwner)
            : default;
        return found;
    }

    /// <summary>
    /// Applies the next transaction and gives the answer to its request. Never fails; a transaction that is in the tree already
    /// (its zxid is not above <see cref="LastZxid"/>) changes nothing and is answered by <see cref="DoneReply"/>.
    /// </summary>
    public Reply Apply(in LoggedTxn txn)
    {
        if (txn.Header.Zxid <= LastZxid)
            return DoneReply.Instance;
        LastZxid = txn.Header.Zxid;
        return ApplyPart(txn.Header, txn.Body);
    }

    /// <summary>The tree as it stands.</summary>
    public ZnodeTree Commit() => new(LastZxid, nodes.ToImmutable(), sessions);

    internal (ImmutableDictionary<string, NaiveNode>, ImmutableSortedDictionary<long, SessionRecord>) Save() =>
        (nodes.ToImmutable(), sessions);

    internal void Restore((ImmutableDictionary<string, NaiveNode> Nodes, ImmutableSortedDictionary<long, SessionRecord> Sessions) saved)
    {
        nodes.Clear();
        nodes.AddRange(saved.Nodes);
        sessions = saved.Sessions;
    }

    internal Reply ApplyPart(in TxnHeader header, Txn body)
    {
        switch (body)
        {
            case CreateTxn create:
                var (p, name) = Split(create.Path);
                var stat = new Stat(header.Zxid, header.Zxid, header.Time, header.Time, 0, 0, 0, create.EphemeralOwner, 0, 0, header.Zxid);
                nodes[create.Path] = new NaiveNode(create.Data, stat, 0, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));
                nodes[p] = nodes[p] with { Creations = create.ParentCreations, Children = nodes[p].Children.Add(name), Stat = nodes[p].Stat with { ChildrenZxid = header.Zxid } };
                return new CreatedReply(create.Path, nodes[create.Path].FullStat);
            case DeleteTxn delete:
                Remove(delete.Path, header.Zxid);
                return DoneReply.Instance;
            case SetDataTxn set:
                var n = nodes[set.Path];
                nodes[set.Path] = n = n with { Data = set.Data, Stat = n.Stat with { Version = set.Version, ModifiedZxid = header.Zxid, ModifiedTime = header.Time } };
                return new StatReply(n.FullStat);
            case MultiTxn multi:
                var h = header;
                return new MultiReply([.. multi.Parts.Select(part => ApplyPart(h, part))]);
            case OpenSessionTxn open:
                sessions = sessions.SetItem(header.SessionId, new SessionRecord(open.Secret, open.TimeoutMs));
                return new SessionReply(header.SessionId, open.Secret, open.TimeoutMs);
            case CloseSessionTxn close:
                foreach (var path in close.Ephemerals)
                    Remove(path, header.Zxid);
                sessions = sessions.Remove(header.SessionId);
                return DoneReply.Instance;
            default:
                return DoneReply.Instance;
        }
    }

    private void Remove(string path, long zxid)
    {
        nodes.Remove(path);
        var (p, name) = Split(path);
        nodes[p] = nodes[p] with { Children = nodes[p].Children.Remove(name), Stat = nodes[p].Stat with { ChildrenZxid = zxid } };
    }

    private static (string Parent, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return (slash == 0 ? "/" : path[..slash], path[(slash + 1)..]);
    }
}
