using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>A provider whose actor system is a node of a cluster.</summary>
public interface IClusterActorRefProvider : IRemoteActorRefProvider;

/// <summary>The provider of a node of a cluster (<c>akka.actor.provider = cluster</c>).</summary>
public class ClusterActorRefProvider : RemoteActorRefProvider, IClusterActorRefProvider
{
    /// <summary>Called by the actor system.</summary>
    public ClusterActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : base(systemName, WithDefaults(settings), eventStream)
    {
    }

    /// <inheritdoc/>
    public override void Init(ActorSystemImpl system)
    {
        base.Init(system);
        Cluster.Get(system).StartDowning();
    }

    /// <inheritdoc/>
    protected override IActorRef CreateRemoteWatcher(ActorSystemImpl system)
    {
        var detectors = CreateRemoteWatcherFailureDetector(system);
        return system.SystemActorOf(
            Props.Create(() => new ClusterRemoteWatcher(detectors, RemoteSettings.WatchHeartBeatInterval,
                RemoteSettings.WatchUnreachableReaperInterval, RemoteSettings.WatchHeartbeatExpectedResponseAfter)),
            "remote-watcher");
    }

    private static Settings WithDefaults(Settings settings)
    {
        settings.InjectTopLevelFallback(ConfigurationFactory.FromResource<ClusterActorRefProvider>(
            "Akka.Cluster.Configuration.Cluster.conf"));
        return settings;
    }
}

/// <summary>
/// Leaves the judgement on the members of the cluster to the cluster: their actors are gone when the member was
/// removed, and not before.
/// </summary>
internal sealed class ClusterRemoteWatcher(
    IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval, TimeSpan unreachableReaperInterval,
    TimeSpan heartbeatExpectedResponseAfter)
    : RemoteWatcher(failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter)
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private HashSet<Address> _nodes = [];

    protected override void PreStart()
    {
        base.PreStart();
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
    }

    protected override void PostStop()
    {
        base.PostStop();
        _cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                _nodes = [.. state.Members.Select(m => m.Address).Where(a => !a.Equals(_cluster.SelfAddress))];
                foreach (var node in _nodes) TakeOver(node);
                break;
            case ClusterEvent.MemberRemoved removed:
                Removed(removed);
                break;
            case ClusterEvent.IMemberEvent { Member: { Status: not MemberStatus.Removed } member }
                when !member.Address.Equals(_cluster.SelfAddress):
                if (_nodes.Add(member.Address)) TakeOver(member.Address);
                break;
            case ClusterEvent.IMemberEvent:
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void WatchNode(IInternalActorRef watchee)
    {
        if (!_nodes.Contains(watchee.Path.Address)) base.WatchNode(watchee);
    }

    private void TakeOver(Address node)
    {
        if (WatcheeByNodes.ContainsKey(node)) UnwatchNode(node);
    }

    private void Removed(ClusterEvent.MemberRemoved removed)
    {
        var node = removed.Member.UniqueAddress;
        if (node.Address.Equals(_cluster.SelfAddress)) return;
        _nodes.Remove(node.Address);
        if (removed.PreviousStatus == MemberStatus.Down) Quarantine(node.Address, node.Uid);
        PublishAddressTerminated(node.Address);
    }
}
