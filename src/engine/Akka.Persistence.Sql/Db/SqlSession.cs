namespace Akka.Persistence.Sql.Db;

/// <summary>One connection with its prepared statements.</summary>
abstract class SqlSession : IDisposable
{
    readonly Dictionary<string, SqlStatement> _statements = [];
    readonly HashSet<string> _schemas = [];

    /// <summary>The end of a transaction was asked for: if that failed, its outcome is not known.</summary>
    public bool IsCommitting { get; private set; }

    /// <summary>A statement of this connection, prepared at its first use. Parameters are written ?1, ?2, ...</summary>
    public SqlStatement Prepare(string sql) =>
        _statements.TryGetValue(sql, out var known) ? known : _statements[sql] = PrepareNew(sql);

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
        IsCommitting = false;
        Begin();
        try
        {
            statements();
            Flush();
            IsCommitting = true;
            Commit();
            IsCommitting = false;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Runs statements without parameters.</summary>
    public abstract void Execute(string sql);

    public virtual void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    protected abstract SqlStatement PrepareNew(string sql);

    protected abstract void Begin();

    /// <summary>Runs what was added and not yet run.</summary>
    protected virtual void Flush()
    {
    }

    protected abstract void Commit();

    /// <summary>Undoes the transaction, whatever state it is in; never throws.</summary>
    protected abstract void Rollback();
}
