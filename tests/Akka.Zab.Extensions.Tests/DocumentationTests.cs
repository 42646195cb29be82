using System.Reflection;
using System.Xml.Linq;
using Akka.Zab.Client;

namespace Akka.Zab.Extensions.Tests;

/// <summary>Every call that may wait for a server says how it fails.</summary>
public class DocumentationTests
{
    private static readonly Type[] Awaited =
        [typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>), typeof(IAsyncEnumerable<>)];

    [Theory]
    [InlineData(typeof(ZabClient), 60)]
    [InlineData(typeof(ZabOptions), 3)]
    public void Each_asynchronous_method_names_what_it_throws_or_says_that_it_throws_nothing(Type of, int atLeast)
    {
        var assembly = of.Assembly;
        var documentation = XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml"));
        var members = documentation.Descendants("member")
            .ToDictionary(static member => (string)member.Attribute("name")!);
        var methods = (
            from type in assembly.GetExportedTypes()
            from method in type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where Awaited.Contains(Definition(method.ReturnType))
            select (Id: Id(method), Method: method)).ToList();
        Assert.InRange(methods.Count, atLeast, int.MaxValue);
        Assert.Empty(methods.Where(method => !SaysHowItFails(members.GetValueOrDefault(method.Id)))
            .Select(static method => method.Id));
    }

    private static bool SaysHowItFails(XElement? member) =>
        member is not null
        && (member.Elements("exception").Any(static exception =>
                (string?)exception.Attribute("cref") is { } cref && !cref.StartsWith("T:System.Argument"))
            || member.Value.Contains("Throws nothing", StringComparison.Ordinal));

    /// <summary>What the compiler calls a method in the documentation.</summary>
    private static string Id(MethodInfo method)
    {
        var parameters = string.Join(',', method.GetParameters().Select(static parameter => Id(parameter.ParameterType)));
        var generic = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
        var list = parameters.Length == 0 ? "" : $"({parameters})";
        return $"M:{method.DeclaringType!.FullName!.Replace('+', '.')}.{method.Name}{generic}{list}";
    }

    private static string Id(Type type)
    {
        if (type.IsGenericMethodParameter) return $"``{type.GenericParameterPosition}";
        if (type.IsGenericParameter) return $"`{type.GenericParameterPosition}";
        if (type.IsArray) return Id(type.GetElementType()!) + "[]";
        if (!type.IsGenericType) return type.FullName!.Replace('+', '.');
        var name = type.GetGenericTypeDefinition().FullName!;
        var arguments = string.Join(',', type.GetGenericArguments().Select(Id));
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{arguments}}}";
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
