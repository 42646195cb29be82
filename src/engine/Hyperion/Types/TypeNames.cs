using System.Collections.Concurrent;
using System.Runtime.Serialization;
using System.Text.RegularExpressions;

namespace Hyperion.Types;

/// <summary>Type names as they travel: assembly qualified, without version, culture and key.</summary>
internal static partial class TypeNames
{
    private const string CoreMark = ",%core%";
    private const int LongestName = 4096;

    private static readonly ConcurrentDictionary<Type, string> Names = new();
    private static readonly string CoreSuffix = FindCoreSuffix();

    public static string ShortName(Type type) => Names.GetOrAdd(type, static t =>
    {
        var name = t.AssemblyQualifiedName ??
                   throw new SerializationException($"{t} has no name by which another process could find it.");
        return Details().Replace(name.Replace(CoreSuffix, CoreMark), "");
    });

    /// <summary>Finds the type of a name that came from outside; the caller has asked the filter before.</summary>
    public static Type Load(string name)
    {
        if (name.Length > LongestName)
            throw new SerializationException($"The message names a type in {name.Length} characters.");
        try
        {
            return Type.GetType(name.Replace(CoreMark, CoreSuffix), throwOnError: true)!;
        }
        catch (Exception e) when (e is TypeLoadException or IOException or ArgumentException or BadImageFormatException)
        {
            throw new SerializationException($"The type [{name}] does not exist here.", e);
        }
    }

    private static string FindCoreSuffix()
    {
        var name = typeof(int).AssemblyQualifiedName!;
        return name[name.IndexOf(", Version", StringComparison.Ordinal)..];
    }

    [GeneratedRegex(@"(, Version=[\d.]+)?(, Culture=[^,\] \t]+)?(, PublicKeyToken=(null|[\da-f]+))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Details();
}
