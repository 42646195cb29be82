using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor that says which handler takes which type of message: in its constructor, and anew in each Become.
/// </summary>
public abstract class ReceiveActor : UntypedActor, IInitializableActor
{
    MessageHandlers? _configuring = new();
    MessageHandlers? _initial;

    void IInitializableActor.Init()
    {
        if (_configuring is not { } handlers)
            return;
        _configuring = null;
        _initial = handlers.Complete();
        // A constructor that chose a behaviour with Become keeps it.
        if (Cell.HasBehavior(Receive))
            Cell.Become(_initial.Handle);
    }

    protected sealed override void OnReceive(object message)
    {
        if (_initial is null || !_initial.Handle(message))
            Unhandled(message);
    }

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> adds.</summary>
    protected void Become(Action configure) => base.Become(Configured(configure).Handle);

    /// <summary>
    /// Puts the handlers that <paramref name="configure"/> adds above the behaviour, until UnbecomeStacked.
    /// </summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Configured(configure).Handle);

    /// <summary>
    /// Handles messages of a type asynchronously; the actor takes no other user message until the task ends.
    /// </summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Receive(Awaited(handler), shouldHandle);

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Receive(messageType, Awaited(handler), shouldHandle);

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(Awaited(handler));

    /// <summary>Handles messages of a type, or those of them for which <paramref name="shouldHandle"/> holds.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new MessageHandlers.ForType<T>(handler, shouldHandle));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type; where the handler says false, the next one is tried.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(new MessageHandlers.DecidingForType<T>(handler));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new MessageHandlers.ForRuntimeType(messageType, message =>
        {
            if (shouldHandle is not null && !shouldHandle(message))
                return false;
            handler(message);
            return true;
        }, takesAll: shouldHandle is null));

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Add(new MessageHandlers.ForRuntimeType(messageType, handler, takesAll: false));

    /// <summary>Handles whatever no handler before took.</summary>
    protected void ReceiveAny(Action<object> handler) => Add(new MessageHandlers.ForType<object>(handler, null));

    static Action<T> Awaited<T>(Func<T, Task> handler) => message => ActorTaskScheduler.RunTask(() => handler(message));

    MessageHandlers Configured(Action configure)
    {
        var outer = _configuring;
        var handlers = _configuring = new MessageHandlers();
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return handlers.Complete();
    }

    void Add(MessageHandlers.Handler handler) => (_configuring ?? throw new InvalidOperationException(
        "You may only call Receive-methods when constructing the actor and inside Become().")).Add(handler);
}
