using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Hosting;

/// <summary>How a host runs a member of the ensemble.</summary>
public sealed class ZabMemberOptions
{
    /// <summary>
    /// The actor system's name, which stands before the <c>@</c> in the addresses of <c>akka.zab.members</c>. Default
    /// <c>zab</c>.
    /// </summary>
    public string SystemName { get; set; } = "zab";

    /// <summary>
    /// The actor system's configuration; a text of HOCON converts to it. Null to take the <see cref="ActorSystem"/>
    /// that is among the services: then whoever registered that ends it.
    /// </summary>
    public Config? Configuration { get; set; }

    /// <summary>
    /// How long the start of the host waits until the member serves; after that it goes on, and the member serves when
    /// it can, as it takes a majority of the ensemble. Zero does not wait. Default 30 s.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the host stops when the member fails, because its disk is full, say. Default false: the rest of the
    /// application goes on, and the health check says so.
    /// </summary>
    public bool StopHostOnFailure { get; set; }
}
