namespace Akka.Persistence.Sql.Config;

enum SqlPluginKind
{
    Journal,
    SnapshotStore,
}

/// <summary>Checks what a plug-in's constructor would trip over.</summary>
sealed class SqlPluginCheckAttribute(SqlPluginKind kind) : PluginCheckAttribute
{
    public override void Check(Configuration.Config config) =>
        _ = new PluginSettings(config.WithFallback(
            kind == SqlPluginKind.Journal
                ? SqlPersistence.DefaultJournalConfiguration
                : SqlPersistence.DefaultSnapshotConfiguration));
}
