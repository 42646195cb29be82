using SQLitePCL;

namespace Akka.Persistence.Sql.Db.Sqlite;

/// <summary>Why SQLite did not do what it was told, in one sentence that names the file.</summary>
sealed class SqliteFailure : SqlFailure
{
    readonly int _code;

    SqliteFailure(int code, string sentence) : base(sentence) => _code = code;

    public override bool ConcernsOneWrite =>
        _code is raw.SQLITE_CONSTRAINT or raw.SQLITE_ERROR or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH;

    public override bool IsFatalForConnection =>
        _code is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CANTOPEN
            or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL;

    public static SqliteFailure Of(int extendedCode, string message, string file, TimeSpan busyTimeout)
    {
        var code = extendedCode & 0xff;
        return new SqliteFailure(code, code switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                $"The database '{file}' is locked by another process; given up after {busyTimeout.TotalSeconds} s.",
            raw.SQLITE_FULL =>
                $"The disk that holds the database '{file}' is full; the transaction was rolled back.",
            raw.SQLITE_CORRUPT => $"The database '{file}' is damaged ({message}).",
            raw.SQLITE_NOTADB => $"'{file}' is not a SQLite database.",
            raw.SQLITE_CANTOPEN => $"The database '{file}' can't be opened or created.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM => $"The database '{file}' can't be written ({message}).",
            raw.SQLITE_IOERR =>
                $"Reading or writing the database '{file}' failed ({message}, SQLite code {extendedCode}).",
            raw.SQLITE_CONSTRAINT => $"The database '{file}' refused a row: {message}.",
            _ => $"SQLite failed on the database '{file}' with code {extendedCode}: {message}.",
        });
    }
}
