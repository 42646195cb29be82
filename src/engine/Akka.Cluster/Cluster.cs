using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Daemon;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Finds the <see cref="Cluster"/> of an actor system.</summary>
public class ClusterExtension : ExtensionIdProvider<Cluster>
{
    /// <inheritdoc/>
    public override Cluster CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);
}

/// <summary>A node could not join a cluster.</summary>
public class ClusterJoinFailedException(string message) : AkkaException(message);

/// <summary>
/// This actor system as a node of a cluster: joining and leaving, the other members, and what happens to them. Safe
/// for any thread.
/// </summary>
public class Cluster : IExtension
{
    private readonly ILoggingAdapter _log;
    private readonly IActorRef _daemon;
    private readonly Lazy<IDowningProvider> _downing;
    private readonly Lock _lock = new();
    private ReadView _view;
    private int _terminated;
    private Task? _leaving;

    /// <summary>Made by <see cref="Get"/>.</summary>
    /// <exception cref="ConfigurationException">The provider is no cluster's, or a setting is impossible.</exception>
    public Cluster(ActorSystemImpl system)
    {
        System = system;
        Settings = new ClusterSettings(system.Settings.Config, system.Name);
        if (system.Provider is not IClusterActorRefProvider provider)
            throw new ConfigurationException(
                $"Actor system [{system.Name}] is no node of a cluster: akka.actor.provider must be cluster.");
        SelfUniqueAddress = new UniqueAddress(provider.Transport.DefaultAddress, AddressUidExtension.Uid(system));
        _log = Logging.GetLogger(system, "Cluster");
        _view = new ReadView(new ClusterEvent.CurrentClusterState(),
            new Member(SelfUniqueAddress, int.MaxValue, MemberStatus.Removed, Settings.Roles));
        FailureDetector = new DefaultFailureDetectorRegistry<Address>(() => FailureDetectorLoader.Load(
            Settings.FailureDetectorImplementationClass, Settings.FailureDetectorConfig, system));
        _downing = new Lazy<IDowningProvider>(CreateDowningProvider);
        _daemon = system.SystemActorOf(Props.Create(() => new ClusterDaemon(this)), "cluster");
        AddShutdownTasks();
        if (!Settings.SeedNodes.IsEmpty) JoinSeedNodes(Settings.SeedNodes);
        system.RegisterOnTermination(Shutdown);
        LogInfo($"Started up, roles [{string.Join(", ", Settings.Roles)}]");
    }

    /// <summary>The section akka.cluster.</summary>
    public ClusterSettings Settings { get; }

    /// <summary>The actor system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>This run of this node.</summary>
    public UniqueAddress SelfUniqueAddress { get; }

    /// <summary>The address of this node.</summary>
    public Address SelfAddress => SelfUniqueAddress.Address;

    /// <summary>The roles of this node.</summary>
    public ImmutableHashSet<string> SelfRoles => Settings.Roles;

    /// <summary>The cluster as this node sees it now.</summary>
    public ClusterEvent.CurrentClusterState State => Volatile.Read(ref _view).State;

    /// <summary>This node as a member; Removed before it has joined and after it has left.</summary>
    public Member SelfMember => Volatile.Read(ref _view).Self;

    /// <summary>Whether this node is Up or WeaklyUp.</summary>
    public bool IsUp => SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp;

    /// <summary>Whether this node has ended its part in the cluster; it cannot join again.</summary>
    public bool IsTerminated => Volatile.Read(ref _terminated) != 0;

    /// <summary>The failure detectors for the nodes that this one watches.</summary>
    public DefaultFailureDetectorRegistry<Address> FailureDetector { get; }

    /// <summary>Decides which unreachable members are dead.</summary>
    public IDowningProvider DowningProvider => _downing.Value;

    /// <summary>The cluster extension of the actor system.</summary>
    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>Sends the actor one <see cref="ClusterEvent.CurrentClusterState"/>, then the events of these types.
    /// </summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <summary>Sends the actor the present state, as one message or as events, then the events of these types.
    /// </summary>
    /// <exception cref="ArgumentException">There is no type, or one that is no event of the cluster.</exception>
    public void Subscribe(
        IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        if (to.Length == 0)
            throw new ArgumentException("At least one `IClusterDomainEvent` class is required", nameof(to));
        if (!to.All(typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom))
            throw new ArgumentException(
                $"Subscribe to `IClusterDomainEvent` or subclasses, was [{string.Join(", ", to.Select(t => t.Name))}]",
                nameof(to));
        _daemon.Tell(new ClusterDaemon.Subscription(subscriber, initialStateMode, [.. to]), ActorRefs.NoSender);
    }

    /// <summary>Ends all subscriptions of the actor.</summary>
    public void Unsubscribe(IActorRef subscriber) => Unsubscribe(subscriber, null!);

