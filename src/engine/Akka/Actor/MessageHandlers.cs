namespace Akka.Actor;

/// <summary>
/// The handlers of one behaviour of a <see cref="ReceiveActor"/>, tried in the order in which they were added.
/// </summary>
sealed class MessageHandlers
{
    // From here on, looking up where a message's type first matches is cheaper than trying one handler after another.
    const int Many = 6;

    readonly List<Handler> _adding = [];
    Handler[] _handlers = [];
    Dictionary<Type, int>? _firstByType;
    bool _takesAll;

    public void Add(Handler handler)
    {
        if (_takesAll)
            throw new InvalidOperationException("A handler that matches every message has been added already; "
                + "no handler added after it would ever be called.");
        _takesAll = handler.TakesAll;
        _adding.Add(handler);
    }

    public MessageHandlers Complete()
    {
        _handlers = [.. _adding];
        _firstByType = _handlers.Length > Many ? [] : null;
        return this;
    }

    public bool Handle(object message)
    {
        var handlers = _handlers;
        for (var i = _firstByType is null ? 0 : First(message); (uint)i < (uint)handlers.Length; i++)
            if (handlers[i].TryHandle(message))
                return true;
        return false;
    }

    int First(object message)
    {
        var type = message.GetType();
        if (!_firstByType!.TryGetValue(type, out var first))
            _firstByType[type] = first = Array.FindIndex(_handlers, h => h.Matches(message)) is var i and >= 0
                ? i : _handlers.Length;
        return first;
    }

    internal abstract class Handler
    {
        public virtual bool TakesAll => false;

        public abstract bool Matches(object message);

        public abstract bool TryHandle(object message);
    }

    internal sealed class ForType<T>(Action<T> handler, Predicate<T>? shouldHandle) : Handler
    {
        public override bool TakesAll => typeof(T) == typeof(object) && shouldHandle is null;

        public override bool Matches(object message) => message is T;

        public override bool TryHandle(object message)
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
                return false;
            handler(typed);
            return true;
        }
    }

    internal sealed class DecidingForType<T>(Func<T, bool> handler) : Handler
    {
        public override bool Matches(object message) => message is T;

        public override bool TryHandle(object message) => message is T typed && handler(typed);
    }

    internal sealed class ForRuntimeType(Type type, Func<object, bool> handler, bool takesAll) : Handler
    {
        public override bool TakesAll => takesAll && type == typeof(object);

        public override bool Matches(object message) => type.IsInstanceOfType(message);

        public override bool TryHandle(object message) => type.IsInstanceOfType(message) && handler(message);
    }
}
