namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>Codes of the operations, as ZooKeeper's clients send them.</summary>
internal enum Op
{
    CloseSession = -11,
    Create = 1,
    Delete = 2,
    Exists = 3,
    GetData = 4,
    SetData = 5,
    GetAcl = 6,
    SetAcl = 7,
    GetChildren = 8,
    Sync = 9,
    Ping = 11,
    GetChildren2 = 12,
    Check = 13,
    Multi = 14,
    Create2 = 15,
    Reconfig = 16,
    CheckWatches = 17,
    RemoveWatches = 18,
    CreateContainer = 19,
    CreateTtl = 21,
    MultiRead = 22,
    Auth = 100,
    SetWatches = 101,
    Sasl = 102,
    GetEphemerals = 103,
    GetAllChildrenNumber = 104,
    SetWatches2 = 105,
    AddWatch = 106,
    WhoAmI = 107,
    Nonsense = 4711,
}

/// <summary>One request. Its body is written for each server by itself: zxids and session ids differ.</summary>
/// <param name="Code">The operation.</param>
/// <param name="Write">Writes the body.</param>
/// <param name="Keep">How many bytes of the body are sent; all of them if negative.</param>
/// <param name="Closes">Whether the server ends the connection after its reply.</param>
internal sealed record Operation(Op Code, Action<Body> Write, int Keep = -1, bool Closes = false)
{
    /// <summary>Whether what it does is seen in the zxids of the tree, if it succeeds.</summary>
    public bool Writes => Code is Op.Create or Op.Create2 or Op.CreateContainer or Op.CreateTtl or Op.Delete or Op.SetData
        or Op.SetAcl or Op.Multi or Op.CloseSession;
}

/// <summary>What happens next, on both servers alike.</summary>
internal abstract record Step(int Session);

/// <summary>A session sends these requests without waiting in between.</summary>
internal sealed record Burst(int Session, IReadOnlyList<Operation> Operations) : Step(Session);

/// <summary>
/// A session loses its connection, makes another, proves again who it is, and goes on with another request or none.
/// </summary>
internal sealed record Reconnect(int Session, int TimeoutMs, bool KnowsReadOnly, Operation? First) : Step(Session);

/// <summary>A session is closed, and another one opened in its place.</summary>
internal sealed record Reopen(int Session, int TimeoutMs) : Step(Session);

/// <summary>
/// A session makes ephemeral znodes, comes back with a short timeout, and is left alone until it expires.
/// </summary>
/// <param name="Session">Not the first: that one waits for it.</param>
/// <param name="Connected">Whether its connection stays open, so that it is seen how the server ends it.</param>
/// <param name="Before">What it asks while it still has a long timeout.</param>
/// <param name="Last">What it asks last.</param>
internal sealed record Expire(
    int Session, bool Connected, IReadOnlyList<Operation> Before, IReadOnlyList<Operation> Last) : Step(Session)
{
    /// <summary>An ephemeral znode of its own, which tells that it is over.</summary>
    public const string Path = "/expiring";
}

/// <summary>A znode with a child is made, and deleted by the server when the child is gone.</summary>
internal sealed record Reap(int Session, IReadOnlyList<Operation> Before) : Step(Session)
{
    public const string Path = "/reaped";
    public const string Child = "/reaped/child";
}

/// <summary>Somebody wants a session with what no server accepts.</summary>
internal sealed record BadHandshake(int Session, BadHandshakeKind Kind) : Step(Session);

internal enum BadHandshakeKind
{
    WrongPassword,
    UnknownSession,
    FromTheFuture,
    TooShort,
}
