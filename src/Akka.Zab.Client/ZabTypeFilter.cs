using System.Collections.Concurrent;
using Hyperion;

namespace Akka.Zab.Client;

/// <summary>
/// The allow-list of <see cref="ZabMessageSerializer"/>: types of this project's assemblies that are messages or values
/// within messages, arrays of them and of a few primitives, and the form in which actor references travel.
/// </summary>
internal sealed class ZabTypeFilter : ITypeFilter
{
    private readonly ConcurrentDictionary<string, bool> _verdicts = new(StringComparer.Ordinal);

    /// <summary>Whether a type of this assembly qualified name, short or full, may travel.</summary>
    public bool IsAllowed(string typeName)
    {
        if (_verdicts.TryGetValue(typeName, out var verdict)) return verdict;
        verdict = Judge(typeName);
        // Only names that are allowed are kept, and those are few: names from outside must not fill the memory.
        if (verdict) _verdicts.TryAdd(typeName, true);
        return verdict;
    }

    private static bool Judge(string typeName)
    {
        var comma = typeName.IndexOf(',');
        var mark = typeName.AsSpan().IndexOfAny("[&*`");
        // One-dimensional arrays, and nothing generic.
        if (comma < 0 || (mark >= 0 && !IsArray(typeName, mark, comma))) return false;
        var name = (mark < 0 ? typeName[..comma] : typeName[..mark]).Trim();
        // Hyperion 0.12.2 asks with version, culture and key when it writes, and without them when it reads.
        var details = typeName.IndexOf(", Version=", comma, StringComparison.Ordinal);
        var assembly = typeName[(comma + 1)..(details < 0 ? typeName.Length : details)].Trim();
        return assembly switch
        {
            "System.Private.CoreLib,%core%" or "System.Private.CoreLib" =>
                name is "System.String" or "System.Byte" or "System.Int32" or "System.Int64" or "System.Boolean",
            "Akka" => name is "Akka.Actor.ActorRefBase+Surrogate",
            "Akka.Zab.Client" or "Akka.Zab" => IsMessage(name, assembly),
            _ => false,
        };
    }

    private static bool IsArray(string typeName, int mark, int comma) =>
        mark + 2 == comma && typeName[mark] == '[' && typeName[mark + 1] == ']';

    private static bool IsMessage(string name, string assembly)
    {
        var type = Type.GetType($"{name}, {assembly}", throwOnError: false);
        return type is not null &&
               (typeof(IZabMessage).IsAssignableFrom(type) || type.IsValueType || type == typeof(Acl));
    }
}
