using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// The tree of znodes and the open sessions after one transaction. Immutable: a change makes a new tree that shares
/// with this one whatever it did not touch.
/// </summary>
internal sealed class ZnodeTree
{
    private static readonly Reply NoNode = new ErrorReply(ZabError.NoNode);
    private static readonly Reply NoAuth = new ErrorReply(ZabError.NoAuth);

    private const int MaxPage = 100_000;

    private readonly TreeState state;

    internal ZnodeTree(in TreeState state) => this.state = state;

    /// <summary>The tree before the first transaction: the znodes that always exist.</summary>
    public static ZnodeTree Empty { get; } = TreeState.Initial();

    /// <summary>The last transaction that was applied; 0 if none.</summary>
    public long LastZxid => state.LastZxid;

    /// <summary>How many znodes there are, those that always exist included.</summary>
    public long Count => state.Count;

    /// <summary>How many of them are ephemeral.</summary>
    public long EphemeralCount => state.EphemeralCount;

    /// <summary>Bytes of data in all znodes.</summary>
    public long DataBytes => state.DataBytes;

    /// <summary>How many sessions are open.</summary>
    public int SessionCount => state.Sessions.Count;

    /// <summary>The open sessions, by id.</summary>
    public IEnumerable<KeyValuePair<long, SessionRecord>> Sessions
    {
        get
        {
            foreach (var session in state.Sessions)
                yield return new KeyValuePair<long, SessionRecord>(session.Id, session.State.Record);
        }
    }

    internal ref readonly TreeState State => ref state;

    public bool TryGetSession(long id, out SessionRecord session) => state.TryGetSession(id, out session);

    /// <summary>Paths of the session's ephemeral znodes, in ordinal order.</summary>
    public IReadOnlyList<string> EphemeralsOf(long sessionId) => state.EphemeralsOf(sessionId);

    public bool TryGet(string path, out Znode znode)
    {
        ref readonly var found = ref Find(path);
        if (Unsafe.IsNullRef(in found))
        {
            znode = default;
            return false;
        }

        znode = found;
        return true;
    }

    /// <summary>As <see cref="Read(ReadRequest, Identities, bool)"/>, for nobody in particular.</summary>
    public Reply Read(ReadRequest request) => Read(request, Identities.None);

    /// <summary>
    /// Answers <see cref="Exists"/>, <see cref="GetData"/>, <see cref="GetChildren"/>, <see cref="GetAcl"/>,
    /// <see cref="GetAllChildrenNumber"/> and <see cref="MultiRead"/>.
    /// </summary>
    public Reply Read(ReadRequest request, Identities who, bool denyOpen = false)
    {
        if (request is MultiRead multi)
            return ReadAll(multi, who, denyOpen);
        if (request is Exists && request.Path.Contains('\0'))
            return new ErrorReply(ZabError.BadArguments);
        ref readonly var znode = ref Find(request.Path);
        if (Unsafe.IsNullRef(in znode))
            return NoNode;
        if (state.Quotas.Count > 0 && TryShowUsage(request.Path, znode, out var shown))
            return Read(request, shown, who, denyOpen);
        return Read(request, znode, who, denyOpen);
    }

    /// <summary>A batch of changes that starts from this tree.</summary>
    /// <param name="removedAcls">See <see cref="TreeEdit.RemovedAcls"/>.</param>
    /// <param name="overQuota">See <see cref="TreeEdit.OverQuota"/>.</param>
    public TreeEdit Edit(
        Dictionary<string, IReadOnlyList<Acl>>? removedAcls = null, List<string>? overQuota = null) =>
        new(state) { RemovedAcls = removedAcls, OverQuota = overQuota };

    /// <summary>A hash of everything: two trees with the same digest hold the same.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in SnapshotCodec.Write(this))
            hash.AppendData(chunk);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static Reply Read(ReadRequest request, in Znode znode, Identities who, bool denyOpen)
    {
        if (request is GetAcl)
            return ReadAcl(znode, who, denyOpen);
        return AclRules.Permits(znode.Acl, Permissions.Read, who, denyOpen) ? Answer(request, znode) : NoAuth;
    }

