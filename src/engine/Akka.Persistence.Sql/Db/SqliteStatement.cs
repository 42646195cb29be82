using SQLitePCL;

namespace Akka.Persistence.Sql.Db;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
sealed class SqliteStatement(SqliteSession session, sqlite3_stmt statement) : IDisposable
{
    public SqliteStatement Bind(int parameter, long value)
    {
        session.Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        session.Check(value is null
            ? raw.sqlite3_bind_null(statement, parameter)
            : raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, byte[] value)
    {
        // An empty span would be bound as NULL.
        session.Check(value.Length == 0
            ? raw.sqlite3_bind_zeroblob(statement, parameter, 0)
            : raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        var result = raw.sqlite3_step(statement);
        // The error's text is the connection's until its next call, so it is read before the reset.
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            throw ResetAfter(session.Failure(result));
        raw.sqlite3_reset(statement);
    }

    /// <summary>Steps to the next row; false after the last.</summary>
    public bool Next()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            throw ResetAfter(session.Failure(result));
        raw.sqlite3_reset(statement);
        return false;
    }

    /// <summary>Ends a query before its last row, and with it the transaction that the query read in.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>The only value of a query's only row, or null when there is no row or its value is NULL.</summary>
    public long? Scalar()
    {
        if (!Next())
            return null;
        long? value = IsNull(0) ? null : Long(0);
        Reset();
        return value;
    }

    public void Dispose() => statement.Dispose();

    SqliteFailure ResetAfter(SqliteFailure failure)
    {
        raw.sqlite3_reset(statement);
        return failure;
    }
}
