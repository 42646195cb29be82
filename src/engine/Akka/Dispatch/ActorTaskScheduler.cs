using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>Runs the pieces of an actor's asynchronous handlers as that actor, one at a time.</summary>
public class ActorTaskScheduler : TaskScheduler
{
    readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public object CurrentMessage { get; private set; } = null!;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an action whose awaits come back to the actor.</summary>
    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Runs an asynchronous handler as the current actor, which handles no further user message until it ends. A
    /// failure is one of the actor.
    /// </summary>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current
            ?? throw new InvalidOperationException("RunTask must be called by an actor, while it handles a message.");
        cell.TaskScheduler.Begin(asyncAction);
    }

    internal void Execute(Task task) => TryExecuteTask(task);

    protected virtual void OnBeforeTaskStarted()
    {
    }

    protected virtual void OnAfterTaskCompleted()
    {
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    protected override void QueueTask(Task task)
    {
        // Already inside the actor: go on at once. Long-running work never inlines.
        if (ActorCell.Current == _cell && (task.CreationOptions & TaskCreationOptions.LongRunning) == 0)
            TryExecuteTask(task);
        else
            _cell.SendSystemMessage(new ActorTaskMessage(this, task));
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    void Begin(Func<Task> asyncAction)
    {
        CurrentMessage = _cell.CurrentMessage!;
        OnBeforeTaskStarted();
        var outer = Task.Factory.StartNew(asyncAction, CancellationToken.None, TaskCreationOptions.None, this);
        // The first piece has run already, inside this call; if there was no other, the actor need not wait.
        if (outer.IsFaulted)
            ExceptionDispatchInfo.Capture(outer.Exception!.InnerException!).Throw();
        var task = outer.Result ?? Task.CompletedTask;
        if (task.IsCompleted)
        {
            Ended(task);
            task.GetAwaiter().GetResult();
            return;
        }

        _cell.BeginTask();
        task.ContinueWith(static (t, state) => ((ActorTaskScheduler)state!).Report(t), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, Default);
    }

    void Report(Task task)
    {
        var failure = task.IsCanceled ? new TaskCanceledException(task)
            : task.Exception is { InnerExceptions.Count: 1 } single ? single.InnerException
            : task.Exception;
        _cell.SendSystemMessage(new ActorTaskEnded(failure, this, task));
    }

    internal void Ended(Task task)
    {
        Interceptor?.OnTaskCompleted(CurrentMessage, task.Exception?.InnerException);
        CurrentMessage = null!;
        OnAfterTaskCompleted();
    }

    IAsyncResultInterceptor? Interceptor => this as IAsyncResultInterceptor;
}

/// <summary>Learns how the asynchronous handlers of an actor end.</summary>
interface IAsyncResultInterceptor
{
    void OnTaskCompleted(object message, Exception? exception);
}
