using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Db;

/// <summary>
/// One database file. A thread of its own takes every write that has been asked for and commits all of them in one
/// transaction, so that a sync of the disk is shared by whatever arrived during the one before. Reads go through a
/// second connection. Plug-ins that name the same file share it.
/// </summary>
sealed class SqliteDatabase
{
    static readonly Dictionary<string, SqliteDatabase> s_open = [];

    // Longer than any healthy neighbour holds the lock, shorter than the circuit breaker's call-timeout: a write that
    // is given up has then certainly not been made.
    static readonly TimeSpan s_longestBusyTimeout = TimeSpan.FromSeconds(5);

    readonly string _connectionString;
    readonly string _file;
    readonly string _key;
    readonly TimeSpan _busyTimeout;
    readonly object _gate = new();
    readonly Lock _readGate = new();
    readonly Thread _thread;
    List<SqliteWrite> _queue = [];
    bool _closing;
    int _users;
    SqliteSession? _writer;
    SqliteSession? _reader;

    SqliteDatabase(string key, SqliteConnectionStringBuilder options)
    {
        _key = key;
        _file = options.DataSource;
        _connectionString = options.ConnectionString;
        var timeout = TimeSpan.FromSeconds(options.DefaultTimeout);
        _busyTimeout = timeout == TimeSpan.Zero || timeout > s_longestBusyTimeout ? s_longestBusyTimeout : timeout;
        _thread = new Thread(Run) { IsBackground = true, Name = $"sqlite {Path.GetFileName(_file)}" };
        _thread.Start();
    }

    /// <summary>The database of a connection string. Nothing is opened before its first use.</summary>
    public static SqliteDatabase Acquire(string connectionString)
    {
        var options = Parse(connectionString);
        var key = options.DataSource.StartsWith("file:", StringComparison.Ordinal)
            ? options.DataSource
            : Path.GetFullPath(options.DataSource);
        lock (s_open)
        {
            if (!s_open.TryGetValue(key, out var database))
                s_open[key] = database = new SqliteDatabase(key, options);
            database._users++;
            return database;
        }
    }

    /// <exception cref="ArgumentException">It is not the connection string of a file.</exception>
    public static SqliteConnectionStringBuilder Parse(string connectionString)
    {
        // Pooled connections would hold the file open after the plug-in has stopped.
        var options = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        return options.DataSource.Length > 0 && options.DataSource != ":memory:"
            && options.Mode != SqliteOpenMode.Memory
                ? options
                : throw new ArgumentException(
                    "It must name a file: a database in memory belongs to one connection " +
                    "(akka.persistence.journal.inmem is a journal that need not last).");
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
            s_open.Remove(_key);
        }
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        // A dispatcher may run the caller on the database's own thread, inside a write's callback.
        if (Thread.CurrentThread != _thread)
            _thread.Join(s_longestBusyTimeout);
    }

    /// <summary>Takes a write to the next transaction. The write's own callbacks tell how it went.</summary>
    public void Write(SqliteWrite write)
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
        write.Fail(new ObjectDisposedException(_file, $"The database '{_file}' has been closed."));
    }

    /// <summary>Runs statements in the next transaction and ends when they are durable.</summary>
    public Task Write(string schema, Action<SqliteSession> statements) => Add(new SqliteTask(schema, statements));

    /// <summary>Ends when every write that was asked for before has ended, and the tables are there.</summary>
    public Task Settled(string schema) => Add(new SqliteTask(schema, null));

    /// <summary>Runs a query on the connection for reads, off the caller's thread.</summary>
    public Task<T> Read<T>(Func<SqliteSession, T> query) => Task.Run(() =>
    {
        lock (_readGate)
        {
            _reader ??= Open();
            try
            {
                return query(_reader);
            }
            catch (Exception e) when (e is not SqliteFailure { IsFatalForConnection: false })
            {
                // Also after what is not SQLite's: the query may have been left in the middle of a transaction.
                Close(ref _reader);
                throw;
            }
            finally
            {
                if (Volatile.Read(ref _closing))
                    Close(ref _reader);
            }
        }
    });

    Task Add(SqliteTask task)
    {
        Write(task);
        return task.Task;
    }

    void Run()
    {
        List<SqliteWrite> batch = [];
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

    void Commit(List<SqliteWrite> batch)
    {
        if (TryCommit(batch) is not { } failure)
            return;
        if (failure is SqliteFailure { ConcernsOneWrite: true } && batch.Count > 1)
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

    Exception? TryCommit(List<SqliteWrite> batch)
    {
        try
        {
            var session = _writer ??= Open();
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
        catch (Exception e)
        {
            // Also what is not SQLite's: an exception here must fail the writes, not end the process.
            if (e is not SqliteFailure { IsFatalForConnection: false })
                Close(ref _writer);
            return e;
        }
        foreach (var write in batch)
            write.Succeed();
        return null;
    }

    SqliteSession Open() => SqliteSession.Open(_connectionString, _file, _busyTimeout);

    static void Close(ref SqliteSession? session)
    {
        session?.Dispose();
        session = null;
    }
}
