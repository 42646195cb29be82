using Hyperion.Internal;
using Hyperion.ValueSerializers;

namespace Hyperion.Types;

/// <summary>Which types may travel at all, before any byte of theirs is written or read.</summary>
internal sealed class TypeGate(bool disallowUnsafe, ITypeFilter filter)
{
    // Types whose deserialisation is known to run code or to open files, wherever they appear in a name.
    private static readonly string[] Dangerous =
    [
        "System.Diagnostics.Process", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.FileSystemInfo",
        "System.CodeDom.Compiler.TempFileCollection", "System.Security.Claims.ClaimsIdentity",
        "System.Security.Claims.ClaimsPrincipal", "System.Security.Principal.Windows",
        "System.Windows.Data.ObjectDataProvider", "System.Windows.ResourceDictionary",
        "System.Windows.Forms.AxHost", "System.Windows.Forms.BindingSource", "System.Data.DataSet",
        "System.Data.DataTable", "System.Configuration.Install.AssemblyInstaller", "System.Management.IWbem",
        "System.Activities.Presentation.WorkflowDesigner", "System.Runtime.Remoting",
        "System.Web.UI.", "TextFormattingRunProperties", "ToolboxItemContainer", "System.Reflection.Assembly",
    ];

    private static readonly Type[] Untransportable =
    [
        typeof(Delegate), typeof(Stream), typeof(Task), typeof(Thread), typeof(WaitHandle), typeof(Timer),
        typeof(CancellationTokenSource), typeof(CancellationToken), typeof(System.Reflection.MemberInfo),
        typeof(System.Reflection.Assembly), typeof(System.Reflection.Module),
        typeof(System.Runtime.InteropServices.SafeHandle), typeof(WeakReference), typeof(IntPtr), typeof(UIntPtr),
    ];

    /// <summary>Throws an exception that names the type when the filter or the deny-list refuses the name.</summary>
    public void Check(string shortName)
    {
        if (!disallowUnsafe) return;
        foreach (var name in Dangerous)
            if (shortName.Contains(name, StringComparison.Ordinal))
                throw new EvilDeserializationException("A type that is known to be dangerous is refused:", shortName);
        if (!filter.IsAllowed(shortName))
            throw new UserEvilDeserializationException("The type filter does not allow the type", shortName);
    }

    /// <summary>Checks the name, the base types and the kind of a type that exists.</summary>
    public void Check(Type type)
    {
        Check(TypeNames.ShortName(type));
        if (disallowUnsafe)
            for (var t = type.BaseType; t is not null; t = t.BaseType)
                foreach (var name in Dangerous)
                    if (t.FullName?.StartsWith(name, StringComparison.Ordinal) == true)
                        throw new EvilDeserializationException(
                            "A type that is known to be dangerous is refused:", TypeNames.ShortName(type));
        if (type.IsPointer || type.IsByRef || type.IsByRefLike || type.IsFunctionPointer ||
            type.ContainsGenericParameters || Untransportable.Any(u => u.IsAssignableFrom(type)))
            throw new UnsupportedTypeException(type, $"{type} cannot be serialised.");
    }
}
