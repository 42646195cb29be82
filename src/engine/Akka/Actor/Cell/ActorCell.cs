using System.Runtime.CompilerServices;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The engine's half of an actor: mailbox, behaviour, children, watches; what an actor sees as its context.
/// </summary>
public partial class ActorCell : IUntypedActorContext, ICell
{
    internal const long UndefinedUid = 0;

    static readonly Props TerminatedProps = Props.Create<TerminatedActor>();

    readonly IInternalActorRef _self;
    readonly ActorSystemImpl _systemImpl;
    Mailbox _mailbox = null!;
    ActorBase? _actor;
    Receive? _behavior;
    Stack<Receive>? _stackedBehaviors;
    ActorTaskScheduler? _taskScheduler;

    public ActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher,
        IInternalActorRef parent)
    {
        _self = self;
        Props = props;
        _systemImpl = system;
        Parent = parent;
        Dispatcher = dispatcher;
    }

    public ActorSystem System => _systemImpl;

    public ActorSystemImpl SystemImpl => _systemImpl;

    public Props Props { get; private set; }

    public IActorRef Self => _self;

    IActorRef IActorContext.Parent => Parent;

    public IInternalActorRef Parent { get; }

    public MessageDispatcher Dispatcher { get; }

    public IActorRef Sender { get; private set; } = null!;

    public object? CurrentMessage { get; private set; }

    /// <summary>Counts the user messages handled, so that a stash can tell one from the next.</summary>
    internal long CurrentEnvelopeId { get; private set; }

    internal bool HasTimers { get; private set; }

    public bool IsLocal => true;

    public bool HasMessages => Mailbox.MessageQueue.HasMessages;

    public int NumberOfMessages => Mailbox.MessageQueue.Count;

    public bool IsTerminated => Mailbox.IsClosed;

    internal static ActorCell? Current => InternalCurrentActorCellKeeper.Current;

    internal Mailbox Mailbox => Volatile.Read(ref _mailbox);

    internal ActorBase? Actor => _actor;

    internal virtual ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    internal long Uid => _self.Path.Uid;

    internal static IActorRef GetCurrentSelfOrNoSender() => Current is { } cell ? cell._self : ActorRefs.NoSender;

    internal static IActorRef GetCurrentSenderOrNoSender() => Current is { } cell ? cell.Sender : ActorRefs.NoSender;

    public void Init(bool sendSupervise, MailboxType mailboxType)
    {
        var mailbox = new Mailbox(mailboxType.Create(_self, _systemImpl));
        mailbox.SetActor(this);
        mailbox.EnqueueSystem(_self, new Create(null));
        Volatile.Write(ref _mailbox, mailbox);
        if (sendSupervise)
            Parent.SendSystemMessage(new Supervise(_self, async: false));
    }

    public virtual void Start() => Dispatcher.Attach(this);

    public void Suspend() => SendSystemMessage(new Suspend());

    public void Resume(Exception? causedByFailure) => SendSystemMessage(new Resume(causedByFailure));

    public void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    public void Stop() => SendSystemMessage(new Terminate());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SendMessage(IActorRef? sender, object message)
    {
        if (_systemImpl.SerializesMessages)
            message = _systemImpl.RoundTrip(message, _self);
        Dispatcher.Dispatch(this, new Envelope(message, sender));
    }

    public virtual void SendSystemMessage(ISystemMessage message) =>
        Dispatcher.SystemDispatch(this, (SystemMessage)message);

    // Replaces the top of the stack, but never the first behaviour: that one stays at the bottom.
    public void Become(Receive receive)
    {
        if (_behavior is not null && _stackedBehaviors is not { Count: > 0 })
            (_stackedBehaviors ??= new()).Push(_behavior);
        _behavior = receive;
    }

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(AsReceive(receive));

    public void BecomeStacked(Receive receive)
    {
        if (_behavior is not null)
            (_stackedBehaviors ??= new()).Push(_behavior);
        _behavior = receive;
    }

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(AsReceive(receive));

    public void UnbecomeStacked()
    {
        if (_stackedBehaviors is { Count: > 0 } stacked)
            _behavior = stacked.Pop();
    }

    public ActorSelection ActorSelection(string path) => ActorRefFactoryShared.ActorSelection(path, _systemImpl, _self);

    public ActorSelection ActorSelection(ActorPath path) => ActorRefFactoryShared.ActorSelection(path, _systemImpl);

    internal Mailbox SwapMailbox(Mailbox mailbox) => Interlocked.Exchange(ref _mailbox, mailbox);

    /// <summary>Handles one user message. The thread has announced itself as running this actor.</summary>
    internal void Invoke(in Envelope envelope)
    {
        var message = envelope.Message;
        CurrentMessage = message;
        CurrentEnvelopeId++;
        Sender = envelope.Sender ?? _systemImpl.DeadLetters;
        try
        {
            if (message is IAutoReceivedMessage)
                AutoReceiveMessage(envelope);
            else
                ReceiveMessage(message);
            // A handler that is still awaiting goes on with this message and sender.
            if (!IsAwaiting)
                CurrentMessage = null;
            if (_receiveTimeout is not null)
                CheckReceiveTimeout(message is not INotInfluenceReceiveTimeout);
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause);
        }
    }

    internal virtual void ReceiveMessage(object message) => _actor!.AroundReceive(_behavior!, message);

    internal void AutoReceiveMessage(in Envelope envelope)
    {
        switch (envelope.Message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case ActorSelectionMessage selection:
                ReceiveSelection(selection);
                break;
            default:
                ReceiveMessage(envelope.Message);
                break;
        }
    }

    /// <summary>Runs <paramref name="action"/> as if this actor's mailbox did.</summary>
    internal void UseThreadContext(Action action)
    {
        var outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = this;
        try
        {
            action();
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = outer;
        }
    }

    /// <summary>
    /// Gives a message to the behaviour past the mailbox. What the handler throws goes to the caller, not to the
    /// parent.
    /// </summary>
    internal void ReceiveForTest(object message, IActorRef sender)
    {
        SetCurrent(message, sender);
        try
        {
            UseThreadContext(() => ReceiveMessage(message));
        }
        finally
        {
            if (!IsAwaiting)
                SetCurrent(null, _systemImpl.DeadLetters);
        }
    }

    internal void SetCurrent(object? message, IActorRef sender)
    {
        CurrentMessage = message;
        Sender = sender;
    }

    internal bool HasBehavior(Receive behavior) => ReferenceEquals(_behavior, behavior) || behavior.Equals(_behavior);

    ActorBase NewActor()
    {
        _behavior = null;
        _stackedBehaviors = null;
        return CreateNewActorInstance();
    }

    private protected virtual ActorBase CreateNewActorInstance()
    {
        var actor = Props.NewActor() ?? throw new ActorInitializationException(
            _self, $"The props of {_self} produced no actor; a factory must not return null.");
        _actor = actor;
        if (actor is IActorStash stashing)
            stashing.Stash = this.CreateStash(actor.GetType());
        if (actor is IWithTimers timing)
        {
            timing.Timers = new Scheduler.TimerScheduler(this);
            HasTimers = true;
        }

        (actor as IInitializableActor)?.Init();
        return actor;
    }

    void ReceiveSelection(ActorSelectionMessage selection)
    {
        if (selection.Elements.Length == 0)
            Invoke(new Envelope(selection.Message, Sender));
        else
            Akka.Actor.ActorSelection.DeliverSelection(_self, Sender, selection);
    }

    static Receive AsReceive(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    void Publish(LogEvent log)
    {
        try
        {
            _systemImpl.EventStream.Publish(log);
        }
        catch (Exception)
        {
            // A subscriber that cannot take a log event must not harm the actor that it is about.
        }
    }

    sealed class TerminatedActor : ActorBase
    {
        protected override bool Receive(object message) => false;
    }
}
