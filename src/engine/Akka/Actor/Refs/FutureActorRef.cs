using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// Stands for someone who awaits an answer; the first message completes the task. Most never leave the process, so a
/// path is given and registered only when somebody asks for it.
/// </summary>
public sealed class FutureActorRef<T> : MinimalActorRef
{
    readonly TaskCompletionSource<T> _result;
    readonly IActorRefProvider _provider;
    readonly Lock _lock = new();
    ActorPath? _path;
    bool _done;
    HashSet<IActorRef>? _watchers;

    public FutureActorRef(TaskCompletionSource<T> result, ActorPath path, IActorRefProvider provider)
        : this(result, provider)
    {
        _path = path;
        provider.RegisterTempActor(this, path);
    }

    internal FutureActorRef(TaskCompletionSource<T> result, IActorRefProvider provider)
    {
        _result = result;
        _provider = provider;
    }

    public override ActorPath Path
    {
        get
        {
            if (Volatile.Read(ref _path) is { } known)
                return known;
            lock (_lock)
            {
                if (_path is null)
                {
                    var path = _provider.TempPath();
                    if (!_done)
                        _provider.RegisterTempActor(this, path);
                    Volatile.Write(ref _path, path);
                }

                return _path;
            }
        }
    }

    public override IActorRefProvider Provider => _provider;

    public override IInternalActorRef Parent => _provider.TempContainer;

    public override bool IsTerminated => _done;

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                lock (_lock)
                {
                    if (!_done)
                    {
                        (_watchers ??= []).Add(watch.Watcher);
                        return;
                    }
                }

                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true,
                    addressTerminated: false));
                break;
            case Unwatch unwatch:
                lock (_lock)
                    _watchers?.Remove(unwatch.Watcher);
                break;
            case DeathWatchNotification notification:
                Tell(new Terminated(notification.Actor, notification.ExistenceConfirmed,
                    notification.AddressTerminated), this);
                break;
            case Terminate:
                Stop();
                break;
        }
    }

    public override void Stop()
    {
        if (_result.TrySetException(new AskTimeoutException("The asker has stopped waiting.")))
            Finish();
    }

    /// <summary>The asker has given up: what comes now is a dead letter.</summary>
    internal void Abandon() => Finish();

    protected override void TellInternal(object message, IActorRef? sender)
    {
        // In Akka.NET's order: who asks for object gets a failure as an answer like any other.
        var first = message switch
        {
            T answer => _result.TrySetResult(answer),
            null => _result.TrySetResult(default!),
            Status.Failure failure => _result.TrySetException(
                failure.Cause ?? new TaskCanceledException("The actor answered with a failure that names no cause.")),
            _ => _result.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (first)
            Finish();
        else if (!_result.Task.IsCanceled)
            _provider.DeadLetters.Tell(new Event.DeadLetter(message!, sender ?? _provider.DeadLetters, this), sender);
    }

    void Finish()
    {
        HashSet<IActorRef>? watchers;
        lock (_lock)
        {
            if (_done)
                return;
            _done = true;
            watchers = _watchers;
            _watchers = null;
            if (_path is not null)
                _provider.UnregisterTempActor(_path);
        }

        foreach (var watcher in watchers ?? [])
            ((IInternalActorRef)watcher).SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true,
                addressTerminated: false));
    }
}
