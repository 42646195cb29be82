namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>The SQL plug-ins pass the tests of the ones in memory, on each kind of database.</summary>
public abstract class SqlRecoveryTests(SqlTestDatabase database) : RecoveryTests(database.Configuration())
{
    protected override void AfterAll()
    {
        base.AfterAll();
        database.Dispose();
    }
}

public abstract class SqlSnapshotStoreTests(SqlTestDatabase database)
    : SnapshotStoreTests(database.Configuration(), "akka.persistence.snapshot-store.sql")
{
    protected override void AfterAll()
    {
        base.AfterAll();
        database.Dispose();
    }
}

public sealed class SqliteRecoveryTests() : SqlRecoveryTests(new SqliteTestDatabase());

public sealed class SqliteSnapshotStoreTests() : SqlSnapshotStoreTests(new SqliteTestDatabase());

[Collection(PostgresCollection.Name)]
public sealed class PostgresRecoveryTests(PostgresFixture fixture)
    : SqlRecoveryTests(new PostgresTestDatabase(fixture));

[Collection(PostgresCollection.Name)]
public sealed class PostgresSnapshotStoreTests(PostgresFixture fixture)
    : SqlSnapshotStoreTests(new PostgresTestDatabase(fixture));
