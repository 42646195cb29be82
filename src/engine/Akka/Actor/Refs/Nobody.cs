using Akka.Util;

namespace Akka.Actor;

/// <summary>The reference to no actor.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    static readonly NobodySurrogate OnTheWire = new();

    Nobody()
    {
    }

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/Nobody");

    public override IActorRefProvider Provider =>
        throw new NotSupportedException("Nobody belongs to no actor system and has no provider.");

    public override ISurrogate ToSurrogate(ActorSystem system) => OnTheWire;

    /// <summary>Nobody as it travels.</summary>
    public class NobodySurrogate : ISurrogate
    {
        public ISurrogated FromSurrogate(ActorSystem system) => Instance;
    }
}
