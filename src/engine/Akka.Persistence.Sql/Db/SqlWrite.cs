namespace Akka.Persistence.Sql.Db;

/// <summary>
/// Something to be written, with its callbacks, which run on the database's thread: they must be short. A write may be
/// applied more than once when the transaction around it fails; only the last time counts.
/// </summary>
abstract class SqlWrite(string schema)
{
    /// <summary>The tables that it needs.</summary>
    public string Schema { get; } = schema;

    /// <summary>False for what only waits for its turn: it needs no transaction.</summary>
    public virtual bool HasRows => true;

    public abstract void Apply(SqlSession session);

    /// <summary>What was applied is durable.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of it is written.</summary>
    public abstract void Fail(Exception cause);
}

/// <summary>A write whose end is a task; without statements, it ends when everything before it has.</summary>
sealed class SqlTask(string schema, Action<SqlSession>? statements) : SqlWrite(schema)
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _done.Task;

    public override bool HasRows => statements is not null;

    public override void Apply(SqlSession session) => statements?.Invoke(session);

    public override void Succeed() => _done.TrySetResult();

    public override void Fail(Exception cause) => _done.TrySetException(cause);
}
