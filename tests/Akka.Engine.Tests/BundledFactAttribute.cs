using System.Reflection;
using Akka.Configuration;

namespace Akka.Engine.Tests;

/// <summary>A fact about what the bundled engine does beyond Akka.NET; skipped on Akka.NET itself.</summary>
public sealed class BundledFactAttribute : FactAttribute
{
    public BundledFactAttribute()
    {
        if (!IsBundled) Skip = "Only the bundled engine does this.";
    }

    internal static bool IsBundled { get; } =
        typeof(Config).Assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product == "Akka.Zab";
}

/// <summary>As <see cref="BundledFactAttribute"/>, for theories.</summary>
public sealed class BundledTheoryAttribute : TheoryAttribute
{
    public BundledTheoryAttribute()
    {
        if (!BundledFactAttribute.IsBundled) Skip = "Only the bundled engine does this.";
    }
}
