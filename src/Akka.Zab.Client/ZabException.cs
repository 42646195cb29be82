namespace Akka.Zab.Client;

/// <summary>
/// A request failed. What is thrown is the exception of its <see cref="Error"/>, such as <see cref="NoNodeException"/>;
/// this one itself stands for the errors that have none of their own.
/// </summary>
public class ZabException : Exception
{
    /// <summary>The failure of a request; see also <see cref="For"/>.</summary>
    /// <param name="error">Why.</param>
    /// <param name="path">The znode that the request was about, if it was about one.</param>
    public ZabException(ZabError error, string? path = null) : base(Describe(error, path))
    {
        Error = error;
        Path = path;
    }

    private protected ZabException(ZabError error, string? path, string message, Exception? inner)
        : base(message, inner)
    {
        Error = error;
        Path = path;
    }

    /// <summary>Why.</summary>
    public ZabError Error { get; }

    /// <summary>The znode that the request was about, if it was about one.</summary>
    public string? Path { get; }

    /// <summary>The exception of an error: the one place where these are made.</summary>
    /// <param name="error">Why.</param>
    /// <param name="path">The znode that the request was about, if it was about one.</param>
    public static ZabException For(ZabError error, string? path = null) => error switch
    {
        ZabError.NoNode => new NoNodeException(path),
        ZabError.NodeExists => new NodeExistsException(path),
        ZabError.BadVersion => new BadVersionException(path),
        ZabError.NotEmpty => new NotEmptyException(path),
        ZabError.NoChildrenForEphemerals => new NoChildrenForEphemeralsException(path),
        ZabError.NoAuth => new NoAuthException(path),
        ZabError.AuthFailed => new AuthFailedException(path),
        ZabError.InvalidAcl => new InvalidAclException(path),
        ZabError.BadArguments => new BadArgumentsException(path),
        ZabError.Unimplemented => new UnimplementedException(path),
        ZabError.ConnectionLoss => new ConnectionLossException(path),
        ZabError.OperationTimeout => new OperationTimeoutException(path),
        ZabError.SessionExpired => new SessionExpiredException(path),
        ZabError.QuotaExceeded => new QuotaExceededException(path),
        ZabError.ThrottledOp => new ThrottledException(path),
        _ => new ZabException(error, path),
    };

    private protected static string Describe(ZabError error, string? path)
    {
        var sentence = error switch
        {
            ZabError.ConnectionLoss =>
                "The connection broke while the request was under way; whether it was done is not known.",
            ZabError.OperationTimeout => "No server answered in time.",
            ZabError.NoNode => "The znode does not exist.",
            ZabError.NodeExists => "The znode exists already.",
            ZabError.QuotaExceeded => "A hard quota would be exceeded.",
            ZabError.ThrottledOp => "The client has more requests under way than the server allows.",
            ZabError.NotEmpty => "The znode has children.",
            ZabError.BadVersion => "The znode has another version than expected.",
            ZabError.NoAuth => "The ACL does not permit it.",
            ZabError.NoChildrenForEphemerals => "An ephemeral znode cannot have children.",
            ZabError.BadArguments => "A path or another argument is not legal.",
            ZabError.InvalidAcl => "The ACL is not legal.",
            ZabError.SessionExpired => "The session has expired or was closed.",
            ZabError.AuthFailed => "The credentials were refused.",
            ZabError.NewConfigNoQuorum =>
                "Not enough servers of the ensemble as it is to be follow the leader and have caught up.",
            ZabError.ReconfigInProgress => "An earlier change of the ensemble is not committed yet.",
            ZabError.ReconfigDisabled => "The servers do not have akka.zab.reconfig on.",
            ZabError.Unimplemented => "The server does not have this operation.",
            _ => $"The request failed: {error}.",
        };
        return path is null ? sentence : $"{path}: {sentence}";
    }
}

/// <summary>
/// A transaction failed: nothing of it was done. <see cref="ZabException.Error"/> and <see cref="ZabException.Path"/>
/// are those of the operation that failed; its own exception is the inner one.
/// </summary>
public sealed class ZabMultiException : ZabException
{
    /// <summary>The failure of a transaction.</summary>
    /// <param name="error">Why the operation that failed did.</param>
    /// <param name="results">An answer for each operation; see <see cref="MultiReply"/>.</param>
    /// <param name="path">The znode of the operation that failed.</param>
    public ZabMultiException(ZabError error, IReadOnlyList<Reply> results, string? path)
        : base(error, path, Describe(error, results, path), For(error, path))
    {
        Results = results;
        Operation = Find(results, error);
    }

    /// <summary>An answer for each operation, in order.</summary>
    public IReadOnlyList<Reply> Results { get; }

    /// <summary>Which operation failed, counted from 0; -1 if the servers did not say.</summary>
    public int Operation { get; }

    private static int Find(IReadOnlyList<Reply> results, ZabError error)
    {
        ArgumentNullException.ThrowIfNull(results);
        for (var i = 0; i < results.Count; i++)
            if (results[i] is ErrorReply failed && failed.Error == error) return i;
        return -1;
    }

    private static string Describe(ZabError error, IReadOnlyList<Reply> results, string? path) =>
        $"Operation {Find(results, error) + 1} of {results.Count} failed, nothing was done. {Describe(error, path)}";
}
