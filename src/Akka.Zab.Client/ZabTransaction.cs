namespace Akka.Zab.Client;

/// <summary>What an operation of a <see cref="ZabTransaction"/> gave; known when that is committed.</summary>
/// <typeparam name="T">What the operation gives.</typeparam>
public sealed class TransactionResult<T>
{
    private T _value = default!;
    private bool _known;

    internal TransactionResult()
    {
    }

    /// <summary>What it gave.</summary>
    /// <exception cref="InvalidOperationException">The transaction is not committed, or has failed.</exception>
    public T Value =>
        _known ? _value : throw new InvalidOperationException("The transaction of this operation is not committed.");

    internal void Set(T value)
    {
        _value = value;
        _known = true;
    }
}

/// <summary>
/// Operations that are done all or none, as one transaction, in the order in which they are added: each sees what those
/// before it did.
/// <code>
/// await zab.Transaction()
///     .Check("/accounts", version: 7)
///     .Set("/accounts/a", low, out var a)
///     .Create("/log/entry-", text, out var entry, CreateMode.PersistentSequential)
///     .CommitAsync();
/// Console.WriteLine(entry.Value.Path);
/// </code>
/// </summary>
/// <remarks>Not thread-safe, and for one commit: begin another for the next.</remarks>
public sealed class ZabTransaction
{
    private readonly ZabClient _zab;
    private readonly List<WriteRequest> _operations = [];
    private readonly List<Action<Reply>?> _results = [];
    private bool _sent;

    internal ZabTransaction(ZabClient zab) => _zab = zab;

    /// <summary>How many operations it has.</summary>
    public int Count => _operations.Count;

    /// <summary>Create a znode.</summary>
    /// <param name="path">Its absolute path; for a sequential mode without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="mode">Its kind; not one with a time to live.</param>
    /// <param name="acl">Its access control list; null for one that is open to everybody.</param>
    /// <returns>This transaction.</returns>
    public ZabTransaction Create(
        string path, byte[]? data, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null) =>
        Create(path, data, out _, mode, acl);

    /// <summary>Create a znode, and tell which it is.</summary>
    /// <param name="path">Its absolute path; for a sequential mode without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="created">
    /// Its path and stat; an Apache ZooKeeper before 3.9 leaves the stat out, and all of it is 0.
    /// </param>
    /// <param name="mode">Its kind; not one with a time to live.</param>
    /// <param name="acl">Its access control list; null for one that is open to everybody.</param>
    /// <returns>This transaction.</returns>
    public ZabTransaction Create(
        string path, byte[]? data, out TransactionResult<CreatedReply> created,
        CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null)
    {
        var result = created = new TransactionResult<CreatedReply>();
        return Add(
            new Create(path, data, acl ?? Acl.Open, mode),
            reply => result.Set(ZabClient.Expect<CreatedReply>(reply, path)));
    }

    /// <summary>Set a znode's data.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="data">The new data; null and empty differ.</param>
    /// <param name="version">The expected version, or -1 for any.</param>
    /// <returns>This transaction.</returns>
    public ZabTransaction Set(string path, byte[]? data, int version = -1) => Set(path, data, out _, version);

    /// <summary>Set a znode's data, and tell its stat after it.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="data">The new data; null and empty differ.</param>
    /// <param name="stat">The stat.</param>
    /// <param name="version">The expected version, or -1 for any.</param>
    /// <returns>This transaction.</returns>
    public ZabTransaction Set(string path, byte[]? data, out TransactionResult<Stat> stat, int version = -1)
    {
        var result = stat = new TransactionResult<Stat>();
        return Add(
            new SetData(path, data, version), reply => result.Set(ZabClient.Expect<StatReply>(reply, path).Stat));
    }

    /// <summary>Delete a znode that has no children.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="version">The expected version of its data, or -1 for any.</param>
    /// <returns>This transaction.</returns>
    public ZabTransaction Delete(string path, int version = -1) => Add(new Delete(path, version), null);

    /// <summary>Go on only if a znode exists, with this version.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="version">The expected version of its data, or -1 for any.</param>
    /// <returns>This transaction.</returns>
    public ZabTransaction Check(string path, int version = -1) => Add(new Check(path, version), null);

    /// <summary>Does it all, or nothing.</summary>
    /// <param name="cancellation">Stops the waiting; it may still be done.</param>
    /// <exception cref="ZabMultiException">
    /// One operation failed, and nothing was done: <see cref="ZabMultiException.Operation"/> says which, the path is
    /// its znode's, and the inner exception is what it would have thrown alone.
    /// </exception>
    /// <exception cref="ConnectionLossException">
    /// All of it may have been done, or nothing; it is not tried again. To be able to tell, let it create something
    /// with a name that nothing else has.
    /// </exception>
    /// <exception cref="InvalidOperationException">It has been committed, or tried, before.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task CommitAsync(CancellationToken cancellation = default)
    {
        if (_sent) throw new InvalidOperationException("A transaction is for one commit: begin another.");
        _sent = true;
        var replies = await _zab.MultiAsync(_operations, cancellation).ConfigureAwait(false);
        for (var i = 0; i < _results.Count; i++) _results[i]?.Invoke(replies[i]);
    }

    private ZabTransaction Add(WriteRequest operation, Action<Reply>? told)
    {
        if (_sent) throw new InvalidOperationException("A transaction is for one commit: begin another.");
        _operations.Add(operation);
        _results.Add(told);
        return this;
    }
}
