using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Daemon;

/// <summary>What this node's own actors learn of the cluster, and what becomes of this node itself.</summary>
internal sealed partial class ClusterDaemon
{
    private readonly Dictionary<IActorRef, HashSet<Type>> _subscribers = [];
    private readonly List<Action> _onUp = [];
    private readonly List<Action> _onRemoved = [];

    private bool OnSubscription(object message)
    {
        switch (message)
        {
            case Subscription subscription:
                Subscribe(subscription);
                return true;
            case Unsubscription { Subscriber: var subscriber, To: null }:
                if (_subscribers.Remove(subscriber)) Context.Unwatch(subscriber);
                return true;
            case Unsubscription { Subscriber: var subscriber, To: { } to }:
                if (_subscribers.TryGetValue(subscriber, out var types)) types.Remove(to);
                return true;
            case Terminated terminated:
                _subscribers.Remove(terminated.ActorRef);
                return true;
            case OnUp up:
                if (_view.SelfMember?.Status == MemberStatus.Up) Run(up.Callback);
                else _onUp.Add(up.Callback);
                return true;
            case OnRemoved removed:
                _onRemoved.Add(removed.Callback);
                return true;
            default:
                return false;
        }
    }

    private void Subscribe(Subscription subscription)
    {
        if (subscription.Mode == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
            subscription.Subscriber.Tell(EventDiff.Snapshot(_view), ActorRefs.NoSender);
        else
            foreach (var change in EventDiff.Between(new MembershipView(Gossip.Empty, _selfNode), _view))
                if (subscription.To.Any(t => t.IsInstanceOfType(change)))
                    subscription.Subscriber.Tell(change, ActorRefs.NoSender);
        if (!_subscribers.TryGetValue(subscription.Subscriber, out var types))
        {
            _subscribers[subscription.Subscriber] = types = [];
            Context.Watch(subscription.Subscriber);
        }
        types.UnionWith(subscription.To);
    }

    private void Publish(MembershipView before)
    {
        foreach (var change in EventDiff.Between(before, _view))
        {
            Log(change);
            Tell(change);
        }
    }

    private void Tell(ClusterEvent.IClusterDomainEvent change)
    {
        foreach (var (subscriber, types) in _subscribers)
            if (types.Any(t => t.IsInstanceOfType(change)))
                subscriber.Tell(change, ActorRefs.NoSender);
    }

    private void Show() => _cluster.Show(EventDiff.Snapshot(_view),
        _view.SelfMember ?? new Member(_selfNode, int.MaxValue, MemberStatus.Removed, _settings.Roles));

    /// <summary>For the subscribers here, all members are gone when this node is no part of the cluster any more.
    /// </summary>
    private void EndSubscriptions()
    {
        Tell(ClusterEvent.ClusterShuttingDown.Instance);
        var before = _view;
        _gossip = Gossip.Empty;
        _view = new MembershipView(_gossip, _selfNode);
        Show();
        foreach (var change in EventDiff.Between(before, _view)) Tell(change);
    }

    private void OnSelf(Member? before, Member? now)
    {
        if (now?.Status == before?.Status) return;
        switch (now?.Status)
        {
            case MemberStatus.Up:
                foreach (var callback in _onUp) Run(callback);
                _onUp.Clear();
                break;
            case MemberStatus.Exiting:
                AnswerLeaveWaiters();
                CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
                break;
            case MemberStatus.Down:
                _cluster.LogInfo("This node has been downed.");
                End(CoordinatedShutdown.ClusterDowningReason.Instance);
                break;
            case null when before is not null:
                End(before.Status is MemberStatus.Exiting
                    ? CoordinatedShutdown.ClusterLeavingReason.Instance
                    : CoordinatedShutdown.ClusterDowningReason.Instance);
                break;
        }
    }

    private void End(CoordinatedShutdown.Reason reason)
    {
        AnswerLeaveWaiters();
        _cluster.Shutdown();
        if (_settings.RunCoordinatedShutdownWhenDown) CoordinatedShutdown.Get(Context.System).Run(reason);
    }

    private void LeaveThenTell(IActorRef waiter)
    {
        if (_view.SelfMember is not { Status: not (MemberStatus.Exiting or MemberStatus.Down) })
        {
            if (!Joined) Withdraw();
            waiter.Tell(Done.Instance);
            return;
        }
        _leaveWaiters.Add(waiter);
        Leaving(_selfNode.Address);
    }

    private void AnswerLeaveWaiters()
    {
        foreach (var waiter in _leaveWaiters) waiter.Tell(Done.Instance);
        _leaveWaiters.Clear();
    }

    private void TellOthersOfExit()
    {
        if (_view.SelfMember is not { Status: MemberStatus.Exiting }) return;
        foreach (var node in _gossip.Members.Keys.Where(n => !n.Equals(_selfNode) && _view.IsReachable(n)))
            DaemonAt(node.Address).Tell(new ExitingConfirmed(_selfNode), Self);
    }

    private void Log(ClusterEvent.IClusterDomainEvent change)
    {
        switch (change)
        {
            case ClusterEvent.UnreachableMember unreachable:
                _cluster.LogWarning($"Marking node as UNREACHABLE [{unreachable.Member}]");
                break;
            case ClusterEvent.ReachableMember reachable:
                _cluster.LogInfo($"Marking node as REACHABLE [{reachable.Member}]");
                break;
            case ClusterEvent.MemberRemoved { Member: var member, PreviousStatus: var previous }:
                _cluster.LogInfo($"Removed [{member.UniqueAddress}], which was {previous}");
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                _cluster.LogInfo($"[{member.Address}] is {member.Status}");
                break;
            case ClusterEvent.LeaderChanged { Leader: { } leader } when leader.Equals(_selfNode.Address):
                _cluster.LogInfo("is the new leader among reachable nodes");
                break;
            default:
                if (_settings.LogInfoVerbose) _cluster.LogInfo(change.ToString()!);
                break;
        }
    }

    /// <summary>Tell the actor the state, then the events of these types.</summary>
    internal sealed record Subscription(
        IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, ImmutableHashSet<Type> To)
        : INoSerializationVerificationNeeded;

    /// <summary>Tell it no more events of this type, or of any.</summary>
    internal sealed record Unsubscription(IActorRef Subscriber, Type? To) : INoSerializationVerificationNeeded;

    /// <summary>Run this when this node is Up.</summary>
    internal sealed record OnUp(Action Callback) : INoSerializationVerificationNeeded;

    /// <summary>Run this when this node has been removed.</summary>
    internal sealed record OnRemoved(Action Callback) : INoSerializationVerificationNeeded;
}
