using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// One znode, as it stands among its parent's children. As long as it never had a child nor an ACL of its own, its data
/// is in its head if it is little and was not set since the znode was created or loaded, else its second half; that is a
/// <see cref="Parent"/> from then on. Most znodes are leaves that are open to everybody, and those cost two references and
/// one array.
/// </summary>
internal struct Znode(ZnodeHead head, object? body) : IKeyed<ZnodeHead>
{
    public ZnodeHead Head = head;

    /// <summary>A byte array: the data of a leaf that is not in its head. Or a <see cref="Parent"/>. Else null.</summary>
    public object? Body = body;

    /// <summary>A znode that never had a child, nor an ACL of its own.</summary>
    public static Znode Leaf(ReadOnlySpan<byte> name, in HeadStat stat, byte[]? data) =>
        data is not null && ZnodeHead.HasRoomFor(name, data)
            ? new Znode(ZnodeHead.Pack(name, stat, data), null)
            : new Znode(ZnodeHead.Pack(name, stat), data);

    readonly ZnodeHead IKeyed<ZnodeHead>.Key => Head;

    /// <summary>Its data, copied if it is little. Do not change it.</summary>
    public readonly byte[]? Data => Body switch
    {
        null => Head.HasData ? Copy(Head.Data) : null,
        Parent parent => parent.Data,
        var data => (byte[])data,
    };

    /// <summary>Its data where it is; null and empty are the same here.</summary>
    public readonly ReadOnlySpan<byte> DataInPlace => Body switch
    {
        null => Head.HasData ? Head.Data : default,
        Parent parent => parent.Data,
        var data => (byte[])data,
    };

    public readonly bool HasData => Body switch
    {
        null => Head.HasData,
        Parent parent => parent.Data is not null,
        _ => true,
    };

    /// <summary>The same znode with other data.</summary>
    public readonly Znode With(byte[] data) => Body is Parent parent
        ? new Znode(Head, new Parent(data, data, parent.ChildrenZxid)
        {
            Children = parent.Children,
            Acl = parent.Acl,
            Creations = parent.Creations,
        })
        : Leaf(Head.Name, Head.Unpack(), data);

    /// <summary>Its ACL, or null if that is the open one.</summary>
    public readonly IReadOnlyList<Acl>? Acl => (Body as Parent)?.Acl;

    public readonly int ChildCount => Body is Parent parent ? parent.Children.Count : 0;

    public readonly Stat Stat => StatWith(Head.Unpack());

    /// <summary>Its stat, of its head that is unpacked already.</summary>
    public readonly Stat StatWith(in HeadStat head)
    {
        var parent = Body as Parent;
        return new Stat(
            head.CreatedZxid, head.ModifiedZxid, head.CreatedTime, head.ModifiedTime, head.Version,
            parent?.ChildrenVersion ?? 0, head.AclVersion, head.EphemeralOwner, DataInPlace.Length,
            parent?.Children.Count ?? 0, parent?.ChildrenZxid ?? head.CreatedZxid);
    }

    private static byte[] Copy(ReadOnlySpan<byte> data) => data.IsEmpty ? [] : data.ToArray();
}

/// <summary>
/// What a znode has beside its head once it has had a child, or an ACL of its own. Belongs to the edit that made it.
/// </summary>
internal sealed class Parent(object owner, byte[]? data, long childrenZxid)
{
    public byte[]? Data = data;
    public OrderedMap<Znode, ZnodeHead> Children;

    /// <summary>
    /// The names of the children, once they were listed and if they are few. Only a committed tree is listed, and a later
    /// edit changes a copy that does not have them.
    /// </summary>
    public string[]? Names;

    /// <summary>Null if everybody may do everything.</summary>
    public IReadOnlyList<Acl>? Acl;

    /// <summary>How many children there have ever been; wraps around.</summary>
    public int Creations;

    /// <summary>zxid of the last creation or deletion of a child; of the znode's own creation before that.</summary>
    public long ChildrenZxid = childrenZxid;

    /// <summary>The cversion of ZooKeeper's stat: creations plus deletions.</summary>
    public int ChildrenVersion => unchecked((Creations * 2) - Children.Count);

    public Parent OwnedBy(object byOwner) => ReferenceEquals(owner, byOwner)
        ? this
        : new Parent(byOwner, Data, ChildrenZxid) { Children = Children, Acl = Acl, Creations = Creations };
}

/// <summary>Looks for a child by its name in UTF-8.</summary>
internal readonly ref struct NameProbe(ReadOnlySpan<byte> name) : IProbe<ZnodeHead>
{
    private readonly ReadOnlySpan<byte> name = name;

    // Mostly the hints have found the one key to look at; equality is quicker to see than order.
    public int CompareWith(ZnodeHead key)
    {
        var other = key.Name;
        return name.SequenceEqual(other) ? 0 : name.SequenceCompareTo(other);
    }

    public int ComparePrefix(ZnodeHead key, int length)
    {
        var prefix = key.Name[..length];
        return name.StartsWith(prefix) ? 0 : name.SequenceCompareTo(prefix);
    }

    public uint Hint(int skip) => ZnodeHead.Hint(name, skip);
}
