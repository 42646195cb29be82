using System.Collections.Immutable;
using Hyperion.Types;

namespace Hyperion;

/// <summary>
/// Decides which types may be serialised and deserialised. It is asked once per type and serializer, with the short
/// assembly qualified name: <c>Namespace.Type, Assembly</c>, without version, culture and key.
/// </summary>
public interface ITypeFilter
{
    /// <summary>Whether the type of that name may travel.</summary>
    bool IsAllowed(string typeName);
}

/// <summary>The filter that allows every type.</summary>
public sealed class DisabledTypeFilter : ITypeFilter
{
    /// <summary>The one instance.</summary>
    public static readonly DisabledTypeFilter Instance = new();

    private DisabledTypeFilter()
    {
    }

    /// <inheritdoc/>
    public bool IsAllowed(string typeName) => true;
}

/// <summary>An allow-list of types; built by <see cref="TypeFilterBuilder"/>.</summary>
public sealed class TypeFilter : ITypeFilter
{
    internal TypeFilter(IEnumerable<Type> types) =>
        FilteredTypes = [.. types.Select(TypeNames.ShortName)];

    /// <summary>The short assembly qualified names that are allowed.</summary>
    public ImmutableHashSet<string> FilteredTypes { get; }

    /// <inheritdoc/>
    public bool IsAllowed(string typeName) => FilteredTypes.Contains(typeName);
}

/// <summary>Collects the types of a <see cref="TypeFilter"/>.</summary>
public class TypeFilterBuilder
{
    private readonly List<Type> _types = [];

    private TypeFilterBuilder()
    {
    }

    /// <summary>Starts an empty list.</summary>
    public static TypeFilterBuilder Create() => new();

    /// <summary>Allows one more type.</summary>
    public TypeFilterBuilder Include<T>() => Include(typeof(T));

    /// <summary>Allows one more type.</summary>
    public TypeFilterBuilder Include(Type type)
    {
        _types.Add(type);
        return this;
    }

    /// <summary>The filter that allows exactly the types included so far.</summary>
    public TypeFilter Build() => new(_types);
}
