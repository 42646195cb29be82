using System.Runtime.CompilerServices;
using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Builds a tree from sessions and from znodes that come depth first, siblings in the order of their names.
/// </summary>
internal sealed class SnapshotBuilder
{
    private readonly object owner = new();
    private readonly List<Step> way = [];
    private TreeState state;

    public int SessionCount => state.Sessions.Count;

    public long ZnodeCount => state.Count;

    public bool AddSession(long id, SessionRecord record) =>
        state.Sessions.Add(new Session(id, new SessionState(owner, record)), new SessionKey(id), owner);

    /// <summary>False if there is no place for the znode at this depth, or its name is no name or out of order.</summary>
    /// <param name="depth">How many names its path has.</param>
    /// <param name="head">Its head.</param>
    /// <param name="data">Its data, if that is not in its head.</param>
    /// <param name="dataLength">How many bytes of data it has.</param>
    public bool AddLeaf(ulong depth, ZnodeHead head, byte[]? data, int dataLength) =>
        Add(depth, head, data, dataLength);

    /// <summary>As <see cref="AddLeaf"/>, for a znode whose children follow, if it has any at the moment.</summary>
    public bool AddParent(
        ulong depth, ZnodeHead head, byte[]? data, int creations, long childrenZxid, IReadOnlyList<Acl>? acl)
    {
        var parent = new Parent(owner, data, childrenZxid) { Creations = creations, Acl = acl };
        if (!Add(depth, head, parent, data?.Length ?? 0))
            return false;
        way.Add(new Step(head, parent, new SortedPages<Znode, ZnodeHead>(owner)));
        return true;
    }

    public ZnodeTree Finish(long zxid)
    {
        LeaveTo(0);
        state.LastZxid = zxid;
        return new ZnodeTree(state);
    }

    private bool Add(ulong depth, ZnodeHead head, object? body, int dataLength)
    {
        if (depth > (ulong)way.Count || (depth == 0) != (state.Count == 0))
            return false;
        LeaveTo((int)depth);
        var name = head.Name;
        if (depth == 0)
            state.Root = new Znode(head, body);
        else if (name.IsEmpty || name.Contains((byte)'/')
            || !way[^1].Children.Add(new Znode(head, body), new NameProbe(name)))
            return false;
        state.Count++;
        state.DataBytes += dataLength;
        if (head.IsEphemeral)
            AddEphemeral(head);
        if (head.HasLifetime)
            state.WithLifetime.Add(PathOf(head), PathOf(head), owner);
        return true;
    }

    /// <summary>The parents below this depth have all their children.</summary>
    private void LeaveTo(int depth)
    {
        while (way.Count > depth)
        {
            way[^1].Parent.Children = way[^1].Children.Finish();
            way.RemoveAt(way.Count - 1);
        }
    }

    private void AddEphemeral(ZnodeHead head)
    {
        state.EphemeralCount++;
        ref var session = ref state.Sessions.FindForChange(new SessionKey(head.Unpack().EphemeralOwner), owner);
        if (Unsafe.IsNullRef(in session))
            return;
        session.State.Ephemerals.Add(PathOf(head), PathOf(head), owner);
    }

    private EphemeralPath PathOf(ZnodeHead head)
    {
        var path = new StringBuilder();
        for (var i = 1; i < way.Count; i++)
            path.Append('/').Append(way[i].Head.NameString);
        return new EphemeralPath(path.Append('/').Append(head.NameString).ToString());
    }

    private readonly record struct Step(ZnodeHead Head, Parent Parent, SortedPages<Znode, ZnodeHead> Children);
}
