using Akka.Actor;
using Akka.Remote;
using Akka.Zab.Client;

namespace Akka.Zab.Sessions;

/// <summary>
/// <c>/user/zab/clients</c>: where Akka clients connect, from this process, from the cluster or from an actor system
/// outside it. A client that stops is detached; its session lives until its timeout.
/// </summary>
/// <remarks>
/// Clients in other processes are not watched: a watch whose target is out of reach for a while makes the transport
/// quarantine its process for good, and a client that comes back after a partition must be served. They are let go when
/// their connection breaks; one whose end is never noticed goes when its session expires.
/// </remarks>
/// <param name="registry">The session registry.</param>
internal sealed class ClientGateway(IActorRef registry) : UntypedActor
{
    private readonly Dictionary<IActorRef, IActorRef> _sessionOf = [];
    private readonly Dictionary<IActorRef, IActorRef> _clientOf = [];

    public static Props Props(IActorRef registry) => Actor.Props.Create(typeof(ClientGateway), registry);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Connect connect when !Sender.IsNobody():
                registry.Tell(new AttachClient(connect, new ActorSink(Sender, Self), Sender.Path.ToString()));
                break;
            case ClientAttached attached:
                Attached(attached.Client, attached.Session);
                break;
            case DisassociatedEvent broken:
                LetGo(broken.RemoteAddress);
                break;
            case Terminated terminated:
                Ended(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Attached(IActorRef client, IActorRef session)
    {
        // A client has one connection here; the one before is given up by the client's own connecting again.
        if (_sessionOf.TryGetValue(client, out var earlier) && !earlier.Equals(session))
        {
            earlier.Tell(new Detach());
            _clientOf.Remove(earlier);
            Context.Unwatch(earlier);
        }
        _sessionOf[client] = session;
        _clientOf[session] = client;
        if (client.Path.Address.HasLocalScope) Context.Watch(client);
        Context.Watch(session);
    }

    private void LetGo(Address address)
    {
        foreach (var (client, session) in _sessionOf)
            if (client.Path.Address.Equals(address)) session.Tell(new ReleaseClient(DisconnectReason.NotServing));
    }

    private void Ended(IActorRef actor)
    {
        if (_sessionOf.Remove(actor, out var session))
        {
            _clientOf.Remove(session);
            Context.Unwatch(session);
            session.Tell(new Detach());
        }
        else if (_clientOf.Remove(actor, out var client))
        {
            _sessionOf.Remove(client);
            Context.Unwatch(client);
        }
    }
}
