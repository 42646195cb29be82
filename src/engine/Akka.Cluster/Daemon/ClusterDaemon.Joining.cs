using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Remote;

namespace Akka.Cluster.Daemon;

/// <summary>Joining a cluster, and taking others into it.</summary>
internal sealed partial class ClusterDaemon
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private SeedJoin? _search;
    private ImmutableList<Address> _seeds = [];
    private Address? _joiningAt;
    private ICancelable? _searchTimer;
    private ICancelable? _retryTimer;
    private ICancelable? _giveUpTimer;

    private bool OnJoining(object message)
    {
        switch (message)
        {
            case InitJoin:
                Sender.Tell(_view.SelfMember is { Status: not (MemberStatus.Down or MemberStatus.Exiting) }
                    ? new InitJoinAck(_selfNode.Address)
                    : new InitJoinNack(_selfNode.Address), Self);
                return true;
            case InitJoinAck ack:
                if (_search is null || Joined) return true;
                StopSearch();
                JoinAt(ack.Address);
                return true;
            case InitJoinNack nack:
                Deny(nack.Address);
                return true;
            case AssociationErrorEvent error:
                if (NobodyListens(error.Cause)) Deny(error.RemoteAddress);
                return true;
            case JoinSeeds seeds:
                Seek(seeds.Nodes);
                return true;
            case JoinTo to:
                if (Joined) return true;
                StopSeeking();
                JoinAt(to.Address);
                return true;
            case Welcome welcome:
                Receive(welcome);
                return true;
            default:
                return false;
        }
    }

    private void Seek(ImmutableList<Address> seeds)
    {
        if (Joined || seeds.IsEmpty) return;
        StopSeeking();
        _seeds = seeds;
        _search = SeedJoin.Start(seeds, _selfNode.Address, Now);
        if (_settings.ShutdownAfterUnsuccessfulJoinSeedNodes is { } limit)
            _giveUpTimer ??= After(limit, Tick.GiveUp);
        if (!_search.Others.Any())
        {
            if (_search.IsFirst) FoundIfAllowed();
            return;
        }
        if (_search.IsFirst) Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        AskSeeds();
        _searchTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            AskInterval, AskInterval, Self, Tick.Seeds, Self);
    }

    private void OnSeekTick(Tick tick)
    {
        if (Joined) return;
        switch (tick)
        {
            case Tick.Seeds when _search is not null:
                if (FoundIfAllowed()) return;
                if (_search.IsOverdue(Now, _settings.SeedNodeTimeout))
                {
                    _search = _search with { Attempts = _search.Attempts + 1 };
                    _cluster.LogWarning($"Couldn't join seed nodes after [{_search.Attempts}] attempts, will try " +
                                        $"again. seed-nodes=[{string.Join(", ", _search.Others)}]");
                }
                AskSeeds();
                break;
            case Tick.JoinRetry when _seeds.IsEmpty && _joiningAt is not null:
                JoinAt(_joiningAt);
                break;
            case Tick.JoinRetry:
                _cluster.LogWarning($"[{_joiningAt}] has not taken this node in; looking for seed nodes again.");
                Seek(_seeds);
                break;
            case Tick.GiveUp:
                _cluster.LogWarning("Joining of seed-nodes was unsuccessful. The node is shut down.");
                CoordinatedShutdown.Get(Context.System)
                    .Run(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
                break;
        }
    }

    private void AskSeeds()
    {
        foreach (var seed in _search!.ToAsk) DaemonAt(seed).Tell(new InitJoin(), Self);
    }

    private void Deny(Address seed)
    {
        if (_search is null) return;
        _search = _search.Deny(seed);
        FoundIfAllowed();
    }

    private bool FoundIfAllowed()
    {
        if (_search is null || Joined || !_search.MayFound(Now, _settings.SeedNodeTimeout)) return false;
        _cluster.LogInfo("No other seed node is in a cluster: this one, the first, founds it.");
        StopSeeking();
        JoinAt(_selfNode.Address);
        return true;
    }

    private void JoinAt(Address address)
    {
        if (Joined) return;
        _retryTimer?.Cancel();
        if (address.Equals(_selfNode.Address))
        {
            _cluster.LogInfo($"Node [{address}] is JOINING itself " +
                             $"(with roles [{string.Join(", ", _settings.Roles)}]) and forming a new cluster");
            Advance(Gossip.Empty.With(
                new Member(_selfNode, int.MaxValue, MemberStatus.Joining, _settings.Roles), _selfNode));
            return;
        }
        _joiningAt = address;
        DaemonAt(address).Tell(new Join(_selfNode, _settings.Roles), Self);
        if (_settings.RetryUnsuccessfulJoinAfter is { } retry) _retryTimer = After(retry, Tick.JoinRetry);
    }

    private void Receive(Welcome welcome)
    {
        if (Joined || !welcome.Gossip.Members.ContainsKey(_selfNode)) return;
        if (_joiningAt is not null && !welcome.From.Address.Equals(_joiningAt)) return;
        _cluster.LogInfo($"Welcome from [{welcome.From.Address}]");
        StopSeeking();
        Advance(welcome.Gossip);
    }

    private void Receive(Join join)
    {
        var node = join.Node;
        if (_view.SelfMember is not { Status: not (MemberStatus.Down or MemberStatus.Exiting) }) return;
        if (node.Address.System != _selfNode.Address.System || _gossip.Tombstones.ContainsKey(node)) return;
        if (_gossip.Find(node.Address) is not { } known)
        {
            _cluster.LogInfo($"Node [{node.Address}] is JOINING, roles [{string.Join(", ", join.Roles)}]");
            Advance(_gossip.With(new Member(node, int.MaxValue, MemberStatus.Joining, join.Roles), _selfNode));
            Sender.Tell(new Welcome(_selfNode, _gossip), Self);
        }
        else if (known.UniqueAddress.Equals(node))
        {
            if (known.Status == MemberStatus.Joining || known.Status == MemberStatus.Up)
                Sender.Tell(new Welcome(_selfNode, _gossip), Self);
        }
        else Replace(known, join);
    }

    /// <summary>A restarted node joins again: its earlier run is dead, whoever thinks otherwise.</summary>
    private void Replace(Member earlier, Join join)
    {
        if (!_waitingJoins.ContainsKey(join.Node.Address))
            _cluster.LogInfo($"New incarnation of existing member [{earlier}] is trying to join. Existing will be " +
                             "removed from the cluster and then new member will be allowed to join.");
        _waitingJoins[join.Node.Address] = (join, Sender);
        var unreachable = (_gossip.Reachability.Observers.GetValueOrDefault(_selfNode)?.Unreachable ?? [])
            .Add(earlier.UniqueAddress);
        Advance(_gossip
            .With(earlier.Copy(MemberStatus.Down), _selfNode)
            .With(_gossip.Reachability.Observe(_selfNode, unreachable), _selfNode));
    }

    private void TakeInWaiting()
    {
        if (_waitingJoins.Count == 0) return;
        foreach (var (address, (join, sender)) in _waitingJoins.ToArray())
        {
            if (_gossip.Find(address) is not null) continue;
            _waitingJoins.Remove(address);
            Self.Tell(join, sender);
        }
    }

    /// <summary>
    /// A node that goes before it was welcomed may be a member already, in the eyes of the one that it asked. Nobody
    /// would wait for its word to go, but for its silence; and without a downing provider the cluster would do so for
    /// ever.
    /// </summary>
    private void Withdraw()
    {
        if (_joiningAt is { } asked) DaemonAt(asked).Tell(new Down(_selfNode.Address), Self);
        StopSeeking();
    }

    private void StopSearch()
    {
        _searchTimer?.Cancel();
        if (_search is { IsFirst: true }) Context.System.EventStream.Unsubscribe(Self, typeof(AssociationErrorEvent));
        _search = null;
    }

    private void StopSeeking()
    {
        StopSearch();
        _retryTimer?.Cancel();
        _giveUpTimer?.Cancel();
        _giveUpTimer = null;
        _joiningAt = null;
    }

    private ICancelable After(TimeSpan delay, Tick tick) =>
        Context.System.Scheduler.ScheduleTellOnceCancelable(delay, Self, tick, Self);

    private static bool NobodyListens(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            if (cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                return true;
        return false;
    }

    /// <summary>Join the node at that address.</summary>
    internal sealed record JoinTo(Address Address) : INoSerializationVerificationNeeded;

    /// <summary>Join the cluster of one of these nodes.</summary>
    internal sealed record JoinSeeds(ImmutableList<Address> Nodes) : INoSerializationVerificationNeeded;
}
