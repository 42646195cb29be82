using System.Runtime.CompilerServices;

namespace Akka.Zab.Client;

/// <summary>What takes more than one request: creates that know how, subtrees, long lists of children.</summary>
public sealed partial class ZabClient
{
    private const int DeletesAtOnce = 500;
    private const int MostChildrenAtOnce = 100_000;

    /// <summary>
    /// Creates a znode in any way there is: with the znodes above it, with a time to live, and with an answer to
    /// whether it was created when the connection breaks meanwhile.
    /// </summary>
    /// <param name="path">Its absolute path; for a sequential mode without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops the waiting; it may still be created.</param>
    /// <returns>
    /// The path that it has, with the counter if sequential and with an id if it is protected besides, and the stat.
    /// </returns>
    /// <exception cref="NodeExistsException">It exists already, and it was not this call that created it.</exception>
    /// <exception cref="NoNodeException">Its parent does not exist, and is not to be created.</exception>
    /// <exception cref="ConnectionLossException">
    /// It may have been created. With <see cref="CreateOptions.Protected"/> only if it was found set by others after
    /// the break, or must not be read. Missing znodes above it may have been created in any case.
    /// </exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over. If that came while the create was under way, it may have been created; an ephemeral one is
    /// gone again.
    /// </exception>
    /// <exception cref="ZabException">As for every create.</exception>
    public async Task<CreatedReply> CreateAsync(
        string path, byte[]? data, CreateOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        var create = options.ToRequest(path, data);
        while (true)
        {
            try
            {
                return options.Protected
                    ? await CreateProtectedAsync(create, cancellation).ConfigureAwait(false)
                    : await Ask<CreatedReply>(create, path, cancellation).ConfigureAwait(false);
            }
            catch (NoNodeException) when (options.Parents != MissingParents.Refuse && path.LastIndexOf('/') > 0)
            {
                var mode = options.Parents == MissingParents.Create ? CreateMode.Persistent : CreateMode.Container;
                await EnsureAsync(path[..path.LastIndexOf('/')], mode, options.ParentAcl, cancellation)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sets a znode's data, or creates it if it does not exist; whatever others do at the same time.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="data">The data; null and empty differ.</param>
    /// <param name="options">How to create it; null for a persistent one, open to everybody. Not sequential.</param>
    /// <param name="cancellation">Stops the waiting; it may still be done.</param>
    /// <returns>The stat after it: version 0 if it was created.</returns>
    /// <exception cref="ArgumentException">The mode is sequential.</exception>
    /// <exception cref="NoNodeException">Its parent does not exist, and is not to be created.</exception>
    /// <exception cref="ConnectionLossException">
    /// It may have been done; it is not done again, as others may have set other data since.
    /// </exception>
    /// <exception cref="ZabException">As for every create.</exception>
    public async Task<Stat> SetOrCreateAsync(
        string path, byte[]? data, CreateOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new CreateOptions();
        if (options.Mode.IsSequential())
            throw new ArgumentException("A znode that is set again cannot be sequential.", nameof(options));
        while (true)
        {
            try
            {
                return await SetDataAsync(path, data, -1, cancellation).ConfigureAwait(false);
            }
            catch (NoNodeException)
            {
                // Create it, then.
            }
            try
            {
                return (await CreateAsync(path, data, options, cancellation).ConfigureAwait(false)).Stat;
            }
            catch (NodeExistsException)
            {
                // Somebody was faster: set it.
            }
        }
    }

    /// <summary>
    /// Deletes a znode, and if so wished everything below it, children first. That is not one transaction: it may be
    /// seen half done, and what others create below it meanwhile is deleted, too.
    /// </summary>
    /// <param name="path">The znode's absolute path; not the root.</param>
    /// <param name="recursive">Whether what is below it goes, too.</param>
    /// <param name="cancellation">Stops it, perhaps half done.</param>
    /// <exception cref="ArgumentException">The path is the root.</exception>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="NotEmptyException">It has children, which are to stay.</exception>
    /// <exception cref="ConnectionLossException">
    /// It may have been deleted. Not thrown if recursive: then it is tried again, as it is to be gone anyhow.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task DeleteAsync(string path, bool recursive, CancellationToken cancellation = default)
    {
        if (!recursive)
        {
            await DeleteAsync(path, -1, cancellation).ConfigureAwait(false);
            return;
        }
        if (path == "/") throw new ArgumentException("The root cannot be deleted.", nameof(path));
        if (!await DeleteSubtreeAsync(path, cancellation).ConfigureAwait(false))
            throw ZabException.For(ZabError.NoNode, path);
    }

    /// <summary>
    /// The names of a znode's children, in ordinal order, a page at a time, so that there may be more than fit into one
    /// reply. A child that is there all the while is told once; one that comes or goes meanwhile may be told or not.
    /// </summary>
    /// <remarks>An Apache ZooKeeper has no pages: from it, all names are read at once.</remarks>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="pageSize">How many names to ask for at a time: 1 to 100,000.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The page size is another.</exception>
    /// <exception cref="NoNodeException">It does not exist, or has been deleted between two pages.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public IAsyncEnumerable<string> ReadChildrenAsync(
        string path, int pageSize = 1000, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, MostChildrenAtOnce);
        return ReadPagesAsync(path, pageSize, cancellation);
    }

    private async IAsyncEnumerable<string> ReadPagesAsync(
        string path, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        while (true)
        {
            var reply = await CallAsync(new GetChildrenPage(path, after, pageSize), cancellation).ConfigureAwait(false);
            if (reply is ErrorReply { Error: ZabError.Unimplemented }) break;
            var page = Expect<ChildrenPageReply>(reply, path);
            foreach (var name in page.Names) yield return name;
            if (!page.More || page.Names.Count == 0) yield break;
            after = page.Names[^1];
        }
        // Should other servers have answered until here, their names are known already.
        var all = await GetChildrenAsync(path, false, cancellation).ConfigureAwait(false);
        foreach (var name in all.Names)
            if (after is null || string.CompareOrdinal(name, after) > 0) yield return name;
    }

    private async Task<CreatedReply> CreateProtectedAsync(Create create, CancellationToken cancellation)
    {
        Guid? id = create.Mode.IsSequential() ? Guid.NewGuid() : null;
        var request = id is { } unique ? create with { Path = CreateProtection.Into(create.Path, unique) } : create;
        var before = _hub.LastZxid;
        while (true)
        {
            try
            {
                return await Ask<CreatedReply>(request, create.Path, cancellation).ConfigureAwait(false);
            }
            catch (ConnectionLossException)
            {
                // The next server may be behind the one that took the request.
                await SyncAsync(cancellation).ConfigureAwait(false);
                var done = id is { } known
                    ? await FindAsync(request, known, cancellation).ConfigureAwait(false)
                    : await JudgeAsync(request, before, cancellation).ConfigureAwait(false);
                if (done is not null) return done;
            }
        }
    }

    private async Task<CreatedReply?> FindAsync(Create create, Guid id, CancellationToken cancellation)
    {
        var slash = create.Path.LastIndexOf('/');
        var parent = slash == 0 ? "/" : create.Path[..slash];
        var reply = await CallAsync(new GetChildren(parent), cancellation).ConfigureAwait(false);
        if (reply is ErrorReply { Error: ZabError.NoNode }) return null;
        // Whoever may create a child need not be allowed to list them.
        if (reply is ErrorReply { Error: ZabError.NoAuth }) throw new ConnectionLossException(create.Path);
        var children = Expect<ChildrenReply>(reply, parent).Names;
        if (CreateProtection.Find(children, id) is not { } name) return null;
        var path = create.Path[..(slash + 1)] + name;
        return await ExistsAsync(path, false, cancellation).ConfigureAwait(false) is { } stat
            ? new CreatedReply(path, stat)
            : null;
    }

    private async Task<CreatedReply?> JudgeAsync(Create create, long before, CancellationToken cancellation)
    {
        var reply = await CallAsync(new GetData(create.Path), cancellation).ConfigureAwait(false);
        if (reply is ErrorReply { Error: ZabError.NoNode }) return null;
        if (reply is ErrorReply { Error: ZabError.NoAuth }) throw new ConnectionLossException(create.Path);
        var there = Expect<DataReply>(reply, create.Path);
        return CreateProtection.Judge(create, SessionId, before, there) switch
        {
            CreateFate.Done => new CreatedReply(create.Path, there.Stat),
            CreateFate.Refused => throw new NodeExistsException(create.Path),
            _ => throw new ConnectionLossException(create.Path),
        };
    }

    /// <summary>Creates a znode and whatever is missing above it. What exists already stays as it is.</summary>
    internal async Task EnsureAsync(
        string path, CreateMode mode, IReadOnlyList<Acl>? acl, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await CreateAsync(path, [], mode, acl, cancellation).ConfigureAwait(false);
                return;
            }
            catch (NodeExistsException)
            {
                return;
            }
            catch (NoNodeException) when (path.LastIndexOf('/') > 0)
            {
                await EnsureAsync(path[..path.LastIndexOf('/')], mode, acl, cancellation).ConfigureAwait(false);
            }
            catch (ConnectionLossException)
            {
                // Created or not: to try again tells.
            }
        }
    }

    /// <summary>Deletes a znode and everything below it.</summary>
    /// <returns>Whether there was anything to delete.</returns>
    internal async Task<bool> DeleteSubtreeAsync(string path, CancellationToken cancellation)
    {
        var found = false;
        while (true)
        {
            try
            {
                var names = (await GetChildrenAsync(path, false, cancellation).ConfigureAwait(false)).Names;
                found = true;
                var parent = path.Length == 1 ? path : path + '/';
                foreach (var chunk in names.Chunk(DeletesAtOnce))
                    await Task.WhenAll(chunk.Select(name => DeleteSubtreeAsync(parent + name, cancellation)))
                        .ConfigureAwait(false);
                await DeleteAsync(path, -1, cancellation).ConfigureAwait(false);
                return true;
            }
            catch (NoNodeException)
            {
                return found;
            }
            catch (ZabException e) when (e.Error is ZabError.NotEmpty or ZabError.ConnectionLoss)
            {
                // A child came meanwhile, or nobody knows what was done: look again.
            }
        }
    }
}
