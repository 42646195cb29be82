using Akka.Actor;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Networks;

/// <summary>A message on its way from one server to another.</summary>
/// <param name="From">The sender.</param>
/// <param name="FromLife">Which process of the sender.</param>
/// <param name="To">The receiver.</param>
/// <param name="ToLife">For which process of the receiver; 0 for whichever is there when it arrives.</param>
/// <param name="Message">What is said.</param>
internal sealed record Wire(Server From, int FromLife, Server To, int ToLife, object Message);

/// <summary>What the network does with a message.</summary>
internal enum Fate
{
    /// <summary>What chance and the weather say.</summary>
    AsUsual,

    /// <summary>It is lost.</summary>
    Lost,

    /// <summary>It is kept back until <see cref="Network.Release"/>.</summary>
    Held,
}

/// <summary>The peer of another server, as one process of a server knows it.</summary>
internal sealed class WireRef(Network network, Server here, int hereLife, Server there, int thereLife)
    : MinimalActorRef
{
    public override ActorPath Path { get; } =
        here.Machine.System.Child($"wire-{hereLife}-to-{there.Id}-{thereLife}");

    public override IActorRefProvider Provider => ((ExtendedActorSystem)here.Machine.System).Provider;

    protected override void TellInternal(object message, IActorRef? sender) =>
        network.Send(new Wire(here, hereLife, there, thereLife, message));
}

file static class Paths
{
    public static ActorPath Child(this ActorSystem system, string name) =>
        new RootActorPath(new Address("akka", system.Name)) / name;
}
