namespace Akka.Zab.Client;

/// <summary>The answer to a <see cref="Request"/>.</summary>
public abstract record Reply : IZabMessage;

/// <summary>The request failed and changed nothing.</summary>
/// <param name="Error">Why.</param>
public sealed record ErrorReply(ZabError Error) : Reply;

/// <summary>Done; there is nothing more to say.</summary>
public sealed record DoneReply : Reply
{
    /// <summary>The one instance that a server needs.</summary>
    public static DoneReply Instance { get; } = new();
}

/// <summary>The znode was created.</summary>
/// <param name="Path">Its path, with the counter if sequential.</param>
/// <param name="Stat">Its stat.</param>
public sealed record CreatedReply(string Path, Stat Stat) : Reply;

/// <summary>The stat of the znode, after the request.</summary>
/// <param name="Stat">The stat.</param>
public sealed record StatReply(Stat Stat) : Reply;

/// <summary>Data and stat of the znode.</summary>
/// <param name="Data">The data; do not change it.</param>
/// <param name="Stat">The stat.</param>
public sealed record DataReply(byte[]? Data, Stat Stat) : Reply
{
    private readonly byte[]? _bytes = Data;
    private readonly int _from;

    /// <summary>
    /// Data that is the end of something larger, which a server's own actors pass on as it is. Before it is sent to a
    /// client it is made an array of its own.
    /// </summary>
    internal DataReply(byte[] within, int from, Stat stat) : this(within, stat) => _from = from;

    /// <summary>The data; do not change it.</summary>
    public byte[]? Data
    {
        get => _from == 0 ? _bytes : InPlace.ToArray();
        init => (_bytes, _from) = (value, 0);
    }

    internal bool IsInPlace => _from != 0;

    internal bool HasData => _bytes is not null;

    /// <summary>The data where it is; empty, too, if there is none.</summary>
    internal ReadOnlySpan<byte> InPlace => _bytes.AsSpan(_from);
}

/// <summary>Children and stat of the znode.</summary>
/// <param name="Names">The names of the children, in ordinal order, without the parent's path.</param>
/// <param name="Stat">The stat.</param>
public sealed record ChildrenReply(IReadOnlyList<string> Names, Stat Stat) : Reply
{
    /// <summary>The names of the children.</summary>
    public IReadOnlyList<string> Names { get; init; } = Wire.Array(Names);
}

/// <summary>Some of the children, and the stat of the znode.</summary>
/// <param name="Names">Their names, in ordinal order, without the parent's path.</param>
/// <param name="Stat">The stat.</param>
/// <param name="More">Whether there are children after these.</param>
public sealed record ChildrenPageReply(IReadOnlyList<string> Names, Stat Stat, bool More) : Reply
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; init; } = Wire.Array(Names);
}

/// <summary>ACL and stat of the znode.</summary>
/// <param name="Acl">The ACL.</param>
/// <param name="Stat">The stat.</param>
public sealed record AclReply(IReadOnlyList<Acl> Acl, Stat Stat) : Reply
{
    /// <summary>The ACL.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Wire.Array(Acl);
}

/// <summary>The answer to a <see cref="SaslLogin"/>.</summary>
/// <param name="Token">
/// What the mechanism makes of it; null if there is nothing to say, or if the servers know nobody by SASL.
/// </param>
public sealed record SaslReply(byte[]? Token) : Reply
{
    /// <summary>Without the token: what is printed may be logged.</summary>
    public override string ToString() => nameof(SaslReply);
}

/// <summary>The answer to a <see cref="WhoAmI"/>.</summary>
/// <param name="Identities">Everything that the connection is known by; of <c>digest</c> only the user's name.</param>
public sealed record WhoAmIReply(IReadOnlyList<Identity> Identities) : Reply
{
    /// <summary>Everything that the connection is known by.</summary>
    public IReadOnlyList<Identity> Identities { get; init; } = Wire.Array(Identities);
}

/// <summary>Paths of znodes, in ordinal order.</summary>
/// <param name="Paths">The paths.</param>
public sealed record PathsReply(IReadOnlyList<string> Paths) : Reply
{
    /// <summary>The paths.</summary>
    public IReadOnlyList<string> Paths { get; init; } = Wire.Array(Paths);
}

/// <summary>How many there are.</summary>
/// <param name="Count">The number.</param>
public sealed record CountReply(int Count) : Reply;

/// <summary>The answer to a <see cref="Sync"/>.</summary>
/// <param name="Path">The path of the request.</param>
public sealed record SyncReply(string Path) : Reply;

/// <summary>
/// An answer for each operation of a <see cref="MultiRead"/>, or of a <see cref="Multi"/>: if one of these failed, that
/// one has its error, those before it have an <see cref="ErrorReply"/> with <see cref="ZabError.Ok"/>, those after it
/// <see cref="ZabError.RuntimeInconsistency"/>.
/// </summary>
/// <param name="Results">In the order of the operations.</param>
/// <param name="Error">The error of the operation that failed, or <see cref="ZabError.Ok"/>.</param>
public sealed record MultiReply(IReadOnlyList<Reply> Results, ZabError Error = ZabError.Ok) : Reply
{
    /// <summary>In the order of the operations.</summary>
    public IReadOnlyList<Reply> Results { get; init; } = Wire.Array(Results);
}
