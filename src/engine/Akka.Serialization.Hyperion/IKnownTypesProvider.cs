namespace Akka.Serialization;

/// <summary>
/// Lists the types that both sides know, which then travel as numbers. A class that implements it has a constructor
/// without parameters, or one that takes the actor system.
/// </summary>
public interface IKnownTypesProvider
{
    /// <summary>The types; the same in the same order on both sides.</summary>
    IEnumerable<Type> GetKnownTypes();
}

internal sealed class NoKnownTypes : IKnownTypesProvider
{
    public IEnumerable<Type> GetKnownTypes() => [];
}
