using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>
/// The provider of an actor system that others reach at <c>akka.tcp://name@host:port</c>
/// (<c>akka.actor.provider = remote</c>). Its own actors are those of the local provider.
/// </summary>
public class RemoteActorRefProvider : IRemoteActorRefProvider
{
    private const int MostResolved = 4096;

    private readonly LocalActorRefProvider _local;
    private readonly ConcurrentDictionary<string, RemoteActorRef> _resolved = new();
    private ActorSystemImpl? _system;
    private RemoteTransport? _transport;
    private IActorRef? _remoteWatcher;

    /// <summary>Called by the actor system.</summary>
    public RemoteActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        settings.InjectTopLevelFallback(
            ConfigurationFactory.FromResource<RemoteActorRefProvider>("Akka.Remote.Configuration.Remote.conf"));
        RemoteSettings = new RemoteSettings(settings.Config);
        _local = new LocalActorRefProvider(systemName, settings, eventStream);
    }

    /// <inheritdoc/>
    public RemoteSettings RemoteSettings { get; }

    /// <inheritdoc/>
    public RemoteTransport Transport => _transport ?? throw NotStarted();

    /// <inheritdoc/>
    public IActorRef RemoteWatcher => _remoteWatcher ?? throw NotStarted();

    /// <inheritdoc/>
    public IInternalActorRef RootGuardian => _local.RootGuardian;

    /// <inheritdoc/>
    public LocalActorRef Guardian => _local.Guardian;

    /// <inheritdoc/>
    public LocalActorRef SystemGuardian => _local.SystemGuardian;

    /// <inheritdoc/>
    public IActorRef DeadLetters => _local.DeadLetters;

    /// <inheritdoc/>
    public IActorRef IgnoreRef => _local.IgnoreRef;

    /// <inheritdoc/>
    public ActorPath RootPath => _local.RootPath;

    /// <inheritdoc/>
    public Settings Settings => _local.Settings;

    /// <inheritdoc/>
    public Deployer Deployer => _local.Deployer;

    /// <inheritdoc/>
    public IInternalActorRef TempContainer => _local.TempContainer;

    /// <inheritdoc/>
    public Task TerminationTask => _local.TerminationTask;

    /// <inheritdoc/>
    public Address DefaultAddress => Transport.DefaultAddress;

    /// <inheritdoc/>
    public Information SerializationInformation => new(DefaultAddress, _system ?? throw NotStarted());

    /// <inheritdoc/>
    public ActorPath TempPath() => _local.TempPath();

    /// <inheritdoc/>
    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) =>
        _local.RegisterTempActor(actorRef, path);

    /// <inheritdoc/>
    public void UnregisterTempActor(ActorPath path) => _local.UnregisterTempActor(path);

    /// <inheritdoc/>
    public FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs) => _local.CreateFutureRef(tcs);

    /// <inheritdoc/>
    public virtual void Init(ActorSystemImpl system)
    {
        _system = system;
        _local.Init(system);
        var remoting = new Remoting(system, this);
        _transport = remoting;
        remoting.Start();
        system.SystemActorOf(
            Props.Create(() => new RemotingTerminator(_local.SystemGuardian, remoting)), "remoting-terminator");
        _remoteWatcher = CreateRemoteWatcher(system);
    }

    /// <inheritdoc/>
    public IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor,
        ActorPath path, bool systemService, Deploy? deploy, bool lookupDeploy, bool async) =>
        _local.ActorOf(system, props, supervisor, path, systemService, deploy, lookupDeploy, async);

    /// <inheritdoc/>
    public bool HasAddress(Address address) =>
        RootPath.Address.Equals(address) || (_transport is Remoting { } remoting && address.Equals(remoting.Local));

    /// <inheritdoc/>
    public IActorRef RootGuardianAt(Address address) =>
        HasAddress(address) ? RootGuardian : CreateRemoteRef(new RootActorPath(address), Transport.DefaultAddress);

    /// <inheritdoc/>
    public IActorRef ResolveActorRef(string path)
    {
        if (_resolved.TryGetValue(path, out var known)) return known;
        var actor = InternalResolveActorRef(path);
        if (actor is RemoteActorRef remote && !RefText.IsTemporary(remote.Path))
        {
            if (_resolved.Count >= MostResolved) _resolved.Clear();
            _resolved[path] = remote;
        }
        return actor;
    }

    /// <inheritdoc/>
    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (HasAddress(actorPath.Address)) return Resolve(actorPath);
        if (Transport.LocalAddressForRemote(actorPath.Address) is { } local && actorPath.Address.Port is not null)
            return CreateRemoteRef(actorPath, local);
        return new EmptyLocalActorRef(this, actorPath, _system!.EventStream);
    }

    /// <inheritdoc/>
    public IActorRef InternalResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : DeadLetters;

    /// <inheritdoc/>
    public IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress) =>
        (IInternalActorRef)InternalResolveActorRef(path);

    /// <inheritdoc/>
    public Address? GetExternalAddressFor(Address address) =>
        HasAddress(address) ? _local.RootPath.Address : Transport.LocalAddressForRemote(address);

    /// <inheritdoc/>
    public void Quarantine(Address address, int? uid) => Transport.Quarantine(address, uid);

    /// <summary>The actor of this system at a path without an address.</summary>
    internal IActorRef ResolveLocal(string path) =>
        ActorPath.TryParse(RootPath, path, out var parsed) ? Resolve(parsed) : DeadLetters;

    /// <summary>A reference to an actor of another system.</summary>
    protected virtual IInternalActorRef CreateRemoteRef(ActorPath actorPath, Address localAddress) =>
        new RemoteActorRef(Transport, localAddress, actorPath, ActorRefs.Nobody, Props.None, Deploy.None);

    /// <summary>The actor that watches remote actors on behalf of all actors here.</summary>
    protected virtual IActorRef CreateRemoteWatcher(ActorSystemImpl system) => system.SystemActorOf(
        Akka.Remote.RemoteWatcher.Props(CreateRemoteWatcherFailureDetector(system),
            RemoteSettings.WatchHeartBeatInterval, RemoteSettings.WatchUnreachableReaperInterval,
            RemoteSettings.WatchHeartbeatExpectedResponseAfter),
        "remote-watcher");

    /// <summary>A failure detector for each node that watched actors live on.</summary>
    protected DefaultFailureDetectorRegistry<Address> CreateRemoteWatcherFailureDetector(ActorSystem system) =>
        new(() => FailureDetectorLoader.Load(
            RemoteSettings.WatchFailureDetectorImplementationClass, RemoteSettings.WatchFailureDetectorConfig, system));

    private IInternalActorRef Resolve(ActorPath path) => _local.ResolveActorRef(RootGuardian, path.ElementsWithUid);

    private static InvalidOperationException NotStarted() => new("The actor system has not started yet.");
}

/// <summary>Keeps the actor system alive, when it ends, until what was told before has been sent.</summary>
internal sealed class RemotingTerminator : UntypedActor
{
    private readonly IActorRef _systemGuardian;
    private readonly Remoting _remoting;

    public RemotingTerminator(IActorRef systemGuardian, Remoting remoting)
    {
        _systemGuardian = systemGuardian;
        _remoting = remoting;
        systemGuardian.Tell(RegisterTerminationHook.Instance, Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TerminationHook:
                _remoting.Shutdown().WaitAsync(_remoting.Settings.ShutdownTimeout)
                    .ContinueWith(t => new Ended(t.Exception?.GetBaseException()))
                    .PipeTo(Self);
                break;
            case Ended ended:
                if (ended.Failure is { } failure)
                    _remoting.Log.Warning($"Remoting did not shut down: {failure.Message}");
                _systemGuardian.Tell(TerminationHookDone.Instance, Self);
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed record Ended(Exception? Failure);
}
