using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Sessions;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Clients;

/// <summary>
/// One connection of a client to one process of a server: what is sent either way arrives in order after a while, or
/// not at all when the connection is over.
/// </summary>
internal sealed class ClientLink(World world, SimulatedClient client, Server server) : IClientSink
{
    private readonly int life = server.Life;
    private IActorRef? session;
    private bool isOver;
    private long lastThere;
    private long lastBack;

    public Server Server => server;

    /// <summary>Whether the way is blocked, without either side being told.</summary>
    public bool IsBlocked { get; set; }

    private bool IsThere => server.IsUp && server.Life == life && server.IsReachable;

    /// <summary>Asks for a session.</summary>
    public void Open(Connect connect) => There(() =>
        server.SessionsRef.Tell(new AttachClient(connect, this, $"127.0.0.1:{client.Id}"), ActorRefs.NoSender));

    /// <summary>Sends requests.</summary>
    public void Send(NumberedRequest[] requests) => There(() =>
    {
        client.WasHeard(server.Id);
        session?.Tell(new ClientRequests(requests), ActorRefs.NoSender);
    });

    /// <summary>The client is gone; the server finds out after a while.</summary>
    public void Abandon()
    {
        isOver = true;
        world.After(world.Chance.Next(100, 20_000), () => server.Machine.WhenAwake(() =>
        {
            if (IsThere)
                session?.Tell(new Detach(), ActorRefs.NoSender);
        }));
    }

    /// <summary>The server's process is gone; the client finds out now, or when it hears nothing any more.</summary>
    public void ServerIsGone(bool noticed)
    {
        if (isOver || server.Life != life)
            return;
        IsBlocked = true;
        if (noticed)
        {
            world.After(world.Chance.Next(100, 20_000), () =>
            {
                if (!isOver)
                    client.Lost(this);
            });
        }
    }

    public void Connected(Connected connected)
    {
        session = connected.Session;
        Back(() => client.Connected(this, connected));
    }

    public void Refused(DisconnectReason reason) => Back(() => client.Disconnected(this, reason));

    public void Deliver(ClientOutput[] outputs) => Back(() => client.Delivered(this, outputs));

    public void Disconnected(DisconnectReason reason) => Back(() => client.Disconnected(this, reason));

    /// <summary>The client asks no more of it.</summary>
    public void Close() => isOver = true;

    private void There(Action action)
    {
        lastThere = Math.Max(lastThere + 1, world.Now + world.Chance.Next(40, 300));
        world.At(lastThere, () =>
        {
            if (IsThere && !IsBlocked && !isOver)
            {
                server.Machine.WhenAwake(() =>
                {
                    if (IsThere)
                        action();
                });
            }
        });
    }

    private void Back(Action action)
    {
        if (!IsThere)
            return;
        lastBack = Math.Max(lastBack + 1, world.Now + world.Chance.Next(40, 300));
        world.At(lastBack, () =>
        {
            if (!IsBlocked && !isOver)
                action();
        });
    }
}
