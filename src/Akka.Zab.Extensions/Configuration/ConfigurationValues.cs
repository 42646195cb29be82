using System.Globalization;
using System.Text;
using System.Text.Json;
using Akka.Zab.Client.Recipes;
using Microsoft.Extensions.Configuration;

namespace Akka.Zab.Extensions;

/// <summary>From znodes to the keys and values of a configuration. Pure.</summary>
internal static class ConfigurationValues
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The values of a subtree.</summary>
    /// <param name="root">Its root, which is no value itself.</param>
    /// <param name="tree">Its znodes by path, in ordinal order.</param>
    public static Dictionary<string, string?> OfSubtree(string root, IReadOnlyDictionary<string, CachedZnode> tree)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var sections = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in tree.Keys) sections.Add(path[..path.LastIndexOf('/')]);
        foreach (var (path, znode) in tree)
        {
            if (path.Length <= root.Length) continue;
            if (znode.Data is not { Length: > 0 } && sections.Contains(path)) continue;
            var key = path[(root.Length + 1)..].Replace('/', ':');
            values[key] = Encoding.UTF8.GetString(znode.Data ?? []);
        }
        return values;
    }

    /// <summary>The values of a JSON document.</summary>
    /// <exception cref="FormatException">It is none, or no object; the message is a sentence.</exception>
    public static Dictionary<string, string?> OfJson(string path, byte[]? data)
    {
        try
        {
            using var document = JsonDocument.Parse(data, Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException($"The data of {path} is JSON, but not an object.");
            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            Add(values, "", document.RootElement);
            return values;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The data of {path} is not JSON: {e.Message}", e);
        }
    }

    private static void Add(Dictionary<string, string?> values, string key, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var isEmpty = true;
                foreach (var property in element.EnumerateObject())
                {
                    isEmpty = false;
                    Add(values, Below(key, property.Name), property.Value);
                }
                if (isEmpty && key.Length > 0) values[key] = null;
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Add(values, Below(key, (index++).ToString(CultureInfo.InvariantCulture)), item);
                if (index == 0) values[key] = "";
                break;
            case JsonValueKind.Null:
                values[key] = null;
                break;
            default:
                values[key] = element.ToString();
                break;
        }
    }

    private static string Below(string section, string name) =>
        section.Length == 0 ? name : ConfigurationPath.Combine(section, name);
}
