using System.Collections.Concurrent;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>The provider of a system that lives in one process; others build on it.</summary>
public sealed class LocalActorRefProvider : IActorRefProvider
{
    readonly EventStream _eventStream;
    readonly ActorPath _rootPath;
    readonly ActorPath _tempPath;
    readonly ConcurrentDictionary<string, IInternalActorRef> _extraNames = new();
    readonly TerminationWatcher _bubbleWalker;
    ActorSystemImpl? _system;
    RootGuardianActorRef? _root;
    LocalActorRef? _user;
    LocalActorRef? _systemGuardian;
    TempContainer? _temp;
    Information? _information;
    long _tempNumber;

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : this(systemName, settings, eventStream, null, null)
    {
    }

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream, Deployer? deployer,
        Func<ActorPath, IInternalActorRef>? deadLettersFactory)
    {
        Settings = settings;
        _eventStream = eventStream;
        Deployer = deployer ?? new Deployer(settings);
        _rootPath = new RootActorPath(new Address("akka", systemName));
        _tempPath = _rootPath / "temp";
        Log = Logging.GetLogger(eventStream, "LocalActorRefProvider(" + _rootPath.Address + ")");
        var deadLettersPath = _rootPath / "deadLetters";
        DeadLetters = deadLettersFactory?.Invoke(deadLettersPath)
            ?? new DeadLetterActorRef(this, deadLettersPath, eventStream);
        IgnoreRef = new IgnoreActorRef(this);
        _bubbleWalker = new TerminationWatcher(this, _rootPath / "bubble-walker");
    }

    public ILoggingAdapter Log { get; }

    public EventStream EventStream => _eventStream;

    public Settings Settings { get; }

    public Deployer Deployer { get; }

    public ActorPath RootPath => _rootPath;

    public IActorRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    public IInternalActorRef RootGuardian => _root!;

    public LocalActorRef Guardian => _user!;

    public LocalActorRef SystemGuardian => _systemGuardian!;

    public IInternalActorRef TempContainer => _temp!;

    public Task TerminationTask => _bubbleWalker.Ended;

    public Address DefaultAddress => _rootPath.Address;

    public Information SerializationInformation => _information ??= new Information(DefaultAddress,
        _system ?? throw new InvalidOperationException("SerializationInformation is not there before the provider has "
            + "been initialised."));

    public void Init(ActorSystemImpl system)
    {
        _system = system;
        var mailbox = system.Mailboxes.Lookup(Mailboxes.DefaultMailboxId);
        var dispatcher = system.Dispatchers.InternalDispatcher;
        _temp = new TempContainer(system.Provider, _tempPath, () => _root!);
        var rootStrategy = new OneForOneStrategy(cause =>
        {
            Log.Error(cause, "A guardian failed: {0}. The actor system is shut down.", cause.Message);
            return Directive.Stop;
        });
        _root = new RootGuardianActorRef(system, Props.Create(() => new GuardianActor(), rootStrategy), dispatcher,
            mailbox, _bubbleWalker, _rootPath, DeadLetters, _temp, _extraNames);
        _user = Guard("user", system.GuardianProps.GetOrElse(Props.Create(() => new GuardianActor(), UserStrategy())),
            system.Dispatchers.DefaultGlobalDispatcher);
        var user = _user;
        _systemGuardian = Guard("system",
            Props.Create(() => new SystemGuardianActor(user), SupervisorStrategy.DefaultStrategy), dispatcher);
        _root.Start();
        // The end of /user ends /system, and that the root: so everything ends, the most needed last.
        _systemGuardian.SendSystemMessage(new Watch(_user, _systemGuardian));
        _root.SendSystemMessage(new Watch(_systemGuardian, _root));
        _user.Start();
        _systemGuardian.Start();
        _eventStream.StartDefaultLoggers(system);

        LocalActorRef Guard(string name, Props props, MessageDispatcher on)
        {
            var cell = _root.Cell;
            cell.ChildTable.Reserve(name);
            var guardian = new LocalActorRef(system, props, on, system.Mailboxes.GetMailboxType(props, null), _root,
                new ChildActorPath(_rootPath, name, 0));
            cell.ChildTable.Init(guardian);
            return guardian;
        }
    }

    /// <summary>Makes a reference known right below the root.</summary>
    public void RegisterExtraName(string name, IInternalActorRef actor) => _extraNames.TryAdd(name, actor);

    public IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService,
        Deploy? deploy, bool lookupDeploy, bool async)
    {
        var given = lookupDeploy ? Deployer.Lookup(path) : deploy;
        if (given is not null)
            props = props.WithDeploy(given);
        MessageDispatcher dispatcher;
        MailboxType mailboxType;
        try
        {
            dispatcher = system.Dispatchers.Lookup(props.Dispatcher);
            mailboxType = system.Mailboxes.GetMailboxType(props, dispatcher.Configurator.Config);
        }
        catch (Exception e)
        {
            throw new ConfigurationException($"{path} cannot be created with dispatcher [{props.Dispatcher}]"
                + (props.Mailbox.Length == 0 ? "" : $" and mailbox [{props.Mailbox}]") + ": " + e.Message, e);
        }

        return new LocalActorRef(system, props, dispatcher, mailboxType, supervisor, path);
    }

    public IActorRef ResolveActorRef(string path)
    {
        if (ActorPath.TryParse(path, out var actorPath))
            return ResolveActorRef(actorPath);
        Log.Debug("Resolve of unknown path [{0}] failed. Invalid format.", path);
        return DeadLetters;
    }

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (actorPath.Address.Equals(_rootPath.Address))
            return ResolveActorRef(_root!, actorPath.ElementsWithUid);
        Log.Debug("Resolve of foreign ActorPath [{0}] failed", actorPath);
        return DeadLetters;
    }

    public IActorRef RootGuardianAt(Address address) => address.Equals(_rootPath.Address) ? RootGuardian : DeadLetters;

    public ActorPath TempPath()
    {
        Span<char> name = stackalloc char[12];
        name[0] = '$';
        var length = 1;
        var n = Interlocked.Increment(ref _tempNumber);
        for (; n > 0; n >>= 6)
            name[length++] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~"[(int)(n & 63)];
        return new ChildActorPath(_tempPath, name[..length].ToString(), 0);
    }

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) =>
        _temp!.Add(Temporary(path).Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _temp!.Remove(Temporary(path).Name);

    public FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs) => new(tcs, _system!.Provider);

    public Address? GetExternalAddressFor(Address address) => address.Equals(_rootPath.Address) ? address : null;

    internal IInternalActorRef ResolveActorRef(IInternalActorRef from, IReadOnlyList<string> elements)
    {
        if (elements.Count == 0)
            return from;
        var child = from.GetChild(elements);
        if (!child.IsNobody())
            return (IInternalActorRef)child;
        if (Log.IsDebugEnabled)
            Log.Debug("Resolve of path sequence [{0}] failed", ActorPath.FormatPathElements(elements));
        return new EmptyLocalActorRef(_system!.Provider, from.Path / elements, _eventStream);
    }

    ActorPath Temporary(ActorPath path) => path.Parent.Equals(_tempPath)
        ? path
        : throw new InvalidOperationException($"{path} was not obtained from TempPath().");

    SupervisorStrategy UserStrategy() =>
        SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();

    /// <summary>The root's parent, who learns of the end of everything.</summary>
    sealed class TerminationWatcher(LocalActorRefProvider provider, ActorPath path) : MinimalActorRef
    {
        readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public override ActorPath Path => path;

        public override IActorRefProvider Provider => provider;

        public override void SendSystemMessage(ISystemMessage message)
        {
            switch (message)
            {
                case Failed failed:
                    provider.Log.Error(failed.Cause, "The root guardian failed: {0}. The actor system is shut down.",
                        failed.Cause.Message);
                    ((IInternalActorRef)failed.Child).Stop();
                    break;
                case DeathWatchNotification:
                    _ended.TrySetResult();
                    break;
            }
        }
    }
}
