namespace Akka.Zab.Simulation.Checking;

/// <summary>Something that a client was promised did not hold.</summary>
/// <param name="Rule">The promise, in a few words.</param>
/// <param name="At">When it showed, in microseconds of virtual time.</param>
/// <param name="What">What was seen instead.</param>
internal sealed record Violation(string Rule, long At, string What)
{
    public override string ToString() => $"{Rule}: {What} (at {At / 1_000_000.0:f6} s)";

    public static string Zxid(long zxid) => $"{zxid >> 32}.{(uint)zxid}";
}
