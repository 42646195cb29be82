using Akka.Event;

namespace Akka.Zab.Protocol;

/// <summary>
/// What a peer does at the moment. Each role begins with no memory of an earlier one but what the peer itself holds:
/// its history, the election's round, who cannot be reached.
/// </summary>
internal abstract class PeerRole(Peer peer)
{
    protected Peer Peer => peer;

    protected PeerContext Context => peer.World;

    protected PeerSettings Settings => peer.World.Settings;

    protected Membership Membership => peer.Membership;

    protected PeerHistory History => peer.History;

    protected ILoggingAdapter Log => peer.Log;

    protected int Self => peer.World.Self;

    /// <summary>The role's name.</summary>
    public abstract ServerRole Name { get; }

    /// <summary>The leader's id, or 0.</summary>
    public virtual int Leader => 0;

    /// <summary>The epoch that is or will be served; 0 if not known.</summary>
    public virtual int Epoch => 0;

    /// <summary>The role begins.</summary>
    public abstract void Enter();

    /// <summary>On this message do that.</summary>
    public abstract void Receive(object message);

    /// <summary>The role ends.</summary>
    public virtual void Leave()
    {
    }
}
