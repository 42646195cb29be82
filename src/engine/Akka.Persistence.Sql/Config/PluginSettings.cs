using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Sql.Db;

namespace Akka.Persistence.Sql.Config;

/// <summary>What a journal and a snapshot store are configured with alike.</summary>
sealed class PluginSettings
{
    public PluginSettings(Configuration.Config config)
    {
        PluginId = config.GetString("plugin-id", "akka.persistence.sql");
        ConnectionString = config.GetString("connection-string", "");
        AutoInitialize = config.GetBoolean("auto-initialize", true);
        Serializer = config.GetString("serializer", "");
        var provider = config.GetString("provider-name", "");
        Provider = SqlProvider.Of(provider) ?? throw new ConfigurationException(
            $"{PluginId}.provider-name is '{provider}'; " +
            "the bundled engine knows 'SQLite.MS' and 'PostgreSQL.15' (and older versions of it).");
        if (ConnectionString.Length == 0)
            throw new ConfigurationException($"{PluginId}.connection-string is empty.");
        var mapping = config.GetString("table-mapping", "default");
        if (!config.HasPath(mapping))
            throw new ConfigurationException($"{PluginId}.table-mapping is '{mapping}', and there is no such block.");
        Mapping = config.GetConfig(mapping);
        var schema = Mapping.GetString("schema-name", "");
        Schema = schema is null or "" or "null" ? null : Name(schema, "schema-name");
    }

    /// <summary>The configuration path, for messages.</summary>
    public string PluginId { get; }

    public SqlProvider Provider { get; }

    public string ConnectionString { get; }

    public bool AutoInitialize { get; }

    /// <summary>The serializer of types that no binding names; empty for the system's default.</summary>
    public string? Serializer { get => field is "" or "null" ? null : field; }

    /// <summary>Names of tables and columns.</summary>
    public Configuration.Config Mapping { get; }

    /// <summary>What stands before the names of tables; null for the connection's own.</summary>
    public string? Schema { get; }

    /// <summary>A table's name as it stands in statements; it must be there.</summary>
    public string Table(string table) => Provider.Table(Schema, TableName(table));

    public string TableName(string table) => Required($"{table}.table-name");

    /// <summary>A column's name as it stands in statements.</summary>
    public string Column(string table, string column) => Provider.Quote(ColumnName(table, column));

    public string ColumnName(string table, string column) => Required($"{table}.columns.{column}");

    /// <summary>Says, when the database has been opened for the first time, what is wrong with it.</summary>
    public void Report(Task opened, ILoggingAdapter log) => opened.ContinueWith(
        t =>
        {
            if (t.IsFaulted)
                log.Error("{0} can't be used: {1}", PluginId, t.Exception.InnerException!.Message);
            else if (Provider.Remark is { } remark)
                log.Debug("{0}: {1}", PluginId, remark);
        },
        CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    string Required(string path) => Name(Mapping.GetString(path, ""), path);

    string Name(string name, string path) =>
        // A name goes into SQL text: what could end the quotes has no place in it.
        name.Length == 0 || name.AsSpan().IndexOfAny("[]\"';?$") >= 0
            ? throw new ConfigurationException($"{PluginId}: '{name}' at {path} can't be a name.")
            : name;
}
