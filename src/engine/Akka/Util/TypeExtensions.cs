using System.Collections.Concurrent;

namespace Akka.Util;

/// <summary>Names of types as configuration and the wire write them.</summary>
public static class TypeExtensions
{
    static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>"Namespace.Type, Assembly", without version, culture or key, for generic arguments too.</summary>
    public static string TypeQualifiedName(this Type type) => Names.GetOrAdd(type, static t => Qualified(t));

    public static bool Implements<T>(this Type type) => typeof(T).IsAssignableFrom(type);

    public static bool Implements(this Type type, Type moreGeneralType) => moreGeneralType.IsAssignableFrom(type);

    static string Qualified(Type type)
    {
        var assembly = type.Assembly == typeof(object).Assembly
            ? "System.Private.CoreLib" : type.Assembly.GetName().Name;
        return $"{FullName(type)}, {assembly}";
    }

    static string FullName(Type type)
    {
        if (type.IsArray)
            return FullName(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (!type.IsConstructedGenericType)
            return type.FullName ?? type.Name;
        var arguments = string.Join(",", type.GetGenericArguments().Select(a => "[" + Qualified(a) + "]"));
        return $"{type.GetGenericTypeDefinition().FullName}[{arguments}]";
    }
}