    /// <summary>Ends the actor's subscription to events of that type.</summary>
    public void Unsubscribe(IActorRef subscriber, Type to) =>
        _daemon.Tell(new ClusterDaemon.Unsubscription(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends the actor one <see cref="ClusterEvent.CurrentClusterState"/>.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => receiver.Tell(State, ActorRefs.NoSender);

    /// <summary>Asks the node at that address to take this one in, again and again; the own address founds a
    /// cluster.</summary>
    public void Join(Address address) =>
        _daemon.Tell(new ClusterDaemon.JoinTo(FillLocal(address)), ActorRefs.NoSender);

    /// <summary>As <see cref="Join"/>; the task ends when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">Cancelled, or this node had left already.</exception>
    public Task JoinAsync(Address address, CancellationToken token = default) =>
        WhenUpAsync(() => Join(address), $"address: {address}", token);

    /// <summary>Joins the cluster that one of the nodes belongs to; the first of them may found it.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) =>
        _daemon.Tell(new ClusterDaemon.JoinSeeds([.. seedNodes.Select(FillLocal)]), ActorRefs.NoSender);

    /// <summary>As <see cref="JoinSeedNodes"/>; the task ends when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">Cancelled, or this node had left already.</exception>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default)
    {
        var nodes = seedNodes.ToList();
        return WhenUpAsync(() => JoinSeedNodes(nodes), $"addresses: [{string.Join(",", nodes)}]", token);
    }

    /// <summary>Lets a node leave in order, this one or another; its actor system then ends.</summary>
    public void Leave(Address address)
    {
        if (FillLocal(address).Equals(SelfAddress)) LeaveAsync();
        else _daemon.Tell(new Leave(FillLocal(address)), ActorRefs.NoSender);
    }

    /// <summary>Lets this node leave in order; the task ends when it has been removed.</summary>
    public Task LeaveAsync()
    {
        lock (_lock)
        {
            if (_leaving is not null) return _leaving;
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            RegisterOnMemberRemoved(() => left.TrySetResult());
            _leaving = left.Task;
        }
        _daemon.Tell(new Leave(SelfAddress), ActorRefs.NoSender);
        return _leaving;
    }

    /// <summary>As <see cref="LeaveAsync()"/>; cancelling ends the waiting, not the leaving.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => LeaveAsync().WaitAsync(cancellationToken);

    /// <summary>Declares the node at that address dead.</summary>
    public void Down(Address address) => _daemon.Tell(new Down(FillLocal(address)), ActorRefs.NoSender);

    /// <summary>Runs the action once this node is Up, at once if it is.</summary>
    public void RegisterOnMemberUp(Action callback)
    {
        if (IsUp) callback();
        else _daemon.Tell(new ClusterDaemon.OnUp(callback), ActorRefs.NoSender);
    }

    /// <summary>Runs the action once this node has been removed, at once if it has.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        if (IsTerminated) callback();
        else _daemon.Tell(new ClusterDaemon.OnRemoved(callback), ActorRefs.NoSender);
    }

    /// <summary>The path of a local actor as other nodes write it.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef) => string.IsNullOrEmpty(actorRef.Path.Address.Host)
        ? (new RootActorPath(SelfAddress) / actorRef.Path.Elements).WithUid(actorRef.Path.Uid)
        : actorRef.Path;

    /// <summary>Starts the downing provider; a setting of it that cannot be is an error of the start.</summary>
    internal void StartDowning()
    {
        if (DowningProvider.DowningActorProps is { } props) System.SystemActorOf(props, "cluster-downing");
    }

    internal void Show(ClusterEvent.CurrentClusterState state, Member self) =>
        Volatile.Write(ref _view, new ReadView(state, self));

    internal void LogInfo(string message)
    {
        if (Settings.LogInfo) _log.Info($"Cluster Node [{SelfAddress}] - {message}");
    }

    internal void LogWarning(string message) => _log.Warning($"Cluster Node [{SelfAddress}] - {message}");

    /// <summary>Ends this node's part in the cluster.</summary>
    internal void Shutdown()
    {
        if (Interlocked.Exchange(ref _terminated, 1) != 0) return;
        LogInfo("Shutting down");
        System.Stop(_daemon);
    }

    private IDowningProvider CreateDowningProvider()
    {
        var constructor = Settings.DowningProviderType.GetConstructor([typeof(ActorSystem), typeof(Cluster)]) ??
                          throw new ConfigurationException(
                              $"akka.cluster.downing-provider-class: [{Settings.DowningProviderType}] has no " +
                              "constructor that takes an ActorSystem and a Cluster.");
        try
        {
            return (IDowningProvider)constructor.Invoke([System, this]);
        }
        catch (global::System.Reflection.TargetInvocationException e) when (e.InnerException is ConfigurationException)
        {
            throw e.InnerException;
        }
    }

    private Address FillLocal(Address address) =>
        address.HasLocalScope && address.System == SelfAddress.System ? SelfAddress : address;

    private Task WhenUpAsync(Action join, string what, CancellationToken token)
    {
        if (IsTerminated) throw new ClusterJoinFailedException("Cluster has already been terminated");
        if (IsUp) return Task.CompletedTask;
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = token.Register(() => up.TrySetException(new ClusterJoinFailedException(
            $"Node has not managed to join the cluster using provided {what}")));
        RegisterOnMemberUp(() =>
        {
            registration.Dispose();
            up.TrySetResult();
        });
        join();
        return up.Task;
    }

    /// <summary>An actor system that ends leaves its cluster first.</summary>
    private void AddShutdownTasks()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave",
            () => AskAsync(new ClusterDaemon.LeaveInOrder(), CoordinatedShutdown.PhaseClusterLeave));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed",
            () => AskAsync(new ClusterDaemon.ConfirmExiting(), CoordinatedShutdown.PhaseClusterExitingDone));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "wait-shutdown", () =>
        {
            Shutdown();
            return Task.FromResult(Done.Instance);
        });

        async Task<Done> AskAsync(object message, string phase)
        {
            if (IsTerminated) return Done.Instance;
            try
            {
                return await _daemon.Ask<Done>(message, shutdown.Timeout(phase)).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                return Done.Instance;
            }
        }
    }

    private sealed record ReadView(ClusterEvent.CurrentClusterState State, Member Self);
}