    private static Reply Answer(ReadRequest request, in Znode znode) => request switch
    {
        GetData => znode.Body is null && znode.Head.HasData
            ? znode.Head.Reply(znode.Stat)
            : new DataReply(znode.Data, znode.Stat),
        Exists => new StatReply(znode.Stat),
        GetChildren => new ChildrenReply(NamesOfChildren(znode), znode.Stat),
        GetAllChildrenNumber => new CountReply(CountDescendants(znode)),
        GetChildrenPage page => PageOf(page, znode),
        _ => new ErrorReply(ZabError.Unimplemented),
    };

    private MultiReply ReadAll(MultiRead multi, Identities who, bool denyOpen)
    {
        var results = new Reply[multi.Operations.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = multi.Operations[i] is GetData or GetChildren
                ? Read(multi.Operations[i], who, denyOpen)
                : new ErrorReply(ZabError.MarshallingError);
        }

        return new MultiReply(results);
    }

    private static int CountDescendants(in Znode znode)
    {
        var count = 0;
        var waiting = new Stack<Parent>();
        if (znode.Body is Parent first)
            waiting.Push(first);
        while (waiting.TryPop(out var parent))
        {
            count += parent.Children.Count;
            foreach (ref readonly var child in parent.Children)
            {
                if (child.Body is Parent { Children.Count: > 0 } inner)
                    waiting.Push(inner);
            }
        }

        return count;
    }

    // What a quota counts is not written anywhere: a znode that is there to show it does so when it is read.
    private bool TryShowUsage(string path, in Znode znode, out Znode shown)
    {
        shown = default;
        if (!QuotaRules.IsStats(path, out var of))
            return false;
        ref readonly var quota = ref state.Quotas.Find(new PathProbe(of));
        if (Unsafe.IsNullRef(in quota))
            return false;
        shown = znode.With(quota.Usage.ToData());
        return true;
    }

    private static Reply ReadAcl(in Znode znode, Identities who, bool denyOpen)
    {
        if (znode.Acl is not { } acl)
            return denyOpen && !who.IsSuper ? NoAuth : new AclReply(Acl.Open, znode.Stat);
        if (AclRules.Permits(acl, Permissions.Admin, who))
            return new AclReply(acl, znode.Stat);
        return AclRules.Permits(acl, Permissions.Read, who) ? new AclReply(AclRules.Masked(acl), znode.Stat) : NoAuth;
    }

    private static Reply PageOf(GetChildrenPage page, in Znode znode)
    {
        if (page.Limit is < 1 or > MaxPage)
            return new ErrorReply(ZabError.BadArguments);
        if (znode.Body is not Parent parent)
            return new ChildrenPageReply([], znode.Stat, More: false);
        var after = Encoding.UTF8.GetBytes(page.After ?? "");
        var children = parent.Children.From(new NameProbe(after));
        var names = new List<string>();
        var more = false;
        while (children.MoveNext())
        {
            if (children.Current.Head.Name.SequenceEqual(after))
                continue;
            if (more = names.Count == page.Limit)
                break;
            names.Add(children.Current.Head.NameString);
        }

        return new ChildrenPageReply(names.ToArray(), znode.Stat, more);
    }

    private static IReadOnlyList<string> NamesOfChildren(in Znode znode)
    {
        if (znode.Body is not Parent parent)
            return [];
        if (parent.Names is { } listed)
            return listed;
        var names = new ChildNames(parent.Children);
        // Lists that are asked for again and again are short; long ones would cost memory for little.
        return names.Count > 256 ? names : parent.Names = names.ToArray();
    }

    private ref readonly Znode Find(string path)
    {
        // The empty path means the root only within the tree.
        if (path.Length == 0 || path[0] != '/')
            return ref Unsafe.NullRef<Znode>();
        var bytes = PathBytes.Of(path.Length == 1 ? "" : path, stackalloc byte[PathBytes.OnStack]);
        return ref TreeState.Find(in state.Root, bytes);
    }
}
