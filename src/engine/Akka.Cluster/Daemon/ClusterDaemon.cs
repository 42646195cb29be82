using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Event;

namespace Akka.Cluster.Daemon;

/// <summary>
/// The one owner of this node's view of the cluster. Everything that it hears or does becomes a new
/// <see cref="Gossip"/>, and everything that others learn follows from the difference.
/// </summary>
internal sealed partial class ClusterDaemon : UntypedActor
{
    private const int SpreadAtMost = 12;
    private static readonly TimeSpan TombstoneAge = TimeSpan.FromDays(1);

    private readonly Cluster _cluster;
    private readonly ClusterSettings _settings;
    private readonly UniqueAddress _selfNode;
    private readonly IActorRef _heartbeats;
    private readonly List<ICancelable> _timers = [];
    private readonly HashSet<UniqueAddress> _exitingConfirmed = [];
    private readonly Dictionary<Address, (Join Join, IActorRef Sender)> _waitingJoins = [];
    private readonly List<IActorRef> _leaveWaiters = [];
    private Gossip _gossip = Gossip.Empty;
    private MembershipView _view;
    private TimeSpan _unconverged;

    public ClusterDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _settings = cluster.Settings;
        _selfNode = cluster.SelfUniqueAddress;
        _view = new MembershipView(_gossip, _selfNode);
        _heartbeats = ((ExtendedActorSystem)Context.System).SystemActorOf(
            Props.Create(() => new HeartbeatActor(cluster)), HeartbeatActor.Name);
        Every(_settings.GossipInterval, Tick.Gossip);
        Every(_settings.LeaderActionsInterval, Tick.Leader);
        Every(_settings.UnreachableNodesReaperInterval, Tick.Reap);
    }

    private enum Tick
    {
        Gossip,
        Leader,
        Reap,
        Seeds,
        JoinRetry,
        GiveUp,
    }

    private bool Joined => !_gossip.Members.IsEmpty;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    protected override void PostStop()
    {
        foreach (var timer in _timers) timer.Cancel();
        StopSeeking();
        Context.System.Stop(_heartbeats);
        EndSubscriptions();
        foreach (var waiter in _leaveWaiters) waiter.Tell(Done.Instance);
        foreach (var callback in _onRemoved) Run(callback);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GossipEnvelope envelope:
                Receive(envelope);
                break;
            case Join join:
                Receive(join);
                break;
            case Leave leave:
                Leaving(leave.Address);
                break;
            case Down down:
                Downing(down.Address);
                break;
            case ExitingConfirmed confirmed:
                Receive(confirmed);
                break;
            case Tick tick:
                OnTick(tick);
                break;
            case LeaveInOrder:
                LeaveThenTell(Sender);
                break;
            case ConfirmExiting:
                TellOthersOfExit();
                Sender.Tell(Done.Instance);
                break;
            default:
                if (!OnJoining(message) && !OnSubscription(message)) Unhandled(message);
                break;
        }
    }

    /// <summary>Takes over a new state, acts on it as the leader if this node is that, and tells everyone concerned.
    /// Each step is an event of its own, so that nobody here misses a stage of a member's life.</summary>
    private void Advance(Gossip next)
    {
        if (next.Members.ContainsKey(_selfNode)) next = next.SeenBy(_selfNode);
        var news = TakeOver(next);
        while (true)
        {
            var acted = LeaderActions.Apply(_view, _settings, _exitingConfirmed, WeaklyUpIsDue, Now);
            if (ReferenceEquals(acted, _gossip)) break;
            news |= TakeOver(acted);
        }
        if (!news) return;
        Spread();
        TakeInWaiting();
    }

    /// <summary>Whether the state differs from the one before in more than in who has seen it.</summary>
    private bool TakeOver(Gossip next)
    {
        if (ReferenceEquals(next, _gossip)) return false;
        var before = _view;
        var changed = !next.SameAs(_gossip);
        _gossip = next;
        _view = new MembershipView(next, _selfNode);
        Show();
        if (!changed) return false;
        _exitingConfirmed.IntersectWith(next.Members.Keys);
        _heartbeats.Tell(new HeartbeatActor.Watched(
            Neighbours.Of(_selfNode, next.Members.Keys, _settings.MonitoredByNrOfMembers)));
        Publish(before);
        OnSelf(before.SelfMember, _view.SelfMember);
        return true;
    }

    private void Receive(GossipEnvelope envelope)
    {
        if (!Joined || !envelope.To.Equals(_selfNode) || _gossip.Tombstones.ContainsKey(envelope.From)) return;
        var theirs = envelope.Gossip;
        if (!theirs.Members.ContainsKey(_selfNode) && !theirs.Tombstones.ContainsKey(_selfNode)) return;
        if (!_gossip.Members.ContainsKey(envelope.From)) return;
        var merged = _gossip.Merge(theirs);
        var news = !merged.SameAs(_gossip) || !merged.Seen.SetEquals(_gossip.Seen);
        if (news) Advance(merged);
        // The sender is behind, or does not know yet that this node knows what it knows.
        if (!_gossip.SameAs(theirs) || !theirs.Seen.Contains(_selfNode)) SendGossip(envelope.From);
    }

    private void Receive(ExitingConfirmed confirmed)
    {
        if (_gossip.Find(confirmed.Node) is not { Status: MemberStatus.Exiting }) return;
        _exitingConfirmed.Add(confirmed.Node);
        Advance(_gossip);
    }

    private void Leaving(Address address)
    {
        if (_gossip.Find(address) is not
            { Status: MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up } member)
        {
            if (Joined || !address.Equals(_selfNode.Address)) return;
            Withdraw();
            _cluster.Shutdown();
            return;
        }
        _cluster.LogInfo($"Marked address [{address}] as [{MemberStatus.Leaving}]");
        Advance(_gossip.With(member.Copy(MemberStatus.Leaving), _selfNode));
    }

    private void Downing(Address address)
    {
        if (_gossip.Find(address) is not { } member)
        {
            _cluster.LogInfo($"Ignoring down of unknown node [{address}]");
            return;
        }
        if (member.Status == MemberStatus.Down) return;
        _cluster.LogInfo(
            $"Marking {(_view.IsReachable(member.UniqueAddress) ? "" : "un")}reachable node [{address}] as [Down]");
        Advance(_gossip.With(member.Copy(MemberStatus.Down), _selfNode));
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Gossip:
                GossipToOne();
                break;
            case Tick.Leader:
                _unconverged = _view.Converged(_exitingConfirmed)
                    ? TimeSpan.Zero
                    : _unconverged + _settings.LeaderActionsInterval;
                Advance(_gossip.Prune(Now - (long)TombstoneAge.TotalMilliseconds));
                break;
            case Tick.Reap:
                Reap();
                break;
            default:
                OnSeekTick(tick);
                break;
        }
    }

    private bool WeaklyUpIsDue => _settings.AllowWeaklyUpMembers && _unconverged >= _settings.WeaklyUpAfter;

    /// <summary>Writes down which neighbours are silent.</summary>
    private void Reap()
    {
        if (_view.SelfMember is null) return;
        var silent = Neighbours.Of(_selfNode, _gossip.Members.Keys, _settings.MonitoredByNrOfMembers)
            .Where(n => !_cluster.FailureDetector.IsAvailable(n.Address) && !_exitingConfirmed.Contains(n))
            .ToHashSet();
        // A run that was replaced by a later one at the same address does not come back.
        silent.UnionWith(_gossip.Members.Values
            .Where(m => m.Status == MemberStatus.Down && _waitingJoins.ContainsKey(m.Address))
            .Select(m => m.UniqueAddress));
        Advance(_gossip.With(_gossip.Reachability.Observe(_selfNode, [.. silent]), _selfNode));
    }

    private void GossipToOne()
    {
        var others = _gossip.Members.Keys
            .Where(n => !n.Equals(_selfNode) && _view.IsReachable(n)).ToArray();
        if (others.Length == 0 || _view.SelfMember is null) return;
        var behind = others.Where(n => !_gossip.Seen.Contains(n)).ToArray();
        var pool = behind.Length > 0 ? behind : others;
        SendGossip(pool[Random.Shared.Next(pool.Length)]);
    }

    /// <summary>News travels at once; the periodic gossip only repairs what got lost.</summary>
    private void Spread()
    {
        var behind = _gossip.Members.Keys
            .Where(n => !n.Equals(_selfNode) && !_gossip.Seen.Contains(n)).ToArray();
        Random.Shared.Shuffle(behind);
        foreach (var node in behind.Take(SpreadAtMost)) SendGossip(node);
    }

    private void SendGossip(UniqueAddress node) =>
        DaemonAt(node.Address).Tell(new GossipEnvelope(_selfNode, node, _gossip), Self);

    private IActorRef DaemonAt(Address address) =>
        _cluster.System.Provider.ResolveActorRef(new RootActorPath(address) / "system" / Self.Path.Name);

    private void Every(TimeSpan interval, Tick tick) => _timers.Add(
        Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            _settings.PeriodicTasksInitialDelay, interval, Self, tick, Self));

    private void Run(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception e)
        {
            Context.GetLogger().Error(e, "A callback of the cluster failed: {0}", e.Message);
        }
    }

    /// <summary>Leaves, and answers when this node may go on with its shutdown.</summary>
    internal sealed record LeaveInOrder : INoSerializationVerificationNeeded;

    /// <summary>Tells the others that this node may be removed.</summary>
    internal sealed record ConfirmExiting : INoSerializationVerificationNeeded;
}
