using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.SBR;

/// <summary>
/// Waits until the membership has been the same for a while, then carries out a verdict: that of
/// <see cref="KeepMajority"/>, or that of who gets the lease.
/// </summary>
internal sealed class SplitBrainResolver : UntypedActor, IWithTimers
{
    private sealed record Acquired(bool IsHeld);

    private sealed record Released(bool IsReleased);

    private static readonly TimeSpan _releaseAgain = TimeSpan.FromSeconds(1);

    private readonly Cluster _cluster;
    private readonly TimeSpan _stableAfter;
    private readonly TimeSpan? _unstableLimit;
    private readonly string _role;
    private readonly LeaseMajority? _lease;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<UniqueAddress> _downed = [];
    private bool _partitioned;
    private bool _acquiring;
    private bool _acquired;

    public SplitBrainResolver(
        Cluster cluster, TimeSpan stableAfter, TimeSpan? unstableLimit, string role, LeaseMajority? lease)
    {
        _cluster = cluster;
        _stableAfter = stableAfter;
        _unstableLimit = unstableLimit;
        _role = role;
        _lease = lease;
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
                ReleaseWhenRemoved();
                break;
            case "stable":
                Resolve();
                break;
            case "unstable":
                _log.Warning("The membership has not become stable: all members are downed.");
                foreach (var member in _cluster.State.Members) _cluster.Down(member.Address);
                break;
            case "acquire":
                Acquire();
                break;
            case Acquired acquired:
                OnAcquired(acquired.IsHeld);
                break;
            case "release":
                _lease!.Lease.Release().PipeTo(Self, Self, static done => new Released(done), static _ => new Released(false));
                break;
            case Released released:
                if (!released.IsReleased && _acquired) Timers.StartSingleTimer("release", "release", _releaseAgain);
                else _acquired = false;
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
        if (!_partitioned && !_acquiring && _unstableLimit is { } limit)
            Timers.StartSingleTimer("unstable", "unstable", _stableAfter + limit);
        _partitioned = true;
    }

    private void Resolve()
    {
        var state = _cluster.State;
        if (_acquiring || state.Unreachable.IsEmpty || _cluster.SelfMember.Status is MemberStatus.Removed) return;
        // One node of each side acts, so that the verdict is carried out once.
        if (state.Leader is { } leader && !leader.Equals(_cluster.SelfAddress)) return;
        if (_lease is null)
        {
            Act(KeepMajority.Decide(state.Members, state.Unreachable, _role));
            return;
        }
        if (_acquired && _lease.Lease.CheckLease())
        {
            OnAcquired(true);
            return;
        }
        _acquiring = true;
        // It is stable: what takes its time now is the lease.
        Timers.Cancel("unstable");
        var delay = _lease.Delay(state.Members, state.Unreachable);
        if (delay > TimeSpan.Zero) Timers.StartSingleTimer("acquire", "acquire", delay);
        else Acquire();
    }

    private void Acquire() => _lease!.Lease.Acquire().PipeTo(
        Self, Self, static held => new Acquired(held),
        failure =>
        {
            _log.Error(failure, "The lease could not be acquired.");
            return new Acquired(false);
        });

    private void OnAcquired(bool isHeld)
    {
        _acquiring = false;
        _acquired = isHeld;
        Timers.Cancel("release");
        // If all are back meanwhile, nobody has to go.
        if (!_cluster.State.Unreachable.IsEmpty) Act(isHeld ? Verdict.DownUnreachable : Verdict.DownReachable);
        ReleaseWhenRemoved();
    }

    /// <summary>The lease is kept until the members that were downed with it are gone, and for a while after that.</summary>
    private void ReleaseWhenRemoved()
    {
        if (!_acquired || Timers.IsTimerActive("release")) return;
        _downed.IntersectWith(_cluster.State.Members.Select(member => member.UniqueAddress));
        if (_downed.Count == 0) Timers.StartSingleTimer("release", "release", _lease!.ReleaseAfter);
    }

    private void Act(Verdict verdict)
    {
        var state = _cluster.State;
        var doomed = state.Members
            .Where(m => state.Unreachable.Contains(m) == (verdict == Verdict.DownUnreachable)).ToArray();
        _log.Warning($"Split-brain resolver: {verdict}, so [{string.Join(", ", doomed.Select(m => m.Address))}] " +
                     $"of [{string.Join(", ", state.Members.Select(m => m.Address))}] are downed.");
        Timers.Cancel("unstable");
        _downed.UnionWith(doomed.Select(member => member.UniqueAddress));
        foreach (var member in doomed.OrderBy(m => m.Address.Equals(_cluster.SelfAddress)))
            _cluster.Down(member.Address);
    }
}
