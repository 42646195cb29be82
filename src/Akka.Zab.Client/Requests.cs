namespace Akka.Zab.Client;

/// <summary>Something a client asks of the ensemble within its session.</summary>
public abstract record Request : IZabMessage
{
    /// <summary>Whether it may be asked again when its answer got lost, with no effect but the answer.</summary>
    internal bool IsRepeatable => this
        is GetData or Exists or GetChildren or GetChildrenPage or GetAcl or GetEphemerals or GetAllChildrenNumber or MultiRead
        or CheckWatches or AddWatch or Sync or WhoAmI;
}

/// <summary>A request that the server answers from its own replica of the tree.</summary>
/// <param name="Path">The znode's absolute path.</param>
public abstract record ReadRequest(string Path) : Request;

/// <summary>A request that goes to the leader.</summary>
public abstract record WriteRequest : Request;

/// <summary>Does the znode exist? Answered by <see cref="StatReply"/>, or by <see cref="ZabError.NoNode"/>.</summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Watch">Leave a one-shot watch: on its data if it exists, on its creation if not.</param>
public sealed record Exists(string Path, bool Watch = false) : ReadRequest(Path);

/// <summary>Read data and stat. Answered by <see cref="DataReply"/>.</summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Watch">Leave a one-shot watch on its data.</param>
public sealed record GetData(string Path, bool Watch = false) : ReadRequest(Path);

/// <summary>List the names of the children. Answered by <see cref="ChildrenReply"/>.</summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Watch">Leave a one-shot watch on the list of children.</param>
public sealed record GetChildren(string Path, bool Watch = false) : ReadRequest(Path);

/// <summary>
/// List some of the children, in the order of their names. Answered by <see cref="ChildrenPageReply"/>. Pages that are
/// read one after the other are of different states of the tree: a child that was there all the time is on one of them.
/// An extension: ZooKeeper does not have it.
/// </summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="After">The name after which the page begins, whether it is there or not; null for the first page.</param>
/// <param name="Limit">How many names at most: 1 to 100,000.</param>
public sealed record GetChildrenPage(string Path, string? After, int Limit) : ReadRequest(Path);

/// <summary>
/// Leave a watch that stays, as <see cref="AddWatch"/> does, and be told first what it would have told since a zxid: so
/// there is no gap, whatever server the client was connected to before. Answered by <see cref="DoneReply"/> after those
/// events, or by <see cref="ZabError.ChangesForgotten"/>. An extension: ZooKeeper does not have it.
/// </summary>
/// <param name="Path">The znode's absolute path; it need not exist.</param>
/// <param name="Mode">What the watch covers.</param>
/// <param name="SinceZxid">The last zxid up to which the client knows everything.</param>
public sealed record ResumeWatch(string Path, AddWatchMode Mode, long SinceZxid) : ReadRequest(Path);

/// <summary>
/// Read the ACL. Needs READ or ADMIN; without ADMIN, the ids of <c>digest</c> show only the user. Answered by
/// <see cref="AclReply"/>.
/// </summary>
/// <param name="Path">The znode's absolute path.</param>
public sealed record GetAcl(string Path) : ReadRequest(Path);

/// <summary>
/// Register watches again after a reattachment. What changed since <paramref name="SinceZxid"/> is told at once.
/// Answered by <see cref="DoneReply"/>, after those events.
/// </summary>
/// <param name="SinceZxid">The last zxid that the client saw.</param>
/// <param name="Data">Paths with a data watch.</param>
/// <param name="Exist">Paths with a watch on creation.</param>
/// <param name="Children">Paths with a watch on their children.</param>
public sealed record SetWatches(
    long SinceZxid, IReadOnlyList<string> Data, IReadOnlyList<string> Exist, IReadOnlyList<string> Children)
    : ReadRequest("/")
{
    /// <summary>Paths with a data watch.</summary>
    public IReadOnlyList<string> Data { get; init; } = Wire.Array(Data);

    /// <summary>Paths with a watch on creation.</summary>
    public IReadOnlyList<string> Exist { get; init; } = Wire.Array(Exist);

    /// <summary>Paths with a watch on their children.</summary>
    public IReadOnlyList<string> Children { get; init; } = Wire.Array(Children);

    /// <summary>Paths with a persistent watch; of them nothing is told late.</summary>
    public IReadOnlyList<string> Persistent { get; init => field = Wire.Array(value); } = Array.Empty<string>();

    /// <summary>Paths with a recursive watch; of them nothing is told late.</summary>
    public IReadOnlyList<string> Recursive { get; init => field = Wire.Array(value); } = Array.Empty<string>();
}

