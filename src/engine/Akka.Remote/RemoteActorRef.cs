using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>A reference that knows its actor may live in another process.</summary>
public interface IRemoteRef : IActorRefScope;

/// <summary>A reference to an actor of a remote system.</summary>
public class RemoteActorRef : InternalActorRefBase, IRemoteRef
{
    private readonly Deploy _deploy;
    private readonly Props _props;
    private Association? _association;

    /// <summary>For the actor at that path.</summary>
    public RemoteActorRef(RemoteTransport remote, Address localAddressToUse, ActorPath path,
        IInternalActorRef parent, Props props, Deploy deploy)
    {
        Remote = remote;
        LocalAddressToUse = localAddressToUse;
        Path = path;
        Parent = parent;
        _props = props;
        _deploy = deploy;
    }

    /// <inheritdoc/>
    public override ActorPath Path { get; }

    /// <inheritdoc/>
    public override IInternalActorRef Parent { get; }

    /// <inheritdoc/>
    public override IActorRefProvider Provider => Remote.Provider;

    /// <summary>The address by which the remote system knows this one.</summary>
    public Address LocalAddressToUse { get; }

    /// <summary>Always false: nobody here knows.</summary>
    public override bool IsTerminated => false;

    /// <inheritdoc/>
    public override bool IsLocal => false;

    internal Association Association => _association ??= ((Remoting)Remote).AssociationTo(Path.Address);

    private RemoteTransport Remote { get; }

    /// <inheritdoc/>
    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        var path = Path;
        foreach (var element in name)
            path = element switch
            {
                "" => path,
                ".." => path.Parent,
                _ => path / element,
            };
        return new RemoteActorRef(Remote, LocalAddressToUse, path, ActorRefs.Nobody, _props, _deploy);
    }

    /// <summary>Whether a watch goes to the remote watcher, which watches on behalf of all actors here.</summary>
    public bool IsWatchIntercepted(IActorRef watchee, IActorRef watcher) =>
        !watcher.Equals(Remote.Provider.RemoteWatcher) && watchee.Equals(this);

    /// <inheritdoc/>
    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when IsWatchIntercepted(watch.Watchee, watch.Watcher):
                Remote.Provider.RemoteWatcher.Tell(new RemoteWatcher.WatchRemote(watch.Watchee, watch.Watcher), null);
                break;
            case Unwatch unwatch when IsWatchIntercepted(unwatch.Watchee, unwatch.Watcher):
                Remote.Provider.RemoteWatcher.Tell(
                    new RemoteWatcher.UnwatchRemote(unwatch.Watchee, unwatch.Watcher), null);
                break;
            default:
                Association.Send(message, this, null);
                break;
        }
    }

    /// <inheritdoc/>
    public override void SendSystemMessage(ISystemMessage message, IActorRef? sender) => SendSystemMessage(message);

    /// <summary>Nothing to start.</summary>
    public override void Start()
    {
    }

    /// <inheritdoc/>
    public override void Stop() => SendSystemMessage(new Terminate());

    /// <summary>Part of remote deployment, which this engine lacks: refused with a log line.</summary>
    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new Resume(causedByFailure));

    /// <inheritdoc cref="Resume"/>
    public override void Suspend() => SendSystemMessage(new Suspend());

    /// <inheritdoc cref="Resume"/>
    public override void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is null) throw new InvalidMessageException("A message must not be null.");
        Association.Send(message, this, sender);
    }
}
