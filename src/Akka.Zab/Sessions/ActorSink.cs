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

    public void Deliver(ClientOutput[] outputs)
    {
        foreach (ref var output in outputs.AsSpan())
            if (output.Content is Reply reply && Portable(reply) is var portable && portable != reply)
                output = output with { Content = portable };
        client.Tell(new ClientOutputs(outputs), _session);
    }

    public void Disconnected(DisconnectReason reason) => client.Tell(new Disconnected(reason), _session);

    // What refers to the tree itself stays in this process.
    private static Reply Portable(Reply reply) => reply switch
    {
        ChildrenReply { Names: IInPlace<string> names } children => children with { Names = names.ToArray() },
        DataReply { IsInPlace: true } data => data with { Data = data.Data },
        MultiReply multi when multi.Results.Any(
            static result => result is ChildrenReply { Names: IInPlace<string> } or DataReply { IsInPlace: true }) =>
            multi with { Results = [.. multi.Results.Select(Portable)] },
        _ => reply,
    };
}

/// <summary>Sink to gateway: this client is attached to that session actor.</summary>
internal sealed record ClientAttached(IActorRef Client, IActorRef Session);
