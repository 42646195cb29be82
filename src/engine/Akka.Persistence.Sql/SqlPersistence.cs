using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>The default configuration of the SQL plug-ins, and the extension that adds it to a system.</summary>
public sealed class SqlPersistence : IExtension
{
    public const string JournalConfigPath = "akka.persistence.journal.sql";
    public const string SnapshotStoreConfigPath = "akka.persistence.snapshot-store.sql";

    public static readonly Configuration.Config DefaultConfiguration =
        ConfigurationFactory.FromResource<SqlPersistence>("Akka.Persistence.Sql.persistence.conf");

    public static readonly Configuration.Config DefaultJournalConfiguration =
        DefaultConfiguration.GetConfig(JournalConfigPath);

    public static readonly Configuration.Config DefaultSnapshotConfiguration =
        DefaultConfiguration.GetConfig(SnapshotStoreConfigPath);

    public readonly Configuration.Config DefaultConfig = DefaultConfiguration;
    public readonly Configuration.Config DefaultJournalConfig = DefaultJournalConfiguration;
    public readonly Configuration.Config DefaultSnapshotConfig = DefaultSnapshotConfiguration;

    public SqlPersistence(ActorSystem system) => system.Settings.InjectTopLevelFallback(DefaultConfiguration);

    public static SqlPersistence Get(ActorSystem system) =>
        (SqlPersistence)system.RegisterExtension(new SqlPersistenceProvider());
}

/// <summary>The extension's id.</summary>
public sealed class SqlPersistenceProvider : ExtensionIdProvider<SqlPersistence>
{
    public override SqlPersistence CreateExtension(ExtendedActorSystem system) => new(system);
}
