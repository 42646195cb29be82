namespace Akka.Zab.Client;

// The errors that a caller may want to catch by type; ZabException.For makes them.

/// <summary>The znode, or the parent of the one to create, does not exist.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class NoNodeException(string? path = null) : ZabException(ZabError.NoNode, path);

/// <summary>The znode to create exists already.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class NodeExistsException(string? path = null) : ZabException(ZabError.NodeExists, path);

/// <summary>The expected version is not the current one: somebody else was faster.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class BadVersionException(string? path = null) : ZabException(ZabError.BadVersion, path);

/// <summary>The znode to delete has children.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class NotEmptyException(string? path = null) : ZabException(ZabError.NotEmpty, path);

/// <summary>An ephemeral znode cannot have children.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class NoChildrenForEphemeralsException(string? path = null)
    : ZabException(ZabError.NoChildrenForEphemerals, path);

/// <summary>The ACL does not permit it to what this connection is known by.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class NoAuthException(string? path = null) : ZabException(ZabError.NoAuth, path);

/// <summary>The credentials were refused.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class AuthFailedException(string? path = null) : ZabException(ZabError.AuthFailed, path);

/// <summary>The ACL is empty or has an entry that is not legal.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class InvalidAclException(string? path = null) : ZabException(ZabError.InvalidAcl, path);

/// <summary>A path, flag or other argument is not legal.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class BadArgumentsException(string? path = null) : ZabException(ZabError.BadArguments, path);

/// <summary>The server does not have the operation: it is an Apache ZooKeeper, or not set up for it.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class UnimplementedException(string? path = null) : ZabException(ZabError.Unimplemented, path);

/// <summary>
/// The connection broke while the request was under way: whether it was done is not known. It is never thrown by a
/// call that only reads: that one is asked again.
/// </summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class ConnectionLossException(string? path = null) : ZabException(ZabError.ConnectionLoss, path);

/// <summary>No server answered within the time that the caller allowed.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class OperationTimeoutException(string? path = null) : ZabException(ZabError.OperationTimeout, path);

/// <summary>
/// The session is over: it has expired, or this client was disposed of. What it held is lost, and every later call
/// fails so, too: go on with a new client.
/// </summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class SessionExpiredException(string? path = null) : ZabException(ZabError.SessionExpired, path);

/// <summary>A hard quota would be exceeded.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class QuotaExceededException(string? path = null) : ZabException(ZabError.QuotaExceeded, path);

/// <summary>The client has more requests under way than the server allows; this one was not executed.</summary>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public sealed class ThrottledException(string? path = null) : ZabException(ZabError.ThrottledOp, path);
