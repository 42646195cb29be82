using System.Net;
using Akka.Actor;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Transport;

/// <summary>The servers speak ZooKeeper's protocol: an actor for each connection translates.</summary>
/// <param name="servers">The servers, as <c>host:port</c>.</param>
/// <param name="options">How to connect.</param>
internal sealed class WireTransport(ServerRotation servers, ZabClientOptions options)
    : ClientTransport(new ClientTelemetry("zookeeper", options.Chroot))
{
    public override DnsEndPoint? LastServer => ConnectString.ParseServer(servers.Last);

    public override int ServerCount => servers.Count;

    public override IActorRef NextServer(IActorContext client)
    {
        var endpoint = ConnectString.ParseServer(servers.Next());
        return client.ActorOf(Props.Create(typeof(WireConnection), endpoint, options));
    }

    public override void GiveUp(IActorContext client, IActorRef asked) => client.Stop(asked);
}
