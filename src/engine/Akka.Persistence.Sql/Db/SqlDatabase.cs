using Akka.Dispatch;

namespace Akka.Persistence.Sql.Db;

/// <summary>
/// One database. A thread of its own takes every write that has been asked for and commits all of them in one
/// transaction, so that a sync of the disk is shared by whatever arrived during the one before. Reads go through a
/// second connection. Plug-ins that name the same database share it.
/// </summary>
sealed class SqlDatabase
{
    /// <summary>
    /// How long a statement may wait at most: longer than any healthy neighbour holds a lock, shorter than the circuit
    /// breaker's call-timeout, so that a write that is given up on has ended.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    static readonly Dictionary<string, SqlDatabase> s_open = [];

    readonly SqlSource _source;
    readonly object _gate = new();
    readonly Lock _readGate = new();
    readonly Thread _thread;
    List<SqlWrite> _queue = [];
    bool _closing;
    int _users;
    SqlSession? _writer;
    SqlSession? _reader;

    SqlDatabase(SqlSource source)
    {
        _source = source;
        _thread = new Thread(Run) { IsBackground = true, Name = $"sql {Path.GetFileName(source.Name)}" };
        _thread.Start();
    }

    /// <summary>The database of a connection string. Nothing is opened before its first use.</summary>
    public static SqlDatabase Acquire(SqlProvider provider, string connectionString)
    {
        var source = provider.Parse(connectionString);
        lock (s_open)
        {
            if (!s_open.TryGetValue(source.Key, out var database))
                s_open[source.Key] = database = new SqlDatabase(source);
            database._users++;
            return database;
        }
    }

    /// <summary>
    /// The caller needs the database no longer; when nobody does, it is closed after its last write. The file is free
    /// when this returns, unless a write takes extraordinarily long.
    /// </summary>
    public void Release()
    {
        lock (s_open)
        {
            if (--_users > 0)
                return;
            s_open.Remove(_source.Key);
        }
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        // A dispatcher may run the caller on the database's own thread, inside a write's callback.
        if (Thread.CurrentThread != _thread)
            _thread.Join(LongestWait);
    }

    /// <summary>Takes a write to the next transaction. The write's own callbacks tell how it went.</summary>
    public void Write(SqlWrite write)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _queue.Add(write);
                if (_queue.Count == 1)
                    Monitor.Pulse(_gate);
                return;
            }
        }
        write.Fail(new ObjectDisposedException(
            _source.Name, $"The database '{_source.Name}' has been closed."));
    }

    /// <summary>Runs statements in the next transaction and ends when they are durable.</summary>
    public Task Write(string schema, Action<SqlSession> statements) => Add(new SqlTask(schema, statements));

    /// <summary>Ends when every write that was asked for before has ended, and the tables are there.</summary>
    public Task Settled(string schema) => Add(new SqlTask(schema, null));

    /// <summary>Runs a query on the connection for reads, off the caller's thread.</summary>
    public Task<T> Read<T>(Func<SqlSession, T> query) => Task.Run(() =>
    {
        lock (_readGate)
        {
            var reused = _reader is not null;
            try
            {
                return Query(query);
            }
            catch (SqlFailure failure) when (reused && failure.IsLostConnection)
            {
                return Query(query);
            }
            finally
            {
                if (Volatile.Read(ref _closing))
                    Close(ref _reader);
            }
        }
    });

    T Query<T>(Func<SqlSession, T> query)
    {
        _reader ??= _source.Open();
        try
        {
            return query(_reader);
        }
        catch (Exception e) when (e is not SqlFailure { IsFatalForConnection: false })
        {
            // Also after what is not the database's: the query may have been left in the middle of a transaction.
            Close(ref _reader);
            throw;
        }
    }

    Task Add(SqlTask task)
    {
        Write(task);
        return task.Task;
    }

    void Run()
    {
        List<SqlWrite> batch = [];
        while (true)
        {
            lock (_gate)
            {
                while (_queue.Count == 0 && !_closing)
                    Monitor.Wait(_gate);
                if (_queue.Count == 0)
                    break;
                (batch, _queue) = (_queue, batch);
            }
            Commit(batch);
            batch.Clear();
        }
        Close(ref _writer);
        lock (_readGate)
            Close(ref _reader);
    }

    void Commit(List<SqlWrite> batch)
    {
        if (TryCommit(batch) is not { } failure)
            return;
        if (failure is SqlFailure { ConcernsOneWrite: true } && batch.Count > 1)
        {
            // The others must not suffer for it.
            foreach (var write in batch)
                if (TryCommit([write]) is { } own)
                    write.Fail(own);
            return;
        }
        foreach (var write in batch)
            write.Fail(failure);
    }

    Exception? TryCommit(List<SqlWrite> batch)
    {
        while (true)
        {
            var reused = _writer is not null;
            try
            {
                Apply(batch, _writer ??= _source.Open());
                break;
            }
            catch (Exception e)
            {
                // Also what is not the database's: an exception here must fail the writes, not end the process.
                var again = reused && e is SqlFailure { IsLostConnection: true } && _writer is { IsCommitting: false };
                if (e is not SqlFailure { IsFatalForConnection: false })
                    Close(ref _writer);
                // A connection that was lost since its last use is no reason to fail: nothing of this is written yet.
                if (!again)
                    return e;
            }
        }
        Tell(batch);
        return null;
    }

    /// <summary>
    /// Tells that the writes are durable. While nothing else waits to be written, this thread goes on with the actor that
    /// is told, as far as that actor allows it.
    /// </summary>
    void Tell(List<SqlWrite> batch)
    {
        var opened = HandOver.Open();
        try
        {
            foreach (var write in batch)
                write.Succeed();
        }
        finally
        {
            if (opened)
                HandOver.Close(runHere: Volatile.Read(ref _queue).Count == 0);
        }
    }

    static void Apply(List<SqlWrite> batch, SqlSession session)
    {
        var rows = false;
        foreach (var write in batch)
        {
            session.Ensure(write.Schema);
            rows |= write.HasRows;
        }
        if (rows)
            session.Transact(() =>
            {
                foreach (var write in batch)
                    write.Apply(session);
            });
    }

    static void Close(ref SqlSession? session)
    {
        session?.Dispose();
        session = null;
    }
}
