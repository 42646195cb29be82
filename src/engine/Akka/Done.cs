namespace Akka;

/// <summary>Says that something is done, where a value is wanted and there is nothing else to say.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    Done()
    {
    }
}

/// <summary>Stands for a type argument that is never used.</summary>
public sealed class NotUsed
{
    public static readonly NotUsed Instance = new();

    NotUsed()
    {
    }

    public override bool Equals(object? obj) => obj is NotUsed;

    public override int GetHashCode() => 0;

    public override string ToString() => "NotUsed";
}
