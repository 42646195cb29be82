using Akka.Actor;
using Akka.Zab.Client;

namespace Akka.Zab.Sessions;

/// <summary>Delivers to an actor, here or in another process.</summary>
/// <param name="client">The client's actor.</param>
/// <param name="gateway">Told when the session is attached, so that it can watch over the client's end.</param>
internal sealed class ActorSink(IActorRef client, IActorRef gateway) : IClientSink
{
    // The sender of what a session delivers, so that a client can tell its connections apart.
    private IActorRef? _session;

    public void Connected(Connected connected)
    {
        _session = connected.Session;
        gateway.Tell(new ClientAttached(client, connected.Session));
        client.Tell(connected, _session);
    }

    public void Refused(DisconnectReason reason) => client.Tell(new ConnectRefused(reason), gateway);

    public void Deliver(ClientOutput[] outputs) => client.Tell(new ClientOutputs(outputs), _session);

    public void Disconnected(DisconnectReason reason) => client.Tell(new Disconnected(reason), _session);
}

/// <summary>Sink to gateway: this client is attached to that session actor.</summary>
internal sealed record ClientAttached(IActorRef Client, IActorRef Session);
