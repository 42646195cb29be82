using System.Reflection;
using System.Runtime.CompilerServices;

namespace Akka.Zab.Hosting;

/// <summary>
/// Compiles what a server needs when it becomes the leader, or loses one, while there is time: at the moment itself every
/// client waits. Done once, in the background, on a thread that yields to every other.
/// </summary>
internal static class WarmUp
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    private static int _begun;

    /// <summary>Begins, unless it has begun before.</summary>
    public static void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Lowest, Name = "zab warm-up" }.Start();
    }

    /// <summary>Returns how many methods were compiled.</summary>
    internal static int Compile()
    {
        var count = 0;
        foreach (var type in typeof(WarmUp).Assembly.GetTypes())
        {
            if (type.ContainsGenericParameters || type.IsInterface)
                continue;
            foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            {
                if (method.IsAbstract || method.ContainsGenericParameters)
                    continue;
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
                count++;
            }
        }

        return count;
    }

    private static void Run()
    {
        try
        {
            Compile();
        }
        catch (Exception)
        {
            // Whatever was not compiled now is compiled when it is needed.
        }
    }
}
