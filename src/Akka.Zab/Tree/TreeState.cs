using System.Runtime.CompilerServices;

namespace Akka.Zab.Tree;

/// <summary>
/// All that a tree consists of: what an edit starts from, works on, and hands on. A copy is a version.
/// </summary>
internal struct TreeState
{
    /// <summary>The root; its name is empty.</summary>
    public Znode Root;

    public OrderedMap<Session, SessionKey> Sessions;

    /// <summary>Containers and znodes with a time to live.</summary>
    public OrderedMap<EphemeralPath, EphemeralPath> WithLifetime;

    /// <summary>The quotas that have limits, by whose they are.</summary>
    public OrderedMap<Quota, EphemeralPath> Quotas;

    public long LastZxid;
    public long Count;
    public long EphemeralCount;
    public long DataBytes;

    /// <summary>
    /// The znodes that always exist: those with children never had them created, as their cversion shows.
    /// </summary>
    public static ZnodeTree Initial()
    {
        var owner = new object();
        byte[] none = [];
        var zookeeper = new Parent(owner, none, 0);
        zookeeper.Children.Add(Znode.Leaf("quota"u8, new HeadStat(), none), new NameProbe("quota"u8), owner);
        var config = new Parent(owner, none, 0) { Acl = AclRules.ReadOnly };
        AddChild(zookeeper, "config"u8, new HeadStat { AclVersion = -1 }, config);
        var root = new Parent(owner, none, 0);
        AddChild(root, "zookeeper"u8, new HeadStat(), zookeeper);
        return new ZnodeTree(new TreeState { Root = new Znode(ZnodeHead.Pack([], new HeadStat()), root), Count = 4 });

        void AddChild(Parent parent, ReadOnlySpan<byte> name, in HeadStat stat, Parent body) =>
            parent.Children.Add(new Znode(ZnodeHead.Pack(name, stat), body), new NameProbe(name), owner);
    }

    /// <summary>
    /// The znode at a path of names with a slash before each, empty for the root; or a null reference.
    /// </summary>
    public static ref readonly Znode Find(ref readonly Znode root, scoped ReadOnlySpan<byte> path)
    {
        ref readonly var znode = ref root;
        while (PathBytes.NextName(ref path, out var name))
        {
            if (znode.Body is not Parent parent)
                return ref Unsafe.NullRef<Znode>();
            znode = ref parent.Children.Find(new NameProbe(name));
            if (Unsafe.IsNullRef(in znode))
                break;
        }

        return ref znode;
    }

    public readonly bool TryGetSession(long id, out SessionRecord record)
    {
        ref readonly var session = ref Sessions.Find(new SessionKey(id));
        var found = !Unsafe.IsNullRef(in session);
        record = found ? session.State.Record : null!;
        return found;
    }

    public readonly string[] EphemeralsOf(long sessionId)
    {
        ref readonly var session = ref Sessions.Find(new SessionKey(sessionId));
        return Unsafe.IsNullRef(in session) ? [] : session.State.EphemeralPaths();
    }
}
