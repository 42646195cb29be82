using Akka.Actor;

namespace Akka.Remote;

/// <summary>The number that tells one run of an actor system from the next at the same address.</summary>
public class AddressUid : IExtension
{
    /// <summary>Chosen at random when the actor system starts; never 0.</summary>
    public readonly int Uid = Random.Shared.Next(1, int.MaxValue);
}

/// <summary>Finds the <see cref="AddressUid"/> of an actor system.</summary>
public class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    private static readonly AddressUidExtension Instance = new();

    /// <summary>The number of this run of the actor system.</summary>
    public static int Uid(ActorSystem system) => Instance.Apply(system).Uid;

    /// <inheritdoc/>
    public override AddressUid CreateExtension(ExtendedActorSystem system) => new();
}
