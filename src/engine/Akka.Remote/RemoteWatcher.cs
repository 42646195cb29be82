using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>
/// Watches remote actors on behalf of all actors here: one watch per watchee on the wire, one stream of heartbeats per
/// node. When a node falls silent, its watchers are told and the node is quarantined.
/// </summary>
public class RemoteWatcher : UntypedActor
{
    /// <summary>Who watches whom, by watchee.</summary>
    protected readonly Dictionary<IInternalActorRef, HashSet<IInternalActorRef>> Watching = [];

    /// <summary>The watchees, by node.</summary>
    protected readonly Dictionary<Address, HashSet<IInternalActorRef>> WatcheeByNodes = [];

    /// <summary>The actor's log.</summary>
    protected readonly ILoggingAdapter Log = Context.GetLogger();

    private readonly IFailureDetectorRegistry<Address> _failureDetector;
    private readonly TimeSpan _heartbeatExpectedResponseAfter;
    private readonly IRemoteActorRefProvider _provider;
    private readonly HeartbeatRsp _selfHeartbeat = new(AddressUidExtension.Uid(Context.System));
    private readonly HashSet<Address> _unreachable = [];
    private readonly Dictionary<Address, int> _addressUids = [];
    private readonly ICancelable _heartbeatTimer;
    private readonly ICancelable _reaperTimer;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public RemoteWatcher(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter)
    {
        _failureDetector = failureDetector;
        _heartbeatExpectedResponseAfter = heartbeatExpectedResponseAfter;
        _provider = ((ExtendedActorSystem)Context.System).Provider as IRemoteActorRefProvider ??
                    throw new Configuration.ConfigurationException("A RemoteWatcher needs a remote provider.");
        var scheduler = Context.System.Scheduler;
        _heartbeatTimer = scheduler.ScheduleTellRepeatedlyCancelable(
            heartbeatInterval, heartbeatInterval, Self, HeartbeatTick.Instance, Self);
        _reaperTimer = scheduler.ScheduleTellRepeatedlyCancelable(
            unreachableReaperInterval, unreachableReaperInterval, Self, ReapUnreachableTick.Instance, Self);
    }

    /// <summary>The nodes that watched actors live on.</summary>
    protected ICollection<Address> WatchingNodes => WatcheeByNodes.Keys;

