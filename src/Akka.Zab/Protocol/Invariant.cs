using System.Runtime.CompilerServices;

namespace Akka.Zab.Protocol;

/// <summary>Something that the protocol rules out has happened. The server stops rather than go on with it.</summary>
internal sealed class InvariantViolatedException(string message) : Exception(message);

/// <summary>What must hold, checked in production too.</summary>
internal static class Invariant
{
    /// <param name="condition">What must hold.</param>
    /// <param name="rule">The rule, in words.</param>
    /// <param name="one">A zxid or number that is involved.</param>
    /// <param name="other">Another.</param>
    public static void Holds(bool condition, string rule, long one = 0, long other = 0)
    {
        if (!condition)
            Violated(rule, one, other);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Violated(string rule, long one, long other) =>
        throw new InvariantViolatedException($"Violated: {rule} ({Zxid.Text(one)}, {Zxid.Text(other)}).");
}
