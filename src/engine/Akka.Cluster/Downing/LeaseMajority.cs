using Akka.Coordination;

namespace Akka.Cluster.SBR;

/// <summary>
/// The side that gets the lease goes on. The side with fewer members waits before it tries, so that it is the larger one
/// if that can reach the lease at all.
/// </summary>
/// <param name="Lease">The lease.</param>
/// <param name="Role">The role whose members are counted; empty for all.</param>
/// <param name="DelayForMinority">How long the smaller side waits.</param>
/// <param name="ReleaseAfter">For how long the lease is kept when the downed members have been removed.</param>
internal sealed record LeaseMajority(Lease Lease, string Role, TimeSpan DelayForMinority, TimeSpan ReleaseAfter)
{
    /// <summary>How long this side waits before it tries.</summary>
    public TimeSpan Delay(IReadOnlyCollection<Member> members, ISet<Member> unreachable) =>
        KeepMajority.Decide(members, unreachable, Role) == Verdict.DownUnreachable ? TimeSpan.Zero : DelayForMinority;
}
