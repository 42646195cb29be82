using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.SBR;

/// <summary>What one side of a partition does.</summary>
internal enum Verdict
{
    /// <summary>This side goes on; the members that it cannot reach are downed.</summary>
    DownUnreachable,

    /// <summary>The other side goes on; the members of this one are downed.</summary>
    DownReachable,
}

/// <summary>
/// The side with more members goes on. With equally many, it is the side with the member of the lowest address. Both
/// sides come to the same verdict, because they know the same members.
/// </summary>
internal static class KeepMajority
{
    public static Verdict Decide(IReadOnlyCollection<Member> members, ISet<Member> unreachable, string role)
    {
        // Members that are not fully in have no vote: the two sides need not agree on who they are.
        var voters = members.Where(m =>
            m.Status is MemberStatus.Up or MemberStatus.Leaving && (role.Length == 0 || m.HasRole(role))).ToArray();
        var here = voters.Count(m => !unreachable.Contains(m));
        var there = voters.Length - here;
        if (here != there) return here > there ? Verdict.DownUnreachable : Verdict.DownReachable;
        var lowest = voters.MinBy(m => m.Address, Member.AddressOrdering);
        return lowest is not null && !unreachable.Contains(lowest) ? Verdict.DownUnreachable : Verdict.DownReachable;
    }
}

/// <summary>Waits until the membership has been the same for a while, then carries out the verdict.</summary>
internal sealed class KeepMajorityActor : UntypedActor, IWithTimers
{
    private readonly Cluster _cluster;
    private readonly TimeSpan _stableAfter;
    private readonly TimeSpan? _unstableLimit;
    private readonly string _role;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _partitioned;

    public KeepMajorityActor(Cluster cluster, TimeSpan stableAfter, TimeSpan? unstableLimit, string role)
    {
        _cluster = cluster;
        _stableAfter = stableAfter;
        _unstableLimit = unstableLimit;
        _role = role;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => _cluster.Subscribe(
        Self, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState or ClusterEvent.IClusterDomainEvent:
                Restart();
                break;
            case "stable":
                Resolve();
                break;
            case "unstable":
                _log.Warning("The membership has not become stable: all members are downed.");
                foreach (var member in _cluster.State.Members) _cluster.Down(member.Address);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Restart()
    {
        Timers.Cancel("stable");
        if (_cluster.State.Unreachable.IsEmpty)
        {
            Timers.Cancel("unstable");
            _partitioned = false;
            return;
        }
        Timers.StartSingleTimer("stable", "stable", _stableAfter);
        if (!_partitioned && _unstableLimit is { } limit)
            Timers.StartSingleTimer("unstable", "unstable", _stableAfter + limit);
        _partitioned = true;
    }

    private void Resolve()
    {
        var state = _cluster.State;
        if (state.Unreachable.IsEmpty || _cluster.SelfMember.Status is MemberStatus.Removed) return;
        // One node of each side acts, so that the verdict is carried out once.
        if (state.Leader is { } leader && !leader.Equals(_cluster.SelfAddress)) return;
        var verdict = KeepMajority.Decide(state.Members, state.Unreachable, _role);
        var doomed = state.Members
            .Where(m => state.Unreachable.Contains(m) == (verdict == Verdict.DownUnreachable)).ToArray();
        _log.Warning($"Split-brain resolver: {verdict}, so [{string.Join(", ", doomed.Select(m => m.Address))}] " +
                     $"of [{string.Join(", ", state.Members.Select(m => m.Address))}] are downed.");
        Timers.Cancel("unstable");
        foreach (var member in doomed.OrderBy(m => m.Address.Equals(_cluster.SelfAddress)))
            _cluster.Down(member.Address);
    }
}
