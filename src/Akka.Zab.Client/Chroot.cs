namespace Akka.Zab.Client;

/// <summary>
/// A client's own root: paths that it sends get the prefix, and paths that come back lose it. The znode itself is not
/// created.
/// </summary>
internal sealed class Chroot
{
    private readonly string _prefix;

    private Chroot(string prefix) => _prefix = prefix;

    /// <summary>The chroot at <paramref name="path"/>, or null if that is the real root.</summary>
    /// <exception cref="ArgumentException">It is no absolute path.</exception>
    public static Chroot? At(string path) => Check(path) is { Length: > 0 } prefix ? new Chroot(prefix) : null;

    /// <summary>The path as a prefix: without a slash at its end.</summary>
    /// <exception cref="ArgumentException">It is no absolute path.</exception>
    public static string Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length > 0 && path[0] != '/' || path.Contains("//", StringComparison.Ordinal))
            throw new ArgumentException($"The chroot \"{path}\" is not an absolute path, such as /app.", nameof(path));
        return path.TrimEnd('/');
    }

    /// <summary>The request as the server gets it.</summary>
    public Request Into(Request request) => request switch
    {
        // These are about the session, not about a place in the tree.
        SetWatches => request,
        GetEphemerals read => new GetEphemerals(Into(read.Prefix.Length == 0 ? "/" : read.Prefix)),
        MultiRead multi => new MultiRead(Array.ConvertAll(multi.Operations.ToArray(), read => (ReadRequest)Into(read))),
        ReadRequest read => read with { Path = Into(read.Path) },
        Create create => create with { Path = Into(create.Path) },
        Delete delete => delete with { Path = Into(delete.Path) },
        SetData set => set with { Path = Into(set.Path) },
        SetAcl set => set with { Path = Into(set.Path) },
        Check check => check with { Path = Into(check.Path) },
        Sync sync => sync with { Path = Into(sync.Path) },
        Multi multi => new Multi(Array.ConvertAll(multi.Operations.ToArray(), write => (WriteRequest)Into(write))),
        _ => request,
    };

    /// <summary>The reply as the caller gets it.</summary>
    public Reply OutOf(Reply reply) => reply switch
    {
        CreatedReply created => created with { Path = OutOf(created.Path) },
        SyncReply sync => sync with { Path = OutOf(sync.Path) },
        PathsReply paths => new PathsReply(Array.ConvertAll(paths.Paths.ToArray(), OutOf)),
        MultiReply multi => multi with { Results = Array.ConvertAll(multi.Results.ToArray(), OutOf) },
        _ => reply,
    };

    /// <summary>The event as the caller gets it.</summary>
    public WatchEvent OutOf(WatchEvent fired) => fired with { Path = OutOf(fired.Path) };

    // What is no absolute path goes as it is, for the server to refuse.
    private string Into(string path) => path switch
    {
        "/" => _prefix,
        ['/', ..] => _prefix + path,
        _ => path,
    };

    private string OutOf(string path) =>
        path.Length == _prefix.Length ? "/"
        : path.StartsWith(_prefix, StringComparison.Ordinal) ? path[_prefix.Length..]
        : path;
}
