using Npgsql;

namespace Akka.Persistence.Sql.Db.Postgres;

/// <summary>
/// A connection to a PostgreSQL server. What a transaction adds travels in few round trips, and its commit in one more.
/// It changes no setting of the session: what is durable is for the server's configuration to say.
/// </summary>
sealed class PostgresSession : SqlSession
{
    /// <summary>Statements that are gathered before they are sent.</summary>
    const int MostPending = 512;

    /// <summary>Bytes of values likewise.</summary>
    const int MostPendingBytes = 4 << 20;

    readonly NpgsqlConnection _connection;
    readonly string _name;
    readonly List<NpgsqlBatchCommand> _pending = [];
    NpgsqlTransaction? _transaction;
    int _pendingBytes;

    PostgresSession(NpgsqlConnection connection, string name)
    {
        _connection = connection;
        _name = name;
    }

    public static PostgresSession Open(string connectionString, string name)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
        }
        catch (Exception e) when (PostgresFailure.IsTheServers(e))
        {
            connection.Dispose();
            throw PostgresFailure.Of(e, name, isOpening: true);
        }
        return new PostgresSession(connection, name);
    }

    public override void Execute(string sql)
    {
        using var command = Command(sql);
        Guard(command.ExecuteNonQuery);
    }

    public NpgsqlCommand Command(string sql) => new(sql, _connection, _transaction);

    public void Add(NpgsqlBatchCommand command, int bytes)
    {
        _pending.Add(command);
        _pendingBytes += bytes;
        if (_pending.Count >= MostPending || _pendingBytes >= MostPendingBytes)
            Flush();
    }

    /// <summary>Runs what was added before, then this.</summary>
    public T Guard<T>(Func<T> call)
    {
        Flush();
        return Translate(call);
    }

    public override void Dispose()
    {
        base.Dispose();
        _transaction?.Dispose();
        _connection.Dispose();
    }

    protected override SqlStatement PrepareNew(string sql) =>
        new PostgresStatement(this, sql.Replace('?', '$'), sql.Count(c => c == '?'));

    protected override void Begin() => _transaction = Translate(() => _connection.BeginTransaction());

    protected override void Flush()
    {
        if (_pending.Count == 0)
            return;
        using var batch = new NpgsqlBatch(_connection, _transaction);
        foreach (var command in _pending)
            batch.BatchCommands.Add(command);
        _pending.Clear();
        _pendingBytes = 0;
        Translate(batch.ExecuteNonQuery);
    }

    protected override void Commit()
    {
        var transaction = _transaction!;
        Translate(() =>
        {
            transaction.Commit();
            return true;
        });
        transaction.Dispose();
        _transaction = null;
    }

    protected override void Rollback()
    {
        _pending.Clear();
        _pendingBytes = 0;
        try
        {
            _transaction?.Rollback();
        }
        catch (Exception e) when (PostgresFailure.IsTheServers(e) || e is InvalidOperationException)
        {
            // It ended with the connection, or the server rolled it back already; the next statement tells.
        }
        _transaction?.Dispose();
        _transaction = null;
    }

    T Translate<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (PostgresFailure.IsTheServers(e))
        {
            throw PostgresFailure.Of(e, _name, isOpening: false);
        }
    }
}
