using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Akka.Zab.Protocol;

/// <summary>
/// Tells the peer of servers whose connection is gone, at once: by the transport's own events and by the cluster's
/// failure detector, whichever comes first. Missing pings come last.
/// </summary>
internal sealed class Reachability : UntypedActor
{
    private readonly IActorRef peer;
    private readonly Func<Address, int?> serverAt;
    private readonly bool clustered;

    public Reachability(IActorRef peer, Func<Address, int?> serverAt, bool clustered)
    {
        this.peer = peer;
        this.serverAt = serverAt;
        this.clustered = clustered;
    }

    /// <param name="peer">The own server's peer.</param>
    /// <param name="serverAt">Which server's actor system has an address; null for one that is none.</param>
    /// <param name="clustered">Whether this actor system is in a cluster.</param>
    public static Props Props(IActorRef peer, Func<Address, int?> serverAt, bool clustered) =>
        Actor.Props.Create(() => new Reachability(peer, serverAt, clustered));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        if (clustered)
        {
            Cluster.Cluster.Get(Context.System).Subscribe(
                Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(
                    ClusterEvent.UnreachableMember));
        }
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        if (clustered)
            Cluster.Cluster.Get(Context.System).Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DisassociatedEvent gone:
                Tell(gone.RemoteAddress);
                break;
            case AssociationErrorEvent failed:
                Tell(failed.RemoteAddress);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                Tell(unreachable.Member.Address);
                break;
        }
    }

    private void Tell(Address address)
    {
        if (serverAt(address) is { } server)
            peer.Tell(new ServerUnreachable(server), Self);
    }
}
