namespace Akka.Engine.Tests.Persistence.Bundled;

/// <summary>A test of what is done on Linux only.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    internal const string Reason = "Only done on Linux.";

    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = Reason;
    }
}

/// <summary>As <see cref="LinuxFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = LinuxFactAttribute.Reason;
    }
}
