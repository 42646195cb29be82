using System.Reflection;
using System.Runtime.ExceptionServices;
using Akka.Configuration;

namespace Akka;

/// <summary>Classes that the configuration names.</summary>
static class TypeNames
{
    /// <summary>Null if no such class can be loaded. A name without an assembly is one of the engine's own.</summary>
    public static Type? Find(string name)
    {
        try
        {
            return Type.GetType(name, throwOnError: false);
        }
        catch (Exception e) when (e is FileLoadException or BadImageFormatException
            or ArgumentException or TargetInvocationException)
        {
            return null;
        }
    }

    public static Type Find(string name, string use) => Find(name) ?? throw new ConfigurationException(
        $"'{name}', named for {use}, is not a class that can be loaded; it must read \"Namespace.Class, Assembly\".");

    /// <summary>
    /// Makes an instance with these constructor arguments, or with as many of the first of them as a constructor takes.
    /// </summary>
    public static T Make<T>(Type type, string use, params object?[] arguments) where T : class
    {
        if (!typeof(T).IsAssignableFrom(type))
            throw new ConfigurationException($"'{type.FullName}', named for {use}, is not a {typeof(T).Name}.");
        const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        for (var count = arguments.Length; count >= 0; count--)
        {
            var taken = arguments[..count];
            foreach (var constructor in type.GetConstructors(any))
            {
                var parameters = constructor.GetParameters();
                if (parameters.Length == count
                    && parameters.Zip(taken).All(p =>
                    p.Second is null || p.First.ParameterType.IsInstanceOfType(p.Second)))
                    return (T)Invoke(constructor, taken);
            }
        }

        throw new ConfigurationException($"'{type.FullName}', named for {use}, has no constructor that takes "
            + $"({string.Join(", ", arguments.Select(a => a?.GetType().Name ?? "null"))}).");
    }

    static object Invoke(ConstructorInfo constructor, object?[] arguments)
    {
        try
        {
            return constructor.Invoke(arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Capture(inner).Throw();
            throw;
        }
    }
}