/// <summary>
/// Leave a watch that stays when it has fired. The path need not exist. Answered by <see cref="DoneReply"/>.
/// </summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Mode">What it covers.</param>
public sealed record AddWatch(string Path, AddWatchMode Mode) : ReadRequest(Path);

/// <summary>
/// Take watches of this connection back. Answered by <see cref="DoneReply"/>, or by <see cref="ZabError.NoWatcher"/> if
/// there are none.
/// </summary>
/// <param name="Path">The path that they are on.</param>
/// <param name="Type">Which of them.</param>
public sealed record RemoveWatches(string Path, WatchType Type) : ReadRequest(Path);

/// <summary>
/// Has this connection such a watch? Answered by <see cref="DoneReply"/> or by <see cref="ZabError.NoWatcher"/>.
/// </summary>
/// <param name="Path">The path that it is on.</param>
/// <param name="Type">Which kind.</param>
public sealed record CheckWatches(string Path, WatchType Type) : ReadRequest(Path);

/// <summary>List the ephemeral znodes of this session. Answered by <see cref="PathsReply"/>.</summary>
/// <param name="Prefix">What their paths begin with; <c>/</c>, or nothing at all, for all of them.</param>
public sealed record GetEphemerals(string Prefix = "/") : ReadRequest("/");

/// <summary>Count everything below a znode, not only its children. Answered by <see cref="CountReply"/>.</summary>
/// <param name="Path">The znode's absolute path.</param>
public sealed record GetAllChildrenNumber(string Path) : ReadRequest(Path);

/// <summary>
/// Several reads of one state of the tree. Each fails by itself, and leaves no watch. Answered by
/// <see cref="MultiReply"/>.
/// </summary>
/// <param name="Operations">Any of <see cref="GetData"/> and <see cref="GetChildren"/>, in order. May be empty.</param>
public sealed record MultiRead(IReadOnlyList<ReadRequest> Operations) : ReadRequest("/")
{
    /// <summary>Any of <see cref="GetData"/> and <see cref="GetChildren"/>, in order.</summary>
    public IReadOnlyList<ReadRequest> Operations { get; init; } = Wire.Array(Operations);
}

/// <summary>Create a znode. Answered by <see cref="CreatedReply"/>.</summary>
/// <param name="Path">Its absolute path; for a sequential mode without the counter.</param>
/// <param name="Data">Its data; null and empty differ.</param>
/// <param name="Acl">Its access control list.</param>
/// <param name="Mode">Its kind.</param>
public sealed record Create(string Path, byte[]? Data, IReadOnlyList<Acl> Acl, CreateMode Mode = CreateMode.Persistent)
    : WriteRequest
{
    /// <summary>Its access control list.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Wire.Array(Acl);

    /// <summary>
    /// Milliseconds that a znode with a time to live may be childless and unmodified, 1 to 2^40-1; 0 for other modes.
    /// </summary>
    public long TimeToLiveMs { get; init; }
}

/// <summary>Delete a znode that has no children. Answered by <see cref="DoneReply"/>.</summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Version">The expected version of its data, or -1 for any.</param>
public sealed record Delete(string Path, int Version = -1) : WriteRequest;

/// <summary>Set a znode's data. Answered by <see cref="StatReply"/>.</summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Data">The new data; null and empty differ.</param>
/// <param name="Version">The expected version of its data, or -1 for any.</param>
public sealed record SetData(string Path, byte[]? Data, int Version = -1) : WriteRequest;

