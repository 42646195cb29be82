namespace Akka.Persistence.Sql.Db;

/// <summary>A kind of database: how it is named, opened and spoken to.</summary>
abstract class SqlProvider
{
    static readonly SqlProvider[] s_known =
    [
        new Sqlite.SqliteProvider(),
        new Postgres.PostgresProvider(identityColumns: true),
        new Postgres.PostgresProvider(identityColumns: false),
    ];

    /// <summary>The provider of that name in linq2db's list, or null.</summary>
    public static SqlProvider? Of(string name) => Array.Find(s_known, provider => provider.IsNamed(name));

    /// <summary>What is opened by a connection string; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">It is not a usable connection string; the message says why.</exception>
    public abstract SqlSource Parse(string connectionString);

    /// <summary>What is slower here than it could be, in a sentence, or null.</summary>
    public virtual string? Remark => null;

    /// <summary>A name of a table, column, index or schema in a statement.</summary>
    public abstract string Quote(string name);

    /// <summary>A table in a statement.</summary>
    public abstract string Table(string? schema, string name);

    /// <summary>The statements that create a table with its indexes where it is not there.</summary>
    public abstract string Create(TableDefinition table);

    protected abstract bool IsNamed(string name);
}

/// <summary>One database.</summary>
/// <param name="Key">Equal for connection strings that lead to the same database.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Open">Opens a connection.</param>
sealed record SqlSource(string Key, string Name, Func<SqlSession> Open);
