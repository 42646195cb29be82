namespace Akka.Zab.Client;

/// <summary>A request failed.</summary>
/// <param name="error">Why.</param>
/// <param name="path">The znode that the request was about, if it was about one.</param>
public class ZabException(ZabError error, string? path = null) : Exception(Describe(error, path))
{
    /// <summary>Why.</summary>
    public ZabError Error { get; } = error;

    /// <summary>The znode that the request was about, if it was about one.</summary>
    public string? Path { get; } = path;

    private static string Describe(ZabError error, string? path)
    {
        var sentence = error switch
        {
            ZabError.ConnectionLoss =>
                "The connection broke while the request was under way; whether it was done is not known.",
            ZabError.OperationTimeout => "No server answered in time.",
            ZabError.NoNode => "The znode does not exist.",
            ZabError.NodeExists => "The znode exists already.",
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

/// <summary>A multi failed: nothing of it was done.</summary>
/// <param name="error">Why the operation that failed did.</param>
/// <param name="results">An answer for each operation; see <see cref="MultiReply"/>.</param>
/// <param name="path">The znode of the operation that failed.</param>
public sealed class ZabMultiException(ZabError error, IReadOnlyList<Reply> results, string? path)
    : ZabException(error, path)
{
    /// <summary>An answer for each operation, in order.</summary>
    public IReadOnlyList<Reply> Results { get; } = results;
}
