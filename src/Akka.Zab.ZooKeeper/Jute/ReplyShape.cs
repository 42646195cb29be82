namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>
/// How the reply to a request is laid out: what a connection remembers of each request under way, one byte apiece,
/// because the reply alone does not tell a create from a create2.
/// </summary>
internal enum ReplyShape : byte
{
    /// <summary>A header and nothing else.</summary>
    Bare,

    /// <summary>As <see cref="Bare"/>, with the xid of pings whatever the request's was.</summary>
    Ping,

    /// <summary>A path.</summary>
    Path,

    /// <summary>A path and a Stat.</summary>
    PathAndStat,

    /// <summary>A Stat.</summary>
    Stat,

    /// <summary>Data and Stat.</summary>
    Data,

    /// <summary>The names of children.</summary>
    Children,

    /// <summary>The names of children, and a Stat.</summary>
    ChildrenAndStat,

    /// <summary>The names of some children, a Stat, and whether there are more.</summary>
    ChildrenPage,

    /// <summary>An ACL, and a Stat.</summary>
    Acl,

    /// <summary>A number.</summary>
    Count,

    /// <summary>The number 0, which stands for an error that did not happen.</summary>
    Zero,

    /// <summary>Paths.</summary>
    Paths,

    /// <summary>A token, with zxid 0; after a refusal it is null, and the connection is closed.</summary>
    Token,

    /// <summary>What a connection is known by.</summary>
    Identities,

    /// <summary>
    /// A result for each operation. The operations' own types follow in the record of pending replies.
    /// </summary>
    Multi,

    /// <summary>As <see cref="Bare"/>, with zxid 0; after a refusal the connection is closed.</summary>
    Auth,

    /// <summary>As <see cref="Bare"/>; then the connection is closed.</summary>
    Close,

    /// <summary>As <see cref="Bare"/>, with zxid -1; then the connection is closed.</summary>
    UnknownOperation,
}

/// <summary>The shape of the reply to each operation.</summary>
internal static class ReplyShapes
{
    /// <summary>Of an operation that stands alone or in a multi.</summary>
    public static ReplyShape Of(OpCode type) => type switch
    {
        OpCode.GetData or OpCode.Reconfig => ReplyShape.Data,
        OpCode.SetData or OpCode.Exists or OpCode.SetAcl => ReplyShape.Stat,
        OpCode.Create or OpCode.Sync or OpCode.Confirm => ReplyShape.Path,
        OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl => ReplyShape.PathAndStat,
        OpCode.GetChildren => ReplyShape.Children,
        OpCode.GetChildren2 => ReplyShape.ChildrenAndStat,
        OpCode.GetChildrenPage => ReplyShape.ChildrenPage,
        OpCode.GetAcl => ReplyShape.Acl,
        OpCode.GetEphemerals => ReplyShape.Paths,
        OpCode.GetAllChildrenNumber => ReplyShape.Count,
        OpCode.AddWatch => ReplyShape.Zero,
        OpCode.WhoAmI => ReplyShape.Identities,
        OpCode.Sasl => ReplyShape.Token,
        OpCode.Ping => ReplyShape.Ping,
        OpCode.Auth => ReplyShape.Auth,
        OpCode.CloseSession => ReplyShape.Close,
        _ => ReplyShape.Bare,
    };
}
