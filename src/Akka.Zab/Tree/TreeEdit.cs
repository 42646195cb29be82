using System.Runtime.CompilerServices;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Changes on top of a tree, for one owner on one thread. <see cref="Commit"/> gives the tree as it stands and may be
/// called again and again; the edit goes on from there.
/// </summary>
internal sealed partial class TreeEdit
{
    private TreeState state;

    // What was made under this token since the last commit is changed in place, all else is copied first.
    private object token = new();

    internal TreeEdit(in TreeState start) => state = start;

    /// <summary>The last transaction that was applied.</summary>
    public long LastZxid => state.LastZxid;

    /// <summary>
    /// Gets, if set, the ACLs of znodes that are deleted by their paths, but for open ones: who may be told of the
    /// deletion depends on them.
    /// </summary>
    public Dictionary<string, IReadOnlyList<Acl>>? RemovedAcls { get; init; }

    public bool TryGetSession(long id, out SessionRecord session) => state.TryGetSession(id, out session);

    /// <summary>Paths of the session's ephemeral znodes, in ordinal order.</summary>
    public IReadOnlyList<string> EphemeralsOf(long sessionId) => state.EphemeralsOf(sessionId);

    /// <summary>
    /// Applies the next transaction and gives the answer to its request. Never fails; a transaction that is in the tree
    /// already (its zxid is not above <see cref="LastZxid"/>) changes nothing and is answered by
    /// <see cref="DoneReply"/>.
    /// </summary>
    public Reply Apply(in LoggedTxn txn)
    {
        if (txn.Header.Zxid <= state.LastZxid)
            return DoneReply.Instance;
        state.LastZxid = txn.Header.Zxid;
        return Change(txn.Header, txn.Body, answered: true)!;
    }

    /// <summary>
    /// The same as <see cref="Apply"/> where nobody asks for the answer: it need not be made then.
    /// </summary>
    public void ApplyUnanswered(in LoggedTxn txn)
    {
        if (txn.Header.Zxid <= state.LastZxid)
            return;
        state.LastZxid = txn.Header.Zxid;
        Change(txn.Header, txn.Body, answered: false);
    }

    /// <summary>The tree as it stands. Costs nothing by itself; what is changed afterwards is copied first.</summary>
    public ZnodeTree Commit()
    {
        token = new object();
        return new ZnodeTree(state);
    }

    /// <summary>What to come back to with <see cref="Undo"/>. Until then nothing of it is changed in place.</summary>
    internal Savepoint Save()
    {
        var savepoint = new Savepoint(state, token);
        token = new object();
        return savepoint;
    }

    /// <summary>Takes back all changes since the savepoint.</summary>
    internal void Undo(in Savepoint savepoint)
    {
        state = savepoint.State;
        token = savepoint.Token;
    }

    /// <summary>
    /// What validation needs to know of a znode. The empty path is the root, as <see cref="PathRules.ParentOf"/> has
    /// it.
    /// </summary>
    internal bool TryFind(ReadOnlySpan<char> path, out ZnodeFacts facts)
    {
        facts = default;
        if (path is "/")
            path = default;
        else if (path.Length > 0 && path[0] != '/')
            return false;
        var bytes = PathBytes.Of(path, stackalloc byte[PathBytes.OnStack]);
        ref readonly var znode = ref Find(bytes);
        if (Unsafe.IsNullRef(in znode))
            return false;
        var head = znode.Head.Unpack();
        facts = znode.Body is Parent parent
            ? new ZnodeFacts(
                head.Version, parent.Creations, parent.Children.Count, head.AclVersion, head.EphemeralOwner, parent.Acl)
            : new ZnodeFacts(head.Version, 0, 0, head.AclVersion, head.EphemeralOwner, null);
        return true;
    }

    /// <summary>Paths of znodes whose time is over, at most so many.</summary>
    internal List<string> FindDue(long now, long maxNeverUsedMs, int limit)
    {
        var due = new List<string>();
        foreach (ref readonly var candidate in state.WithLifetime)
        {
            if (due.Count == limit)
                break;
            if (IsDue(candidate.Path, now, maxNeverUsedMs))
                due.Add(candidate.Path);
        }

        return due;
    }

    /// <summary>
    /// Whether a znode's time is over: a container without children that had one or has waited too long for it, a znode
    /// without children that was not modified in its time to live.
    /// </summary>
    internal bool IsDue(string path, long now, long maxNeverUsedMs)
    {
        var bytes = PathBytes.Of(path, stackalloc byte[PathBytes.OnStack]);
        ref readonly var znode = ref Find(bytes);
        if (Unsafe.IsNullRef(in znode) || !znode.Head.HasLifetime || znode.ChildCount != 0)
            return false;
        var head = znode.Head.Unpack();
        if (head.Lifetime != HeadStat.Container)
            return now - head.ModifiedTime > head.Lifetime;
        return znode.Body is Parent { Creations: not 0 } || now - head.CreatedTime > maxNeverUsedMs;
    }

