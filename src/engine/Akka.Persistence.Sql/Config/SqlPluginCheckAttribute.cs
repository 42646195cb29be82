using Akka.Configuration;

namespace Akka.Persistence.Sql.Config;

enum SqlPluginKind
{
    Journal,
    SnapshotStore,
}

/// <summary>Checks what a plug-in's constructor would trip over.</summary>
sealed class SqlPluginCheckAttribute(SqlPluginKind kind) : PluginCheckAttribute
{
    public override void Check(Configuration.Config config)
    {
        var settings = new PluginSettings(config.WithFallback(
            kind == SqlPluginKind.Journal
                ? SqlPersistence.DefaultJournalConfiguration
                : SqlPersistence.DefaultSnapshotConfiguration));
        try
        {
            settings.Provider.Parse(settings.ConnectionString);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException(
                $"{settings.PluginId}.connection-string is '{settings.ConnectionString}'. {e.Message}");
        }
    }
}
