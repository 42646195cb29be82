namespace Akka.Persistence;

/// <summary>A persistent actor whose handlers are chosen by the type of the message, in the order given.</summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    readonly HandlerList _commands = new();
    readonly HandlerList _recovers = new();

    // Where Command(...) adds: the actor's own list while it is constructed, Become's list inside Become, else null.
    HandlerList? _configuring;
    bool _constructed;

    protected ReceivePersistentActor() => _configuring = _commands;

    public override void AroundPreStart()
    {
        EndConstruction();
        base.AroundPreStart();
    }

    public override void AroundPostRestart(Exception cause, object? message)
    {
        EndConstruction();
        base.AroundPostRestart(cause, message!);
    }

    protected sealed override void OnCommand(object message) => Run(_commands, message);

    protected sealed override void OnRecover(object message) => Run(_recovers, message);

    protected void Become(Action configure)
    {
        var handlers = Configure(configure);
        Become(message => Run(handlers, message));
    }

    protected void BecomeStacked(Action configure)
    {
        var handlers = Configure(configure);
        BecomeStacked(message => Run(handlers, message));
    }

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(handler, shouldHandle);

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Commands.Add(handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => Commands.Add(handler);

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(messageType, handler, shouldHandle);

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Commands.Add(messageType, handler, shouldHandle);

    protected void Command(Type messageType, Func<object, bool> handler) => Commands.Add(messageType, handler);

    protected void Command(Action<object> handler) => Commands.AddAny(handler);

    protected void CommandAny(Action<object> handler) => Commands.AddAny(handler);

    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(Async(handler), shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        Commands.Add(Async(handler), shouldHandle);

    protected void CommandAsync(
        Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(messageType, Async(handler), shouldHandle);

    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Commands.Add(messageType, Async(handler), shouldHandle);

    protected void CommandAnyAsync(Func<object, Task> handler) => Commands.AddAny(Async(handler));

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Recovers.Add(handler, shouldHandle);

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recovers.Add(handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => Recovers.Add(handler);

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Recovers.Add(messageType, handler, shouldHandle);

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recovers.Add(messageType, handler, shouldHandle);

    protected void Recover(Type messageType, Func<object, bool> handler) => Recovers.Add(messageType, handler);

    protected void RecoverAny(Action<object> handler) => Recovers.AddAny(handler);

    HandlerList Commands =>
        _configuring ?? throw new InvalidOperationException(
            "You may only call Command-methods when constructing the actor and inside Become().");

    HandlerList Recovers =>
        !_constructed
            ? _recovers
            : throw new InvalidOperationException("You may only call Recover-methods when constructing the actor.");

    Action<T> Async<T>(Func<T, Task> handler) => message => RunTask(() => handler(message));

    void EndConstruction()
    {
        _constructed = true;
        _configuring = null;
    }

    HandlerList Configure(Action configure)
    {
        var outer = _configuring;
        var handlers = new HandlerList();
        _configuring = handlers;
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }
        return handlers;
    }

    void Run(HandlerList handlers, object message)
    {
        if (!handlers.Handle(message))
            Unhandled(message);
    }

    /// <summary>Handlers in the order in which they are tried.</summary>
    sealed class HandlerList
    {
        Func<object, bool>[] _handlers = [];
        bool _closed;

        public bool Handle(object message)
        {
            foreach (var handler in _handlers)
                if (handler(message))
                    return true;
            return false;
        }

        public void Add<T>(Action<T> handler, Predicate<T>? shouldHandle)
        {
            ArgumentNullException.ThrowIfNull(handler);
            Add(message =>
            {
                if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
                    return false;
                handler(typed);
                return true;
            });
        }

        public void Add<T>(Func<T, bool> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            Add(message => message is T typed && handler(typed));
        }

        public void Add(Type type, Action<object> handler, Predicate<object>? shouldHandle)
        {
            ArgumentNullException.ThrowIfNull(handler);
            Add(message =>
            {
                if (!type.IsInstanceOfType(message) || (shouldHandle is not null && !shouldHandle(message)))
                    return false;
                handler(message);
                return true;
            });
        }

        public void Add(Type type, Func<object, bool> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            Add(message => type.IsInstanceOfType(message) && handler(message));
        }

        public void AddAny(Action<object> handler)
        {
            Add(handler, null);
            _closed = true;
        }

        void Add(Func<object, bool> handler)
        {
            if (_closed)
                throw new InvalidOperationException(
                    "A handler that would match all messages has been added already; nothing can be added after it.");
            _handlers = [.. _handlers, handler];
        }
    }
}