    /// <summary>Applies a part of a transaction, whatever its zxid.</summary>
    internal void ApplyPart(in TxnHeader header, Txn body) => Change(header, body, answered: false);

    /// <summary>Makes a change, and gives the answer to its request if there is to be one.</summary>
    private Reply? Change(in TxnHeader header, Txn body, bool answered) => body switch
    {
        CreateTxn create => Create(header, create, answered),
        SetDataTxn set => SetData(header, set, answered),
        SetAclTxn set => SetAcl(set, answered),
        ReconfigTxn reconfig => Reconfigure(header, reconfig, answered),
        DeleteTxn delete => Delete(header, delete.Path),
        MultiTxn multi => ChangeAll(header, multi, answered),
        OpenSessionTxn open => Open(header, open),
        CloseSessionTxn close => Close(header, close),
        _ => DoneReply.Instance,
    };

    private MultiReply? ChangeAll(in TxnHeader header, MultiTxn multi, bool answered)
    {
        var results = answered ? new Reply[multi.Parts.Length] : null;
        for (var i = 0; i < multi.Parts.Length; i++)
        {
            var result = Change(header, multi.Parts[i], answered);
            if (results is not null)
                results[i] = result!;
        }

        return results is null ? null : new MultiReply(results);
    }

    private CreatedReply? Create(in TxnHeader header, CreateTxn create, bool answered)
    {
        var path = PathBytes.Of(create.Path, stackalloc byte[PathBytes.OnStack]);
        if (FindParentForChange(path, out var name) is { } parent)
        {
            var stat = new HeadStat
            {
                CreatedZxid = header.Zxid,
                ModifiedZxid = header.Zxid,
                CreatedTime = header.Time,
                ModifiedTime = header.Time,
                EphemeralOwner = create.EphemeralOwner,
                Lifetime = create.Lifetime,
            };
            parent.Creations = create.ParentCreations;
            parent.ChildrenZxid = header.Zxid;
            var znode = AclRules.IsOpen(create.Acl)
                ? Znode.Leaf(name, stat, create.Data)
                : new Znode(
                    ZnodeHead.Pack(name, stat), new Parent(token, create.Data, header.Zxid) { Acl = create.Acl });
            if (parent.Children.Add(znode, new NameProbe(name), token))
            {
                state.Count++;
                state.DataBytes += create.Data?.Length ?? 0;
                if (state.Quotas.Count > 0)
                    Use(create.Path, new QuotaUsage(1, create.Data?.Length ?? 0));
                if (QuotaRules.IsLimits(create.Path, out var limited))
                    SetQuota(limited, create.Data);
                if (create.EphemeralOwner != 0)
                    AddEphemeral(create.EphemeralOwner, create.Path);
                if (create.Lifetime != 0)
                    state.WithLifetime.Add(new EphemeralPath(create.Path), new EphemeralPath(create.Path), token);
            }
        }

        if (!answered)
            return null;
        return new CreatedReply(create.Path, new Stat(
            header.Zxid, header.Zxid, header.Time, header.Time, 0, 0, 0, create.EphemeralOwner,
            create.Data?.Length ?? 0, 0, header.Zxid));
    }

    private Reply? SetData(in TxnHeader header, SetDataTxn set, bool answered)
    {
        var path = PathBytes.Of(set.Path.Length == 1 ? "" : set.Path, stackalloc byte[PathBytes.OnStack]);
        ref var znode = ref FindForChange(path);
        if (Unsafe.IsNullRef(in znode))
            return DoneReply.Instance;
        var head = znode.Head.Unpack();
        head.ModifiedZxid = header.Zxid;
        head.ModifiedTime = header.Time;
        head.Version = set.Version;
        var more = (set.Data?.Length ?? 0) - znode.DataInPlace.Length;
        state.DataBytes += more;
        // What is set will be set again: a leaf's data stays the array that it came as, and no change copies it.
        object? body = set.Data;
        if (znode.Body is Parent parent)
        {
            parent = parent.OwnedBy(token);
            parent.Data = set.Data;
            body = parent;
        }

        znode = new Znode(ZnodeHead.Pack(znode.Head.Name, head), body);
        var reply = answered ? new StatReply(znode.StatWith(head)) : null;
        if (state.Quotas.Count > 0)
            Use(set.Path, new QuotaUsage(0, more));
        if (QuotaRules.IsLimits(set.Path, out var limited))
            SetQuota(limited, set.Data);
        return reply;
    }

