using System.Reflection;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Where configurations come from: text, an embedded resource, the application's own file.</summary>
public class ConfigurationFactory
{
    const string DefaultResource = "Akka.Configuration.akka.conf";

    /// <summary>A configuration without any setting.</summary>
    public static Config Empty => new(new HoconRoot(HoconValue.Of(new HoconObject())));

    /// <summary>Reads HOCON that includes nothing.</summary>
    /// <exception cref="ConfigurationException">The text is not HOCON; the message says where and why.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <summary>Reads HOCON; <paramref name="includeCallback"/> gets the name in each <c>include "name"</c>.</summary>
    /// <exception cref="ConfigurationException">The text is not HOCON; the message says where and why.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot>? includeCallback) =>
        new(Parser.Parse(hocon, includeCallback, null));

    /// <summary>
    /// Reads <c>akka/hocon</c> from the program's XML configuration file (<c>program.dll.config</c>);
    /// without such a file or section the configuration is empty.
    /// </summary>
    public static Config Load()
    {
        var program = Assembly.GetEntryAssembly()?.GetName().Name;
        var file = Path.Combine(AppContext.BaseDirectory, program + ".dll.config");
        if (program is null || !File.Exists(file)) return Empty;
        try
        {
            var hocon = XDocument.Load(file).Root?.Element("akka")?.Element("hocon")?.Value;
            return hocon is null ? Empty : new Config(Parser.Parse(hocon, null, Path.GetFileName(file)));
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The engine's own defaults.</summary>
    public static Config Default() => FromResource(DefaultResource, typeof(ConfigurationFactory).Assembly);

    /// <summary>Reads a resource of the assembly that <typeparamref name="TAssembly"/> is in.</summary>
    public static Config FromResource<TAssembly>(string resourceName) =>
        FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Reads a resource of the assembly that is, or that has the type of, the given object.</summary>
    public static Config FromResource(string resourceName, object instanceInAssembly) =>
        FromResource(resourceName, instanceInAssembly switch
        {
            Assembly assembly => assembly,
            Type type => type.Assembly,
            _ => instanceInAssembly.GetType().Assembly,
        });

    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException(
                $"{assembly.GetName().Name} has no embedded resource '{resourceName}'.");
        using var reader = new StreamReader(stream);
        return new Config(Parser.Parse(reader.ReadToEnd(), null, resourceName));
    }

    /// <summary>A configuration with the public properties of an object, as JSON would write them.</summary>
    public static Config FromObject(object source) => ParseString(JsonSerializer.Serialize(source));
}