/// <summary>
/// Set a znode's ACL. Needs ADMIN; not allowed in a <see cref="Multi"/>. Answered by <see cref="StatReply"/>.
/// </summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Acl">The new ACL; not empty.</param>
/// <param name="Version">The expected version of the ACL (aversion), or -1 for any.</param>
public sealed record SetAcl(string Path, IReadOnlyList<Acl> Acl, int Version = -1) : WriteRequest
{
    /// <summary>The new ACL.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Wire.Array(Acl);
}

/// <summary>
/// Within a <see cref="Multi"/>: go on only if the znode exists with this version. Answered by <see cref="DoneReply"/>.
/// </summary>
/// <param name="Path">The znode's absolute path.</param>
/// <param name="Version">The expected version of its data, or -1 for any.</param>
public sealed record Check(string Path, int Version = -1) : WriteRequest;

/// <summary>
/// All of these or none, as one transaction. Answered by <see cref="MultiReply"/>, also when it failed.
/// </summary>
/// <param name="Operations">Creates, deletes, sets and checks, in order. May be empty.</param>
public sealed record Multi(IReadOnlyList<WriteRequest> Operations) : WriteRequest
{
    /// <summary>Creates, deletes, sets and checks, in order.</summary>
    public IReadOnlyList<WriteRequest> Operations { get; init; } = Wire.Array(Operations);
}

/// <summary>
/// Answered by <see cref="SyncReply"/> when this server has applied everything that was committed when the leader,
/// confirmed by a quorum, took the request: a read after it is linearizable.
/// </summary>
/// <param name="Path">Returned as it came; ZooKeeper's clients name a path here, which means nothing.</param>
public sealed record Sync(string Path) : WriteRequest
{
    /// <summary>
    /// Whether a server that would not ask a quorum has to refuse it, with <see cref="ZabError.Unimplemented"/>: an Apache
    /// ZooKeeper, over its protocol.
    /// </summary>
    public bool Confirmed { get; init; }
}

/// <summary>End the session; its ephemeral znodes are deleted. Answered by <see cref="DoneReply"/>.</summary>
public sealed record CloseSession : WriteRequest;

/// <summary>Keeps the session alive. Answered by <see cref="DoneReply"/> after all earlier requests.</summary>
public sealed record Ping : Request;

/// <summary>
/// Adds credentials to this connection. Answered by <see cref="DoneReply"/> or <see cref="ZabError.AuthFailed"/>.
/// </summary>
/// <param name="Scheme">The scheme, <c>digest</c> say.</param>
/// <param name="Credentials">The scheme's own form; <c>user:password</c> for <c>digest</c>.</param>
public sealed record AddAuth(string Scheme, byte[] Credentials) : Request
{
    /// <summary>Without the credentials: what is printed may be logged.</summary>
    public override string ToString() => $"{nameof(AddAuth)} {{ Scheme = {Scheme} }}";

    internal bool IsSame(AddAuth other) =>
        other.Scheme == Scheme && other.Credentials.AsSpan().SequenceEqual(Credentials);
}

/// <summary>
/// A token of a login with SASL, an empty one to begin with. Answered by <see cref="SaslReply"/>, or by
/// <see cref="ZabError.AuthFailed"/>. A <see cref="ZabClient"/> does this by itself.
/// </summary>
/// <param name="Token">What the mechanism makes; empty to begin DIGEST-MD5.</param>
public sealed record SaslLogin(byte[] Token) : Request
{
    /// <summary>Without the token: what is printed may be logged.</summary>
    public override string ToString() => nameof(SaslLogin);
}

/// <summary>Who is this connection? Answered by <see cref="WhoAmIReply"/>.</summary>
public sealed record WhoAmI : Request;

/// <summary>
/// An operation that this server does not have. Answered by <see cref="ZabError.Unimplemented"/> in its turn.
/// </summary>
/// <param name="Error">The code to answer with.</param>
public sealed record Refused(ZabError Error) : Request;
