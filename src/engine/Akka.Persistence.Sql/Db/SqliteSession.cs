using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Persistence.Sql.Db;

/// <summary>
/// One connection with its prepared statements. It sets no pragma: the journal mode belongs to the file, and
/// synchronous stays at what SQLite was compiled with, which is FULL here.
/// </summary>
sealed class SqliteSession : IDisposable
{
    readonly SqliteConnection _connection;
    readonly sqlite3 _handle;
    readonly string _file;
    readonly TimeSpan _busyTimeout;
    readonly Dictionary<string, SqliteStatement> _statements = [];
    readonly HashSet<string> _schemas = [];

    SqliteSession(SqliteConnection connection, string file, TimeSpan busyTimeout)
    {
        _connection = connection;
        _handle = connection.Handle!;
        _file = file;
        _busyTimeout = busyTimeout;
        raw.sqlite3_extended_result_codes(_handle, 1);
        raw.sqlite3_busy_timeout(_handle, (int)busyTimeout.TotalMilliseconds);
    }

    public static SqliteSession Open(string connectionString, string file, TimeSpan busyTimeout)
    {
        Batteries_V2.Init();
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFailure.Of(e.SqliteExtendedErrorCode, e.Message, file, busyTimeout);
        }
        return new SqliteSession(connection, file, busyTimeout);
    }

    /// <summary>A statement of this connection, prepared at its first use.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known))
            return known;
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        return _statements[sql] = new SqliteStatement(this, handle);
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Creates tables and indexes that are not there, once for each connection.</summary>
    public void Ensure(string schema)
    {
        if (schema.Length == 0 || _schemas.Contains(schema))
            return;
        Transact(() => Execute(schema));
        _schemas.Add(schema);
    }

    /// <summary>Runs statements as one transaction: when it returns, all of them are durable.</summary>
    public void Transact(Action statements)
    {
        Prepare("BEGIN IMMEDIATE").Run();
        try
        {
            statements();
            Prepare("COMMIT").Run();
        }
        catch
        {
            // Some errors (a full disk, for one) have rolled back already.
            if (raw.sqlite3_get_autocommit(_handle) == 0)
                raw.sqlite3_exec(_handle, "ROLLBACK");
            throw;
        }
    }

    public int Changes => raw.sqlite3_changes(_handle);

    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(_handle);

    public void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    public SqliteFailure Failure(int result) =>
        SqliteFailure.Of(result, raw.sqlite3_errmsg(_handle).utf8_to_string() ?? "", _file, _busyTimeout);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }
}
