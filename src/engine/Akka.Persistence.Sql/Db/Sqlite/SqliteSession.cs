using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Persistence.Sql.Db.Sqlite;

/// <summary>
/// A connection to an SQLite file. It sets no pragma: the journal mode belongs to the file, and
/// synchronous stays at what SQLite was compiled with, which is FULL here.
/// </summary>
sealed class SqliteSession : SqlSession
{
    readonly sqlite3 _handle;
    readonly string _file;
    readonly TimeSpan _busyTimeout;

    SqliteSession(SqliteConnection connection, string file, TimeSpan busyTimeout)
    {
        Connection = connection;
        _handle = connection.Handle!;
        _file = file;
        _busyTimeout = busyTimeout;
        raw.sqlite3_extended_result_codes(_handle, 1);
        raw.sqlite3_busy_timeout(_handle, (int)busyTimeout.TotalMilliseconds);
    }

    public SqliteConnection Connection { get; }

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

    public override void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public int Changes => raw.sqlite3_changes(_handle);

    public void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    public SqliteFailure Failure(int result) =>
        SqliteFailure.Of(result, raw.sqlite3_errmsg(_handle).utf8_to_string() ?? "", _file, _busyTimeout);

    public override void Dispose()
    {
        base.Dispose();
        Connection.Dispose();
    }

    protected override SqlStatement PrepareNew(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        return new SqliteStatement(this, handle);
    }

    protected override void Begin() => Prepare("BEGIN IMMEDIATE").Run();

    protected override void Commit() => Prepare("COMMIT").Run();

    protected override void Rollback()
    {
        // Some errors (a full disk, for one) have rolled back already.
        if (raw.sqlite3_get_autocommit(_handle) == 0)
            raw.sqlite3_exec(_handle, "ROLLBACK");
    }
}
