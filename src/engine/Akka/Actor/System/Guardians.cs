using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>/user and the root: only there to supervise.</summary>
sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated:
                Context.Stop(Self);
                break;
            case StopChild stop:
                Context.Stop(stop.Child);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    // A guardian is never restarted; if it were, its children should not be stopped.
    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary>/system: outlives /user until everybody who registered a termination hook is done.</summary>
sealed class SystemGuardianActor(IActorRef userGuardian) : ActorBase
{
    readonly HashSet<IActorRef> _hooks = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(userGuardian):
                Become(Terminating);
                foreach (var hook in _hooks)
                    hook.Tell(TerminationHook.Instance, Self);
                StopWhenDone();
                break;
            case Terminated terminated:
                _hooks.Remove(terminated.ActorRef);
                break;
            case StopChild stop:
                Context.Stop(stop.Child);
                break;
            case RegisterTerminationHook when !Sender.Equals(Context.System.DeadLetters):
                _hooks.Add(Sender);
                Context.Watch(Sender);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    bool Terminating(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                _hooks.Remove(terminated.ActorRef);
                StopWhenDone();
                break;
            case TerminationHookDone:
                _hooks.Remove(Sender);
                StopWhenDone();
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    void StopWhenDone()
    {
        if (_hooks.Count > 0)
            return;
        ((ExtendedActorSystem)Context.System).StopLoggers();
        Context.Stop(Self);
    }

    protected override void PreRestart(Exception reason, object message)
    {
    }
}
