using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public partial class ActorCell
{
    // Who caused the suspension: this actor itself, or a child whose failure it passed on.
    IActorRef? _perpetrator;

    // While a child's failure is being decided: escalating it makes the child, not this actor, the perpetrator.
    IActorRef? _failedChild;

    bool IsFailed => _perpetrator is not null;

    void SuspendNonRecursive() => Dispatcher.Suspend(this);

    void ResumeNonRecursive() => Dispatcher.Resume(this);

    void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }

        if (!IsNormal)
        {
            FaultResume(null); // It is on its way out; only the suspension that came with the failure must end.
            return;
        }

        var failed = _actor;
        var message = CurrentMessage;
        try
        {
            failed.AroundPreRestart(cause, message!);
        }
        catch (Exception e)
        {
            var failure = new PreRestartException(_self, e, cause, message);
            Publish(new Error(failure, _self.Path.ToString(), failed.GetType(), e.Message));
        }
        finally
        {
            ClearActorFields();
        }

        if (!_children.WaitForDying(WaitingFor.Recreation, cause))
            FinishRecreate(cause);
    }

    void FaultSuspend()
    {
        SuspendNonRecursive();
        SuspendChildren();
    }

    void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            if (!IsTerminating)
                FaultCreate();
            else
                ResumeNonRecursive();
            return;
        }

        var perpetrator = _perpetrator;
        ResumeNonRecursive();
        if (causedByFailure is not null)
            _perpetrator = null;
        ResumeChildren(causedByFailure, perpetrator);
    }

    void FaultCreate()
    {
        StopChildren();
        if (!_children.WaitForDying(WaitingFor.Creation, null))
            FinishCreate();
    }

    void FinishCreate()
    {
        try
        {
            ResumeNonRecursive();
        }
        finally
        {
            _perpetrator = null;
        }

        try
        {
            Create(null);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    void Terminate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        UnwatchWatchedActors();
        StopChildren();
        var wasTerminating = IsTerminating;
        if (_children.WaitForDying(WaitingFor.Termination, null))
        {
            if (wasTerminating)
                return;
            // User messages wait for nothing any more, but their senders learn of it only at the end.
            SuspendNonRecursive();
            _perpetrator = _self;
            if (_systemImpl.Settings.DebugLifecycle)
                Publish(new Debug(_self.Path.ToString(), ActorType, "Stopping"));
            return;
        }

        if (wasTerminating && IsTerminated)
            return;
        _children.Close();
        FinishTerminate();
    }

    Type ActorType => _actor?.GetType() ?? typeof(ActorBase);

    internal void HandleInvokeFailure(Exception cause, IReadOnlyList<IInternalActorRef>? childrenNotToSuspend = null)
    {
        if (IsFailed)
            return;
        try
        {
            SuspendNonRecursive();
            _perpetrator = _failedChild ?? _self;
            foreach (var child in _children.Children())
                if (!child.Equals(_perpetrator)
                    && (childrenNotToSuspend is null || !childrenNotToSuspend.Contains(child)))
                    child.Suspend();
            Parent.SendSystemMessage(new Failed(_self, cause, Uid));
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), ActorType,
                $"Could not tell the supervisor of {cause.Message}; stopping. {e}"));
            StopChildren();
            FinishTerminate();
        }
    }

    void HandleFailed(Failed failed)
    {
        var (message, sender) = (CurrentMessage, Sender);
        var stats = _children.Find(failed.Child);
        if (stats is null)
        {
            if (_systemImpl.Settings.DebugLifecycle)
                Publish(new Debug(_self.Path.ToString(), ActorType, $"dropping {failed}: no such child any more"));
            return;
        }

        SetCurrent(failed, failed.Child);
        _failedChild = failed.Child;
        try
        {
            var strategy = _actor is null ? SupervisorStrategy.DefaultStrategy : _actor.SupervisorStrategyInternal;
            if (!strategy.HandleFailure(this, failed.Child, failed.Cause, stats, _children.Stats()))
                HandleInvokeFailure(failed.Cause);
        }
        finally
        {
            _failedChild = null;
            SetCurrent(message, sender);
        }
    }

    void HandleChildTerminated(IActorRef child)
    {
        var (_, goOn, cause) = _children.Remove(child);
        if (_actor is not null)
        {
            try
            {
                _actor.SupervisorStrategyInternal.HandleChildTerminated(this, child, _children);
            }
            catch (Exception e)
            {
                Publish(new Error(e, _self.Path.ToString(), ActorType,
                    "HandleChildTerminated of the supervisor strategy failed"));
                HandleInvokeFailure(e);
            }
        }

        switch (goOn)
        {
            case WaitingFor.Recreation:
                FinishRecreate(cause!);
                break;
            case WaitingFor.Creation:
                FinishCreate();
                break;
            case WaitingFor.Termination:
                FinishTerminate();
                break;
        }
    }

    void FinishRecreate(Exception cause)
    {
        var survivors = _children.Children();
        try
        {
            try
            {
                ResumeNonRecursive();
            }
            finally
            {
                _perpetrator = null;
            }

            var fresh = NewActor();
            _actor = fresh;
            fresh.AroundPostRestart(cause, null!);
            CheckReceiveTimeout(reschedule: true);
            if (_systemImpl.Settings.DebugLifecycle)
                Publish(new Debug(_self.Path.ToString(), fresh.GetType(), "restarted"));
            foreach (var child in survivors)
                child.Restart(cause);
        }
        catch (Exception e)
        {
            ClearActorFields();
            HandleInvokeFailure(new PostRestartException(_self, e, cause), survivors);
        }
    }

    void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            if (actor is not null)
                actor.AroundPostStop();
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), ActorType, e.Message));
        }
        finally
        {
            AbandonTask();
            DropSystemStash();
            Unstash(actor);
            try
            {
                Dispatcher.Detach(this);
            }
            finally
            {
                Parent.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true,
                    addressTerminated: false));
                TellWatchersWeDied();
                UnwatchWatchedActors();
                if (_systemImpl.Settings.DebugLifecycle)
                    Publish(new Debug(_self.Path.ToString(), ActorType, "Stopped"));
                ClearActorFields();
                Props = TerminatedProps;
                CurrentMessage = null;
            }
        }
    }

    void DropSystemStash()
    {
        var waiting = _systemStash;
        _systemStash = null;
        foreach (var message in waiting ?? [])
            _systemImpl.Mailboxes.DeadLetterMailbox.EnqueueSystem(_self, message);
    }

    // What an actor put aside outlives it: the next instance gets it, or else dead letters do.
    static void Unstash(ActorBase? actor) => (actor as IActorStash)?.Stash?.UnstashAll();

    void ClearActorFields()
    {
        var actor = _actor;
        if (actor is null)
            return;
        Unstash(actor);
        _actor = null;
        _behavior = null;
        _stackedBehaviors = null;
        CurrentMessage = null;
        (actor as IWithTimers)?.Timers?.CancelAll();
        try
        {
            (actor as IDisposable)?.Dispose();
            Props.Release(actor);
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), actor.GetType(),
                $"Disposing of the actor failed: {e.Message}"));
        }

        actor.Clear();
    }
}
