namespace Akka.Zab.Client;

/// <summary>Znodes: created, read, set, listed, deleted.</summary>
public sealed partial class ZabClient
{
    /// <summary>Creates a znode.</summary>
    /// <param name="path">Its absolute path; for a sequential mode without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="mode">Its kind.</param>
    /// <param name="acl">Its access control list; null for one that is open to everybody.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The path, with the counter if sequential, and the stat.</returns>
    /// <exception cref="NodeExistsException">It exists already.</exception>
    /// <exception cref="NoNodeException">Its parent does not exist.</exception>
    /// <exception cref="NoChildrenForEphemeralsException">Its parent is ephemeral.</exception>
    /// <exception cref="InvalidAclException">The ACL is empty, or not legal.</exception>
    /// <exception cref="QuotaExceededException">A hard quota would be exceeded.</exception>
    /// <exception cref="ConnectionLossException">
    /// It may have been created; <see cref="CreateOptions.Protected"/> answers whether it was.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<CreatedReply> CreateAsync(
        string path, byte[]? data, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null,
        CancellationToken cancellation = default) =>
        await Ask<CreatedReply>(new Create(path, data, acl ?? Acl.Open, mode), path, cancellation)
            .ConfigureAwait(false);

    /// <summary>
    /// Creates a znode that is deleted when it has been childless and its data has not been set for a time.
    /// </summary>
    /// <param name="path">Its absolute path; if sequential, without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="timeToLive">1 ms to about 34 years. Servers look once in <c>container.check-interval</c>.</param>
    /// <param name="sequential">Whether the parent's counter is appended to its name.</param>
    /// <param name="acl">Its access control list; null for one that is open to everybody.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The path, with the counter if sequential, and the stat.</returns>
    /// <exception cref="UnimplementedException">The servers do not have <c>extended-types</c> on.</exception>
    /// <exception cref="BadArgumentsException">The time to live is out of its range.</exception>
    /// <exception cref="ConnectionLossException">It may have been created.</exception>
    /// <exception cref="ZabException">As for every create.</exception>
    public async Task<CreatedReply> CreateWithTimeToLiveAsync(
        string path, byte[]? data, TimeSpan timeToLive, bool sequential = false, IReadOnlyList<Acl>? acl = null,
        CancellationToken cancellation = default)
    {
        var mode = sequential ? CreateMode.PersistentSequentialWithTtl : CreateMode.PersistentWithTtl;
        var ms = (long)timeToLive.TotalMilliseconds;
        var create = new Create(path, data, acl ?? Acl.Open, mode) { TimeToLiveMs = ms };
        return await Ask<CreatedReply>(create, path, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads data and stat.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="watch">Leave a one-shot watch on its data.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<DataReply> GetDataAsync(
        string path, bool watch = false, CancellationToken cancellation = default) =>
        await Ask<DataReply>(new GetData(path, Kept(watch)), path, cancellation).ConfigureAwait(false);

    /// <summary>Sets a znode's data.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="data">The new data; null and empty differ.</param>
    /// <param name="version">The expected version, or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The stat after it.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="BadVersionException">It has another version.</exception>
    /// <exception cref="QuotaExceededException">A hard quota would be exceeded.</exception>
    /// <exception cref="ConnectionLossException">
    /// The data may have been set. With an expected version, a read tells: it was not if the version is still that one.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<Stat> SetDataAsync(
        string path, byte[]? data, int version = -1, CancellationToken cancellation = default) =>
        (await Ask<StatReply>(new SetData(path, data, version), path, cancellation).ConfigureAwait(false)).Stat;

    /// <summary>Deletes a znode that has no children.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="version">The expected version of its data, or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="BadVersionException">Its data has another version.</exception>
    /// <exception cref="NotEmptyException">It has children.</exception>
    /// <exception cref="ConnectionLossException">It may have been deleted.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public Task DeleteAsync(string path, int version = -1, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new Delete(path, version), path, cancellation);

    /// <summary>The stat of a znode, or null if it does not exist.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="watch">Leave a one-shot watch: on its data if it exists, on its creation if not.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<Stat?> ExistsAsync(string path, bool watch = false, CancellationToken cancellation = default)
    {
        var reply = await CallAsync(new Exists(path, Kept(watch)), cancellation).ConfigureAwait(false);
        return reply is ErrorReply { Error: ZabError.NoNode } ? null : Expect<StatReply>(reply, path).Stat;
    }

    /// <summary>The names of a znode's children, in ordinal order, and its stat.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="watch">Leave a one-shot watch on the list of children.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<ChildrenReply> GetChildrenAsync(
        string path, bool watch = false, CancellationToken cancellation = default) =>
        await Ask<ChildrenReply>(new GetChildren(path, Kept(watch)), path, cancellation).ConfigureAwait(false);

    /// <summary>Some of a znode's children, in the order of their names.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="after">The name after which to begin, whether it is there or not; null for the first page.</param>
    /// <param name="limit">How many names at most: 1 to 100,000.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="UnimplementedException">
    /// The server is an Apache ZooKeeper; <see cref="ReadChildrenAsync"/> does without.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<ChildrenPageReply> GetChildrenPageAsync(
        string path, string? after = null, int limit = 1000, CancellationToken cancellation = default) =>
        await Ask<ChildrenPageReply>(new GetChildrenPage(path, after, limit), path, cancellation).ConfigureAwait(false);

    /// <summary>The ephemeral znodes of this session, in ordinal order of their paths.</summary>
    /// <param name="prefix">What their paths begin with; <c>/</c> for all of them.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<IReadOnlyList<string>> GetEphemeralsAsync(
        string prefix = "/", CancellationToken cancellation = default) =>
        (await Ask<PathsReply>(new GetEphemerals(prefix), null, cancellation).ConfigureAwait(false)).Paths;

    /// <summary>How many znodes there are below this one, at whatever depth.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<int> GetAllChildrenNumberAsync(string path, CancellationToken cancellation = default) =>
        (await Ask<CountReply>(new GetAllChildrenNumber(path), path, cancellation).ConfigureAwait(false)).Count;
}
