using Akka.Actor;

namespace Akka.Zab.Client.Transport;

/// <summary>The servers are actor systems, and the sessions actors there.</summary>
/// <param name="servers">The addresses of the actor systems.</param>
internal sealed class AkkaTransport(ServerRotation servers) : ClientTransport
{
    public override int ServerCount => servers.Count;

    public override IActorRef NextServer(IActorContext client) =>
        ((ExtendedActorSystem)client.System).Provider.ResolveActorRef(servers.Next() + "/user/zab/clients");
}
