using Akka.Actor.Internal;

namespace Akka.Actor;

public partial class ActorCell
{
    int _pendingTasks;

    /// <summary>Is told of the end of an asynchronous handler, for tests.</summary>
    internal Action<Exception?>? TaskObserver { get; set; }

    /// <summary>Whether an asynchronous handler is under way; the actor takes no user message meanwhile.</summary>
    internal bool IsAwaiting => _pendingTasks > 0;

    internal void BeginTask()
    {
        _pendingTasks++;
        SuspendNonRecursive();
    }

    void TaskEnded(Exception? failure)
    {
        if (_pendingTasks == 0)
            return;
        _pendingTasks--;
        var message = CurrentMessage;
        ResumeNonRecursive();
        if (failure is not null || _pendingTasks == 0)
            TaskObserver?.Invoke(failure);
        if (failure is not null)
        {
            HandleInvokeFailure(failure);
            return;
        }

        if (_pendingTasks > 0)
            return;
        CurrentMessage = null;
        CheckReceiveTimeout(message is not INotInfluenceReceiveTimeout);
    }

    void AbandonTask() => _pendingTasks = 0;
}
