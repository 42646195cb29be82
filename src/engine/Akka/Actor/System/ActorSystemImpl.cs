using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor.Internal;

/// <summary>The actor system.</summary>
public class ActorSystemImpl : ExtendedActorSystem
{
    readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    readonly TerminationCallbacks _callbacks = new();
    readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly IScheduler _scheduler;

    public ActorSystemImpl(string name)
        : this(name, ConfigurationFactory.Default(), ActorSystemSetup.Empty, Option<Props>.None)
    {
    }

    public ActorSystemImpl(string name, Config config, ActorSystemSetup setup, Option<Props>? guardianProps = null)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(config);
        Name = name;
        GuardianProps = guardianProps ?? Option<Props>.None;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), Settings.LogFormatter);
        const string scheduler = "akka.scheduler.implementation";
        _scheduler = TypeNames.Make<IScheduler>(TypeNames.Find(Settings.SchedulerClass, scheduler), scheduler,
            Settings.Config.GetConfig("akka.scheduler") ?? Config.Empty, Log);
        StartTime = _scheduler.MonotonicClock;
        const string provider = "akka.actor.provider";
        Provider = TypeNames.Make<IActorRefProvider>(TypeNames.Find(Settings.ProviderClass, provider), provider, name,
            Settings, EventStream);
        Serialization = new Serialization.Serialization(this);
        Mailboxes = new Mailboxes(this);
        Dispatchers = new Dispatchers(this,
            new DefaultDispatcherPrerequisites(EventStream, _scheduler, Settings, Mailboxes), Log);
        SerializesMessages = Settings.SerializeAllMessages;
    }

    public override IActorRefProvider Provider { get; }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override Serialization.Serialization Serialization { get; }

    public override EventStream EventStream { get; }

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override IScheduler Scheduler => _scheduler;

    public override ILoggingAdapter Log { get; }

    public override IActorRef DeadLetters => Provider.DeadLetters;

    public override IActorRef IgnoreRef => Provider.IgnoreRef;

    public override IInternalActorRef Guardian => Provider.Guardian;

    public override IInternalActorRef LookupRoot => Provider.RootGuardian;

    public override IInternalActorRef SystemGuardian => Provider.SystemGuardian;

    public Option<Props> GuardianProps { get; }

    public override Task WhenTerminated => _terminated.Task;

    public override TimeSpan StartTime { get; }

    public override TimeSpan Uptime => _scheduler.MonotonicClock - StartTime;

    internal bool SerializesMessages { get; }

    /// <inheritdoc cref="MessageDispatcher.RunsOnCallingThread"/>
    internal bool RunsOnCallingThread { get; private set; }

    public void Start()
    {
        try
        {
            RegisterOnTermination(StopScheduler);
            RunsOnCallingThread = Dispatchers.DefaultGlobalDispatcher.RunsOnCallingThread;
            Provider.Init(this);
            Provider.TerminationTask.ContinueWith(static (_, state) => ((ActorSystemImpl)state!).AllActorsEnded(), this,
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (Settings.LogDeadLetters > 0)
                SystemActorOf<DeadLetterListener>("deadLetterListener");
            CoordinatedShutdown.Get(this);
            LoadExtensions();
            if (Settings.LogConfigOnStart)
                Log.Info(Settings.ToString());
        }
        catch (Exception)
        {
            try
            {
                // A half-started system has nothing to shut down in order.
                if (Provider.Guardian is not null)
                    FinalTerminate();
                else
                    StopScheduler();
            }
            catch (Exception)
            {
                // The first failure is the one to tell.
            }

            throw;
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) =>
        Provider.Guardian.Cell.AttachChild(props, isSystemService: false, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        Provider.SystemGuardian.Cell.AttachChild(props, isSystemService: true, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this, Provider.RootGuardian);

    public override void Stop(IActorRef actor)
    {
        var parent = actor.Path.Parent;
        if (parent.Equals(Provider.Guardian.Path))
            Provider.Guardian.Cell.Stop(actor);
        else if (parent.Equals(Provider.SystemGuardian.Path))
            Provider.SystemGuardian.Cell.Stop(actor);
        else
            ((IInternalActorRef)actor).Stop();
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _extensions.GetOrAdd(extension.ExtensionType,
            static (_, made) => new Lazy<object>(() => made.Id.CreateExtension(made.System)),
            (Id: extension, System: this)).Value;
    }

    public override object GetExtension(IExtensionId extensionId)
    {
        TryGetExtension(extensionId.ExtensionType, out var extension);
        return extension;
    }

    public override T GetExtension<T>()
    {
        TryGetExtension<T>(out var extension);
        return extension;
    }

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        var found = _extensions.TryGetValue(extensionType, out var lazy);
        extension = lazy?.Value!;
        return found;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = TryGetExtension(typeof(T), out var untyped);
        extension = (T)untyped;
        return found;
    }

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override void RegisterOnTermination(Action code) => _callbacks.Add(code);

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else
            FinalTerminate();
        return WhenTerminated;
    }

    public override void Abort() => FinalTerminate();

    public override string ToString() => Provider.RootPath.Address.ToString();

    /// <summary>Stops all actors; <see cref="WhenTerminated"/> tells when they have ended.</summary>
    internal void FinalTerminate()
    {
        Log.Debug("System shutdown initiated");
        if (!Settings.LogDeadLettersDuringShutdown && SystemActor("deadLetterListener") is { } listener)
            Stop(listener);
        Provider.Guardian.Stop();
    }

    internal override void StopLoggers() => EventStream.StopDefaultLoggers(this);

    /// <summary>A message as it would arrive elsewhere, where akka.actor.serialize-messages asks for that.</summary>
    internal object RoundTrip(object message, IActorRef receiver)
    {
        if (message is INoSerializationVerificationNeeded
            || WrappedMessage.Unwrap(message) is INoSerializationVerificationNeeded
            || message is IWrappedMessage or IAutoReceivedMessage || receiver.Path.Elements is ["system", ..])
            return message;
        var serializer = Serialization.FindSerializerFor(message);
        var bytes = Serialization.Serialize(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        return Serialization.Deserialize(bytes, serializer.Identifier, manifest);
    }

    IActorRef? SystemActor(string name) =>
        Provider.SystemGuardian.GetSingleChild(name) is { } actor && !actor.IsNobody() ? actor : null;

    void AllActorsEnded()
    {
        foreach (var failure in _callbacks.Run())
            Log.Error(failure, "What was registered for the end of the actor system failed: {0}", failure.Message);
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    void StopScheduler() => (_scheduler as IDisposable)?.Dispose();

    void LoadExtensions()
    {
        foreach (var name in Settings.Config.GetStringList("akka.extensions", []))
        {
            if (string.IsNullOrWhiteSpace(name))
                continue;
            const string use = "akka.extensions";
            try
            {
                RegisterExtension(TypeNames.Make<IExtensionId>(TypeNames.Find(name, use), use));
            }
            catch (Exception e) when (e is not ConfigurationException)
            {
                throw new ConfigurationException($"The extension '{name}' (akka.extensions) could not be started: "
                    + $"{e.Message}", e);
            }
        }
    }

    static void CheckName([NotNull] string? name)
    {
        if (string.IsNullOrEmpty(name) || name[0] is '-' or '_'
            || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            throw new ArgumentException($"'{name}' is not a name for an actor system: it must consist of ASCII "
                + "letters, digits, '-' and '_', and begin with a letter or a digit.", nameof(name));
    }
}

/// <summary>What runs at the end of an actor system.</summary>
sealed class TerminationCallbacks
{
    readonly Lock _lock = new();
    Stack<Action>? _actions = new();

    public void Add(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_lock)
            (_actions ?? throw new InvalidOperationException("The actor system has terminated already.")).Push(action);
    }

    public List<Exception> Run()
    {
        Stack<Action> actions;
        lock (_lock)
        {
            actions = _actions ?? [];
            _actions = null;
        }

        var failures = new List<Exception>();
        while (actions.TryPop(out var action))
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        return failures;
    }
}