    // As with ZooKeeper the znode's version is -1: what counts is the version in its data.
    private Reply? Reconfigure(in TxnHeader header, ReconfigTxn reconfig, bool answered) =>
        SetData(header, new SetDataTxn(PathRules.Config, reconfig.Config, -1), answered) is StatReply reply
            ? new DataReply(reconfig.Config, reply.Stat)
            : DoneReply.Instance;

    private Reply? SetAcl(SetAclTxn set, bool answered)
    {
        var path = PathBytes.Of(set.Path.Length == 1 ? "" : set.Path, stackalloc byte[PathBytes.OnStack]);
        ref var znode = ref FindForChange(path);
        if (Unsafe.IsNullRef(in znode))
            return DoneReply.Instance;
        var head = znode.Head.Unpack();
        head.AclVersion = set.AclVersion;
        var acl = AclRules.IsOpen(set.Acl) ? null : set.Acl;
        if (acl is not null || znode.Body is Parent)
        {
            var parent = OwnParent(ref znode);
            parent.Acl = acl;
            znode.Head = ZnodeHead.Pack(znode.Head.Name, head);
        }
        else
        {
            znode = Znode.Leaf(znode.Head.Name, head, znode.Data);
        }

        return answered ? new StatReply(znode.Stat) : null;
    }

    private DoneReply Delete(in TxnHeader header, string path)
    {
        var bytes = PathBytes.Of(path, stackalloc byte[PathBytes.OnStack]);
        if (FindParentForChange(bytes, out var name) is { } parent && Remove(parent, name, path))
            parent.ChildrenZxid = header.Zxid;
        return DoneReply.Instance;
    }

    private SessionReply Open(in TxnHeader header, OpenSessionTxn open)
    {
        var record = new SessionRecord(open.Secret, open.TimeoutMs);
        if (FindSessionForChange(header.SessionId) is { } session)
            session.Record = record;
        else
            AddSession(header.SessionId, new SessionState(token, record));
        return new SessionReply(header.SessionId, open.Secret, open.TimeoutMs);
    }

    private DoneReply Close(in TxnHeader header, CloseSessionTxn close)
    {
        foreach (var path in close.Ephemerals)
            Delete(header, path);
        state.Sessions.Remove(new SessionKey(header.SessionId), token);
        return DoneReply.Instance;
    }

    private Parent OwnParent(ref Znode znode)
    {
        if (znode.Body is Parent known)
        {
            known = known.OwnedBy(token);
            znode.Body = known;
            return known;
        }

        var head = znode.Head.Unpack();
        var parent = new Parent(token, znode.Data, head.CreatedZxid);
        znode = new Znode(ZnodeHead.Pack(znode.Head.Name, head), parent);
        return parent;
    }

    private bool Remove(Parent parent, ReadOnlySpan<byte> name, string path)
    {
        ref readonly var znode = ref parent.Children.Find(new NameProbe(name));
        if (Unsafe.IsNullRef(in znode) || znode.ChildCount != 0)
            return false;
        if (RemovedAcls is not null && znode.Acl is { } acl)
            RemovedAcls[path] = acl;
        var dataLength = znode.DataInPlace.Length;
        var owner = znode.Head.IsEphemeral ? znode.Head.Unpack().EphemeralOwner : 0;
        var mortal = znode.Head.HasLifetime;
        parent.Children.Remove(new NameProbe(name), token);
        state.Count--;
        state.DataBytes -= dataLength;
        if (state.Quotas.Count > 0)
        {
            Use(path, new QuotaUsage(-1, -dataLength));
            if (QuotaRules.IsLimits(path, out var limited))
                state.Quotas.Remove(new PathProbe(limited), token);
        }

        if (mortal)
            state.WithLifetime.Remove(new EphemeralPath(path), token);
        if (owner != 0)
            RemoveEphemeral(owner, path);
        return true;
    }

    private void AddEphemeral(long sessionId, string path)
    {
        state.EphemeralCount++;
        if (FindSessionForChange(sessionId) is { } session)
            session.Ephemerals.Add(new EphemeralPath(path), new EphemeralPath(path), token);
    }

    private void RemoveEphemeral(long sessionId, string path)
    {
        state.EphemeralCount--;
        if (FindSessionForChange(sessionId) is { } session)
            session.Ephemerals.Remove(new EphemeralPath(path), token);
    }

    private void AddSession(long sessionId, SessionState session) =>
        state.Sessions.Add(new Session(sessionId, session), new SessionKey(sessionId), token);

    private SessionState? FindSessionForChange(long sessionId)
    {
        ref var session = ref state.Sessions.FindForChange(new SessionKey(sessionId), token);
        return Unsafe.IsNullRef(in session) ? null : session.State = session.State.OwnedBy(token);
    }

    /// <summary>A state of the edit, and the token under which it was made.</summary>
    internal readonly record struct Savepoint(TreeState State, object Token);
}
