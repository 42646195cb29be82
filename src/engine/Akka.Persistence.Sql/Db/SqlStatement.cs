namespace Akka.Persistence.Sql.Db;

/// <summary>
/// A prepared statement. Parameters count from 1, columns from 0. What a parameter was bound to stays bound.
/// </summary>
abstract class SqlStatement : IDisposable
{
    public abstract SqlStatement Bind(int parameter, long value);

    public abstract SqlStatement Bind(int parameter, string? value);

    public abstract SqlStatement Bind(int parameter, byte[] value);

    /// <summary>
    /// Runs a statement that returns no rows, now or together with others before the transaction ends; what is wrong
    /// with it may be thrown only then.
    /// </summary>
    public abstract void Add();

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public abstract int Run();

    /// <summary>Steps to the next row; false after the last.</summary>
    public abstract bool Next();

    /// <summary>Ends a query before its last row, and with it the transaction that the query read in.</summary>
    public abstract void Reset();

    public abstract bool IsNull(int column);

    public abstract long Long(int column);

    public abstract string Text(int column);

    public abstract byte[] Blob(int column);

    /// <summary>The only value of a query's only row, or null when there is no row or its value is NULL.</summary>
    public long? Scalar()
    {
        if (!Next())
            return null;
        long? value = IsNull(0) ? null : Long(0);
        Reset();
        return value;
    }

    public abstract void Dispose();
}
