namespace Akka.Persistence.Sql.Db;

/// <summary>Why a database did not do what it was told, in one sentence that names the database.</summary>
abstract class SqlFailure(string sentence) : Exception(sentence)
{
    /// <summary>A statement is at fault (by a duplicate key, a missing table), not the database.</summary>
    public abstract bool ConcernsOneWrite { get; }

    /// <summary>After this the connection is closed and the next use opens another.</summary>
    public abstract bool IsFatalForConnection { get; }

    /// <summary>The server ended the connection, perhaps long before this use of it.</summary>
    public virtual bool IsLostConnection => false;
}
