using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

public partial class ActorCell
{
    // Null as a value stands for the plain Terminated; anything else was given to WatchWith.
    Dictionary<IActorRef, object?>? _watching;
    Dictionary<IActorRef, object?>? _terminatedQueued;
    HashSet<IActorRef>? _watchedBy;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        var actor = (IInternalActorRef)subject;
        if (!actor.Equals(_self) && _watching is not null && _watching.Remove(actor))
            actor.SendSystemMessage(new Unwatch(actor, _self));
        _terminatedQueued?.Remove(actor);
        return subject;
    }

    /// <summary>A Terminated that was put back into the mailbox counts as on its way again.</summary>
    internal void TerminatedQueuedFor(IActorRef subject, object? customMessage = null) =>
        (_terminatedQueued ??= []).TryAdd(subject, customMessage);

    IActorRef Watch(IActorRef subject, object? message)
    {
        var actor = (IInternalActorRef)subject;
        // Who watches already goes on with the message that the first call chose.
        if (actor.Equals(_self) || _watching is not null && _watching.ContainsKey(actor))
            return actor;
        actor.SendSystemMessage(new Watch(actor, _self));
        (_watching ??= []).Add(actor, message);
        return actor;
    }

    void ReceivedTerminated(Terminated terminated)
    {
        if (_terminatedQueued is not null && _terminatedQueued.Remove(terminated.ActorRef, out var custom))
            ReceiveMessage(custom ?? terminated);
    }

    void WatchedActorTerminated(DeathWatchNotification notification)
    {
        var actor = notification.Actor;
        if (_watching is not null && _watching.Remove(actor, out var custom) && !IsTerminating)
        {
            _self.Tell(new Terminated(actor, notification.ExistenceConfirmed, notification.AddressTerminated), actor);
            TerminatedQueuedFor(actor, custom);
        }

        if (_children.Find(actor) is not null)
            HandleChildTerminated(actor);
    }

    void AddWatcher(IActorRef watchee, IActorRef watcher)
    {
        var watcheeIsSelf = watchee.Equals(_self);
        var watcherIsSelf = watcher.Equals(_self);
        if (watcheeIsSelf && !watcherIsSelf)
            (_watchedBy ??= []).Add(watcher);
        else if (!watcheeIsSelf && watcherIsSelf)
            Watch(watchee);
    }

    void RemoveWatcher(IActorRef watchee, IActorRef watcher)
    {
        var watcheeIsSelf = watchee.Equals(_self);
        var watcherIsSelf = watcher.Equals(_self);
        if (watcheeIsSelf && !watcherIsSelf)
            _watchedBy?.Remove(watcher);
        else if (!watcheeIsSelf && watcherIsSelf)
            Unwatch(watchee);
    }

    void TellWatchersWeDied()
    {
        if (_watchedBy is null)
            return;
        // Those elsewhere first: the notice must be under way before this node can seem to be gone.
        foreach (var local in (ReadOnlySpan<bool>)[false, true])
            foreach (var watcher in _watchedBy)
                if (((IActorRefScope)watcher).IsLocal == local && !watcher.Equals(Parent))
                    ((IInternalActorRef)watcher).SendSystemMessage(
                        new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
        _watchedBy = null;
    }

    void UnwatchWatchedActors()
    {
        if (_watching is null)
            return;
        foreach (var watchee in _watching.Keys)
            ((IInternalActorRef)watchee).SendSystemMessage(new Unwatch((IInternalActorRef)watchee, _self));
        _watching = null;
        _terminatedQueued = null;
    }
}
