using Akka.Actor.Internal;

namespace Akka.Actor;

public partial class ActorCell
{
    bool _awaiting;

    /// <summary>Whether an asynchronous handler is under way; the actor takes no user message meanwhile.</summary>
    internal bool IsAwaiting => _awaiting;

    internal void BeginTask()
    {
        _awaiting = true;
        SuspendNonRecursive();
    }

    void TaskEnded(Exception? failure)
    {
        if (!_awaiting)
            return;
        _awaiting = false;
        var message = CurrentMessage;
        ResumeNonRecursive();
        if (failure is not null)
        {
            HandleInvokeFailure(failure);
            return;
        }

        CurrentMessage = null;
        CheckReceiveTimeout(message is not INotInfluenceReceiveTimeout);
    }

    void AbandonTask() => _awaiting = false;
}
