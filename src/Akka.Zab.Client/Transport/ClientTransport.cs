using System.Net;
using Akka.Actor;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Transport;

/// <summary>
/// How a client reaches the servers of its list. What it talks to, an actor of the server's or one of its own that
/// speaks another protocol for it, understands <see cref="Connect"/>, <see cref="ClientRequests"/> and
/// <see cref="Detach"/>, and answers with what <see cref="ClientActor"/> expects of a session.
/// </summary>
/// <param name="telemetry">Where the client tells how it fares.</param>
internal abstract class ClientTransport(ClientTelemetry telemetry)
{
    /// <summary>Where the client tells how it fares.</summary>
    public ClientTelemetry Telemetry => telemetry;

    /// <summary>The server that was asked last; null for the member in this process.</summary>
    public abstract DnsEndPoint? LastServer { get; }

    /// <summary>How many servers there are.</summary>
    public abstract int ServerCount { get; }

    /// <summary>Whom to ask for a session at the next server of the list.</summary>
    /// <param name="client">The context of the client's actor.</param>
    public abstract IActorRef NextServer(IActorContext client);

    /// <summary>The one asked is not waited for any longer.</summary>
    /// <param name="client">The context of the client's actor.</param>
    /// <param name="asked">What <see cref="NextServer"/> gave.</param>
    public virtual void GiveUp(IActorContext client, IActorRef asked)
    {
    }
}
