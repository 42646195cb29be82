using Akka.Actor;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Leadership;

/// <summary>
/// An election for actors: it stands for an actor of yours, and tells it <see cref="BecomeLeader"/> and
/// <see cref="LostLeadership"/>, one after the other and never twice the same, each pair with a token of its own.
/// </summary>
/// <remarks>
/// After <see cref="LostLeadership"/> it stands again by itself, with a new token, unless it was told
/// <see cref="Resign"/>. When your actor dies, the lead is given up. The election is that of <see cref="ZabElection"/>:
/// actors and others may stand in it together.
/// </remarks>
public static class ZabLeadership
{
    /// <summary>Begins to stand for an actor.</summary>
    /// <param name="parent">The actor system, or the context of the actor that is to supervise it.</param>
    /// <param name="zab">The client. Its session leads; when that is over, so is this (<see cref="LeadershipOver"/>).</param>
    /// <param name="path">A znode for this election alone; created when missing.</param>
    /// <param name="candidate">
    /// Your actor, of this actor system: a message to another process may be lost, and this one must not be.
    /// </param>
    /// <param name="id">What the candidate calls itself, for others to see; null for its path.</param>
    /// <returns>
    /// An actor: it takes <see cref="Resign"/> and <see cref="StandAgain"/>; stop it to give up for good.
    /// </returns>
    /// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
    public static IActorRef Start(
        IActorRefFactory parent, ZabClient zab, string path, IActorRef candidate, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(zab);
        ArgumentNullException.ThrowIfNull(candidate);
        var election = new ZabElection(zab, path, id ?? candidate.Path.ToString());
        Func<CancellationToken, Task<Lead>> stand = async cancellation =>
        {
            var hold = await election.LeadAsync(cancellation).ConfigureAwait(false);
            return new Lead(hold.FencingToken, () => hold.IsHeld, hold.Lost, () => hold.DisposeAsync().AsTask());
        };
        return parent.ActorOf(Props.Create(typeof(LeadershipActor), path, candidate, stand));
    }
}
