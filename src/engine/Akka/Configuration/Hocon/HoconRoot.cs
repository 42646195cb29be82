namespace Akka.Configuration.Hocon;

/// <summary>What a parsed text amounts to.</summary>
public class HoconRoot
{
    protected HoconRoot()
    {
    }

    public HoconRoot(HoconValue value)
        : this(value, [])
    {
    }

    public HoconRoot(HoconValue value, IEnumerable<HoconSubstitution> substitutions)
    {
        Value = value;
        Substitutions = substitutions;
    }

    public HoconValue Value { get; } = null!;

    public IEnumerable<HoconSubstitution> Substitutions { get; } = [];
}
