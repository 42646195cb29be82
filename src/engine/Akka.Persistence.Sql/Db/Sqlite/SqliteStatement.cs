using SQLitePCL;

namespace Akka.Persistence.Sql.Db.Sqlite;

sealed class SqliteStatement(SqliteSession session, sqlite3_stmt statement) : SqlStatement
{
    public override SqlStatement Bind(int parameter, long value)
    {
        session.Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    public override SqlStatement Bind(int parameter, string? value)
    {
        session.Check(value is null
            ? raw.sqlite3_bind_null(statement, parameter)
            : raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    public override SqlStatement Bind(int parameter, byte[] value)
    {
        // An empty span would be bound as NULL.
        session.Check(value.Length == 0
            ? raw.sqlite3_bind_zeroblob(statement, parameter, 0)
            : raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    public override int Run()
    {
        Add();
        return session.Changes;
    }

    public override void Add()
    {
        var result = raw.sqlite3_step(statement);
        // The error's text is the connection's until its next call, so it is read before the reset.
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            throw ResetAfter(session.Failure(result));
        raw.sqlite3_reset(statement);
    }

    public override bool Next()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            throw ResetAfter(session.Failure(result));
        raw.sqlite3_reset(statement);
        return false;
    }

    public override void Reset() => raw.sqlite3_reset(statement);

    public override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public override long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public override string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public override byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public override void Dispose() => statement.Dispose();

    SqliteFailure ResetAfter(SqliteFailure failure)
    {
        raw.sqlite3_reset(statement);
        return failure;
    }
}
