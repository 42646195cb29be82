using Akka.Configuration;

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
        if (!provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase)
            || provider.EndsWith("Classic", StringComparison.OrdinalIgnoreCase))
            throw new ConfigurationException(
                $"{PluginId}.provider-name is '{provider}'; the bundled engine knows 'SQLite.MS' only.");
        if (ConnectionString.Length == 0)
            throw new ConfigurationException($"{PluginId}.connection-string is empty.");
        var mapping = config.GetString("table-mapping", "default");
        if (!config.HasPath(mapping))
            throw new ConfigurationException($"{PluginId}.table-mapping is '{mapping}', and there is no such block.");
        Mapping = config.GetConfig(mapping);
    }

    /// <summary>The configuration path, for messages.</summary>
    public string PluginId { get; }

    public string ConnectionString { get; }

    public bool AutoInitialize { get; }

    /// <summary>The serializer of types that no binding names; empty for the system's default.</summary>
    public string? Serializer { get => field is "" or "null" ? null : field; }

    /// <summary>Names of tables and columns.</summary>
    public Configuration.Config Mapping { get; }

    /// <summary>A table's name, quoted; it must be there.</summary>
    public string Table(string table) => Quote(Name(table));

    public string Name(string table) => Required($"{table}.table-name");

    public string Column(string table, string column) => Quote(Required($"{table}.columns.{column}"));

    /// <summary>A column's name as it stands, for the names of indexes.</summary>
    public string ColumnName(string table, string column) => Required($"{table}.columns.{column}");

    public static string Quote(string name) => $"[{name}]";

    string Required(string path)
    {
        var name = Mapping.GetString(path, "");
        // A name goes into SQL text: what could end the quotes has no place in it.
        if (name.Length == 0 || name.AsSpan().IndexOfAny("[]\"';") >= 0)
            throw new ConfigurationException($"{PluginId}: '{name}' at {path} can't be a name.");
        return name;
    }
}