    /// <summary>How to make it.</summary>
    public static Props Props(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter) =>
        Actor.Props.Create(() => new RemoteWatcher(
            failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        base.PostStop();
        _heartbeatTimer.Cancel();
        _reaperTimer.Cancel();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HeartbeatTick:
                SendHeartbeats();
                break;
            case Heartbeat:
                Sender.Tell(_selfHeartbeat);
                break;
            case HeartbeatRsp answer:
                ReceiveHeartbeat(answer.AddressUid);
                break;
            case ReapUnreachableTick:
                ReapUnreachable();
                break;
            case ExpectedFirstHeartbeat expected:
                TriggerFirstHeartbeat(expected.From);
                break;
            case WatchRemote watch:
                AddWatching(watch.Watchee, watch.Watcher);
                break;
            case UnwatchRemote unwatch:
                RemoveWatch(unwatch.Watchee, unwatch.Watcher);
                break;
            case Terminated terminated:
                NotifyWatchers((IInternalActorRef)terminated.ActorRef, terminated.ExistenceConfirmed,
                    terminated.AddressTerminated);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Notes a watch; the first of a watchee goes onto the wire.</summary>
    protected void AddWatching(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watcher.Equals(Self)) throw new InvalidOperationException("The remote watcher cannot be watched for.");
        if (!Watching.TryGetValue(watchee, out var watchers)) Watching[watchee] = watchers = [];
        watchers.Add(watcher);
        WatchNode(watchee);
        Context.Watch(watchee);
    }

    /// <summary>Includes the node of a watchee among those that are asked for heartbeats.</summary>
    protected virtual void WatchNode(IInternalActorRef watchee)
    {
        var address = watchee.Path.Address;
        if (!WatcheeByNodes.TryGetValue(address, out var watchees))
        {
            WatcheeByNodes[address] = watchees = [];
            if (_unreachable.Remove(address)) _failureDetector.Remove(address);
        }
        watchees.Add(watchee);
    }

    /// <summary>Forgets one watch; the last of a watchee goes onto the wire.</summary>
    protected void RemoveWatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!Watching.TryGetValue(watchee, out var watchers)) return;
        watchers.Remove(watcher);
        if (watchers.Count > 0) return;
        Context.Unwatch(watchee);
        RemoveWatchee(watchee);
    }

    /// <summary>Forgets all watches of one watchee.</summary>
    protected void RemoveWatchee(IInternalActorRef watchee)
    {
        Watching.Remove(watchee);
        var address = watchee.Path.Address;
        if (!WatcheeByNodes.TryGetValue(address, out var watchees)) return;
        watchees.Remove(watchee);
        if (watchees.Count == 0) UnwatchNode(address);
    }

    /// <summary>Asks a node for no more heartbeats.</summary>
    protected void UnwatchNode(Address watcheeAddress)
    {
        WatcheeByNodes.Remove(watcheeAddress);
        _addressUids.Remove(watcheeAddress);
        _failureDetector.Remove(watcheeAddress);
    }

    /// <summary>Tells every watcher of an actor on that node that it is gone.</summary>
    protected void PublishAddressTerminated(Address address)
    {
        foreach (var watchee in Watching.Keys.Where(w => w.Path.Address.Equals(address)).ToArray())
        {
            Context.Unwatch(watchee);
            NotifyWatchers(watchee, existenceConfirmed: true, addressTerminated: true);
        }
    }

    /// <summary>Ends all traffic with a node.</summary>
    protected virtual void Quarantine(Address address, int? addressUid) => _provider.Quarantine(address, addressUid);

    /// <summary>Which run of the node was heard of last.</summary>
    internal int? UidOf(Address address) => _addressUids.TryGetValue(address, out var uid) ? uid : null;

    private void NotifyWatchers(IInternalActorRef watchee, bool existenceConfirmed, bool addressTerminated)
    {
        if (Watching.TryGetValue(watchee, out var watchers))
            foreach (var watcher in watchers)
                watcher.SendSystemMessage(
                    new DeathWatchNotification(watchee, existenceConfirmed, addressTerminated));
        RemoveWatchee(watchee);
    }

    private void SendHeartbeats()
    {
        foreach (var address in WatcheeByNodes.Keys)
        {
            if (_unreachable.Contains(address)) continue;
            if (!_failureDetector.IsMonitoring(address))
                Context.System.Scheduler.ScheduleTellOnce(
                    _heartbeatExpectedResponseAfter, Self, new ExpectedFirstHeartbeat(address), Self);
            _provider.ResolveActorRef(new RootActorPath(address) / Self.Path.Elements).Tell(Heartbeat.Instance, Self);
        }
    }

    private void TriggerFirstHeartbeat(Address address)
    {
        // A node that never answers must be found unreachable too, so its clock starts without an answer.
        if (WatcheeByNodes.ContainsKey(address) && !_failureDetector.IsMonitoring(address))
            _failureDetector.Heartbeat(address);
    }

    private void ReceiveHeartbeat(int uid)
    {
        var from = Sender.Path.Address;
        if (!WatcheeByNodes.TryGetValue(from, out var watchees) || _unreachable.Contains(from)) return;
        if (!_addressUids.TryGetValue(from, out var known) || known != uid)
        {
            _addressUids[from] = uid;
            // The first sign of this run: an earlier one may have taken its watches with it.
            foreach (var watchee in watchees)
                watchee.SendSystemMessage(new Watch(watchee, (IInternalActorRef)Self));
        }
        _failureDetector.Heartbeat(from);
    }

    private void ReapUnreachable()
    {
        foreach (var address in WatcheeByNodes.Keys.ToArray())
        {
            if (_unreachable.Contains(address) || _failureDetector.IsAvailable(address)) continue;
            Log.Warning($"Detected unreachable: [{address}]");
            Quarantine(address, UidOf(address));
            _unreachable.Add(address);
            PublishAddressTerminated(address);
        }
    }

    /// <summary>Asks a node whether it is there.</summary>
    public sealed class Heartbeat : IPriorityMessage
    {
        private Heartbeat()
        {
        }

        /// <summary>The one instance.</summary>
        public static Heartbeat Instance { get; } = new();
    }

    /// <summary>The answer to <see cref="Heartbeat"/>.</summary>
    public class HeartbeatRsp(int addressUid) : IPriorityMessage
    {
        /// <summary>Which run of the node answers.</summary>
        public int AddressUid { get; } = addressUid;
    }

    /// <summary>Time to ask for heartbeats.</summary>
    public class HeartbeatTick
    {
        private HeartbeatTick()
        {
        }

        /// <summary>The one instance.</summary>
        public static HeartbeatTick Instance { get; } = new();
    }

    /// <summary>Time to see which nodes are gone.</summary>
    public class ReapUnreachableTick
    {
        private ReapUnreachableTick()
        {
        }

        /// <summary>The one instance.</summary>
        public static ReapUnreachableTick Instance { get; } = new();
    }

    /// <summary>By now the node ought to have answered.</summary>
    public sealed class ExpectedFirstHeartbeat(Address from)
    {
        /// <summary>The node.</summary>
        public Address From { get; } = from;
    }

    /// <summary>Begins or ends a watch of a remote actor.</summary>
    public abstract class WatchCommand(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        /// <summary>Whose death is of interest.</summary>
        public IInternalActorRef Watchee { get; } = watchee;

        /// <summary>To whom.</summary>
        public IInternalActorRef Watcher { get; } = watcher;
    }

    /// <summary>Begins a watch.</summary>
    public sealed class WatchRemote(IInternalActorRef watchee, IInternalActorRef watcher)
        : WatchCommand(watchee, watcher);

    /// <summary>Ends a watch.</summary>
    public sealed class UnwatchRemote(IInternalActorRef watchee, IInternalActorRef watcher)
        : WatchCommand(watchee, watcher);
}
