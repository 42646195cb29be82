namespace Akka.Zab.Client;

/// <summary>Why a request failed. The numbers are ZooKeeper's error codes.</summary>
public enum ZabError
{
    /// <summary>It did not fail.</summary>
    Ok = 0,

    /// <summary>In a multi: an operation after the one that failed; it was not tried.</summary>
    RuntimeInconsistency = -2,

    /// <summary>The connection broke while the request was under way: whether it was done is not known.</summary>
    ConnectionLoss = -4,

    /// <summary>The request could not be parsed, or is not allowed where it stands.</summary>
    MarshallingError = -5,

    /// <summary>This server does not have the operation.</summary>
    Unimplemented = -6,

    /// <summary>No answer within the time that the caller allowed: whether it was done is not known.</summary>
    OperationTimeout = -7,

    /// <summary>A path, flag or other argument is not legal.</summary>
    BadArguments = -8,

    /// <summary>Of the ensemble as it is to be, not enough servers follow the leader.</summary>
    NewConfigNoQuorum = -13,

    /// <summary>An earlier change of the ensemble is not committed yet.</summary>
    ReconfigInProgress = -14,

    /// <summary>The znode, or the parent of the one to create, does not exist.</summary>
    NoNode = -101,

    /// <summary>The ACL does not permit it.</summary>
    NoAuth = -102,

    /// <summary>The expected version is not the current one.</summary>
    BadVersion = -103,

    /// <summary>An ephemeral znode cannot have children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The znode to create exists already.</summary>
    NodeExists = -110,

    /// <summary>The znode to delete has children.</summary>
    NotEmpty = -111,

    /// <summary>The session has expired or was closed.</summary>
    SessionExpired = -112,

    /// <summary>The ACL is empty or has an entry that is not legal.</summary>
    InvalidAcl = -114,

    /// <summary>The credentials were refused.</summary>
    AuthFailed = -115,

    /// <summary>The session is attached to another server by now.</summary>
    SessionMoved = -118,

    /// <summary>There was no such watch to remove.</summary>
    NoWatcher = -121,

    /// <summary>The server changes nothing at the moment: it has no leader, and lets clients read only.</summary>
    NotReadOnly = -119,

    /// <summary>A local session cannot own ephemeral znodes.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>The server wants to know first who the client is; the connection is closed.</summary>
    SessionClosedRequireAuth = -124,

    /// <summary>The servers do not have <c>akka.zab.reconfig</c> on.</summary>
    ReconfigDisabled = -123,

    /// <summary>A hard quota would be exceeded.</summary>
    QuotaExceeded = -125,

    /// <summary>The client has more requests under way than the server allows; this one was not executed.</summary>
    ThrottledOp = -127,

    /// <summary>
    /// The server does not remember the changes since the zxid any more: read everything anew. Not one of ZooKeeper's.
    /// </summary>
    ChangesForgotten = -1001,
}
