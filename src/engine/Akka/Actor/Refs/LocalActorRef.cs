using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A reference with a cell behind it.</summary>
public abstract class ActorRefWithCell : InternalActorRefBase
{
    public abstract ICell Underlying { get; }

    public abstract IEnumerable<IActorRef> Children { get; }

    public abstract IInternalActorRef GetSingleChild(string name);
}

/// <summary>A reference to an actor of this process.</summary>
public class LocalActorRef : ActorRefWithCell
{
    readonly ActorCell _cell;

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
        IInternalActorRef supervisor, ActorPath path)
    {
        System = system;
        Props = props;
        Dispatcher = dispatcher;
        Supervisor = supervisor;
        Path = path;
        _cell = NewActorCell(system, this, props, dispatcher, supervisor);
        _cell.Init(sendSupervise: false, mailboxType);
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _cell.SystemImpl.Provider;

    public override ICell Underlying => _cell;

    public override bool IsLocal => true;

    public override IInternalActorRef Parent => _cell.Parent;

    public override IEnumerable<IActorRef> Children => _cell.GetChildren();

    public override bool IsTerminated => _cell.IsTerminated;

    public ActorCell Cell => _cell;

    protected ActorSystem System { get; }

    protected Props Props { get; }

    protected MessageDispatcher Dispatcher { get; }

    protected IInternalActorRef Supervisor { get; }

    public override IInternalActorRef GetSingleChild(string name) => _cell.GetSingleChild(name);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IActorRef current = this;
        for (var i = 0; i < name.Count; i++)
        {
            if (current is not ActorRefWithCell withCell)
                return ((IInternalActorRef)current).GetChild([.. name.Skip(i)]);
            IActorRef next = name[i] switch
            {
                ".." => withCell.Parent,
                "" => withCell,
                var child => withCell.GetSingleChild(child),
            };
            if (next.IsNobody())
                return ActorRefs.Nobody;
            current = next;
        }

        return current;
    }

    public override void Start() => _cell.Start();

    public override void Suspend() => _cell.Suspend();

    public override void Resume(Exception? causedByFailure = null) => _cell.Resume(causedByFailure);

    public override void Restart(Exception cause) => _cell.Restart(cause);

    public override void Stop() => _cell.Stop();

    public override void SendSystemMessage(ISystemMessage message) => _cell.SendSystemMessage(message);

    public override void SendSystemMessage(ISystemMessage message, IActorRef? sender) =>
        _cell.SendSystemMessage(message);

    protected virtual ActorCell NewActorCell(ActorSystemImpl system, IInternalActorRef self, Props props,
        MessageDispatcher dispatcher,
        IInternalActorRef supervisor) => new(system, self, props, dispatcher, supervisor);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        _cell.SendMessage(sender, message);
    }
}
