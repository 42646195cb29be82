using Akka.Dispatch.SysMsg;
using SysMsg = Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public partial class ActorCell
{
    // In growing order of how much has to wait.
    enum Readiness
    {
        Normal,
        Suspended,
        WaitingForChildren,
    }

    List<SystemMessage>? _systemStash;
    Readiness _systemStashedAt;

    internal void SystemInvoke(SystemMessage message)
    {
        var before = CurrentReadiness;
        if (MustWait(message, before))
        {
            (_systemStash ??= []).Add(message);
            _systemStashedAt = (Readiness)Math.Max((int)_systemStashedAt, (int)before);
            return;
        }

        try
        {
            Handle(message);
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause);
        }

        while (_systemStash is not null && CurrentReadiness < _systemStashedAt)
        {
            var waiting = _systemStash;
            _systemStash = null;
            _systemStashedAt = Readiness.Normal;
            foreach (var delayed in waiting)
                SystemInvoke(delayed);
        }
    }

    Readiness CurrentReadiness => _children.Waiting != Internal.WaitingFor.Nothing ? Readiness.WaitingForChildren
        : Mailbox.IsSuspended ? Readiness.Suspended
        : Readiness.Normal;

    static bool MustWait(SystemMessage message, Readiness readiness) => readiness switch
    {
        Readiness.Normal => false,
        Readiness.Suspended => message is Failed,
        _ => message is Failed or Recreate or SysMsg.Suspend or SysMsg.Resume,
    };

    void Handle(SystemMessage message)
    {
        switch (message)
        {
            case Create create:
                Create(create.Failure);
                break;
            case Watch watch:
                AddWatcher(watch.Watchee, watch.Watcher);
                break;
            case Unwatch unwatch:
                RemoveWatcher(unwatch.Watchee, unwatch.Watcher);
                break;
            case Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case SysMsg.Suspend:
                FaultSuspend();
                break;
            case SysMsg.Resume resume:
                FaultResume(resume.CausedByFailure);
                break;
            case SysMsg.Terminate:
                Terminate();
                break;
            case DeathWatchNotification notification:
                WatchedActorTerminated(notification);
                break;
            case Failed failed:
                HandleFailed(failed);
                break;
            case ActorTaskMessage task:
                task.Execute();
                break;
            case ActorTaskEnded ended:
                TaskEnded(ended.Failure);
                ended.Announce();
                break;
            case Supervise:
                break; // A parent knows its child before the child starts.
            default:
                throw new NotSupportedException($"The engine does not know the system message {message.GetType()}.");
        }
    }

    void Create(ActorInitializationException? failure)
    {
        if (failure is not null)
            throw failure;
        try
        {
            var actor = NewActor();
            _actor = actor;
            actor.AroundPreStart();
            CheckReceiveTimeout(reschedule: true);
            if (_systemImpl.Settings.DebugLifecycle)
                Publish(new Debug(_self.Path.ToString(), actor.GetType(), $"Started ({actor})"));
        }
        catch (Exception e)
        {
            if (_actor is not null)
                ClearActorFields();
            throw e is ActorInitializationException ? e : new ActorInitializationException(
                _self, $"The actor could not be created: {e.GetType()}: {e.Message}", e);
        }
    }
}
