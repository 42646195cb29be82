using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.TestKit.Internal;

/// <summary>A reference to an actor that a test can look into and hand messages to past its mailbox.</summary>
public class InternalTestActorRef : LocalActorRef
{
    static long s_names;

    InternalTestActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
        IInternalActorRef supervisor, ActorPath path)
        : base(system, props, dispatcher, mailboxType, supervisor, path)
    {
    }

    /// <summary>The actor itself.</summary>
    /// <exception cref="IllegalActorStateException">It has ended, or does not begin in the default time.</exception>
    public object UnderlyingActor
    {
        get
        {
            var limit = TestKitExtension.For(System).DefaultTimeout;
            // On a dispatcher of its own the actor may still be about to be made.
            if (!SpinWait.SpinUntil(() => Cell.Actor is not null || IsTerminated, limit) || IsTerminated)
                throw new IllegalActorStateException("Underlying actor is terminated");
            return Cell.Actor!;
        }
    }

    /// <summary>Starts an actor under a supervisor, by default the guardian.</summary>
    public static InternalTestActorRef Create(
        ActorSystem system, Props props, IActorRef? supervisor = null, string? name = null)
    {
        var implementation = (ActorSystemImpl)system;
        var parent = supervisor as LocalActorRef ?? (supervisor is null
            ? implementation.Provider.Guardian
            : throw new ArgumentException($"[{supervisor}] is no local actor.", nameof(supervisor)));
        if (props.Deploy.Dispatcher == Deploy.NoDispatcherGiven)
            props = props.WithDispatcher(CallingThreadDispatcher.Id);
        var dispatcher = system.Dispatchers.Lookup(props.Deploy.Dispatcher);
        var mailbox = system.Mailboxes.GetMailboxType(props, dispatcher.Configurator.Config);
        var path = parent.Cell.ReserveChild(name ?? CreateUniqueName());
        var actor = new InternalTestActorRef(implementation, props, dispatcher, mailbox, parent, path);
        parent.Cell.StartChild(actor);
        return actor;
    }

    public static string CreateUniqueName() => $"$${Interlocked.Increment(ref s_names) - 1}";

    /// <summary>
    /// Gives a message to the behaviour of the actor, on this thread and past its mailbox. What the handler throws
    /// comes out here and does not fail the actor.
    /// </summary>
    public void Receive(object message, IActorRef? sender = null) =>
        Cell.ReceiveForTest(message, sender.IsNobody() ? System.DeadLetters : sender!);

    /// <summary>As <see cref="Receive"/>; ends when an asynchronous handler has ended, or failed.</summary>
    public async Task ReceiveAsync(object message, IActorRef? sender = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cell.TaskObserver = failure =>
        {
            if (failure is null)
                done.TrySetResult();
            else
                done.TrySetException(failure);
        };
        try
        {
            Receive(message, sender);
            if (Cell.IsAwaiting || done.Task.IsCompleted)
                await done.Task.ConfigureAwait(false);
        }
        finally
        {
            Cell.TaskObserver = null;
        }
    }

    /// <summary>Has this actor told of the end of another.</summary>
    public void Watch(IActorRef subject) => Cell.Watch(subject);

    public void Unwatch(IActorRef subject) => Cell.Unwatch(subject);

    public override string ToString() => $"TestActor[{Path}]";
}
