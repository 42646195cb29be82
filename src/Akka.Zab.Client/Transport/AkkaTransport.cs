using System.Net;
using Akka.Actor;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Transport;

/// <summary>The servers are actor systems, and the sessions actors there.</summary>
/// <param name="servers">The addresses of the actor systems.</param>
/// <param name="options">How to connect.</param>
internal sealed class AkkaTransport(ServerRotation servers, ZabClientOptions options)
    : ClientTransport(new ClientTelemetry("akka.zab", options.Chroot))
{
    public override DnsEndPoint? LastServer =>
        Address.Parse(servers.Last) is { Host: { } host, Port: { } port } ? new DnsEndPoint(host, port) : null;

    public override int ServerCount => servers.Count;

    public override IActorRef NextServer(IActorContext client) =>
        ((ExtendedActorSystem)client.System).Provider.ResolveActorRef(servers.Next() + "/user/zab/clients");
}
