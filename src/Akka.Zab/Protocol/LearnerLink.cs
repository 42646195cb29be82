using Akka.Actor;
using Akka.Zab.Client;

namespace Akka.Zab.Protocol;

/// <summary>How far a learner has come with joining.</summary>
internal enum LearnerPhase
{
    /// <summary>It has told which epoch it has accepted.</summary>
    Informed,

    /// <summary>It was told the new epoch.</summary>
    Invited,

    /// <summary>Its journal holds the promise; it waits for its history to be synchronised.</summary>
    Promised,

    /// <summary>It is being sent what it lacks: the tree, history, or both.</summary>
    CatchingUp,

    /// <summary>It was sent NEWLEADER, and is sent every proposal from then on.</summary>
    Synchronising,

    /// <summary>It has acknowledged NEWLEADER.</summary>
    Synchronised,

    /// <summary>It was told that it is up to date, and is sent every commit from then on.</summary>
    Serving,
}

/// <summary>A learner as its leader sees it: one link, from the join to its end.</summary>
internal sealed class LearnerLink(int server, MemberRole role, long link, IActorRef peer, IActorRef self, TimeSpan now)
{
    private readonly LinkOut output = new(link);
    private readonly LinkIn input = new(link);

    public int Server => server;

    /// <summary>
    /// Whether it is sent what is proposed, and its journal is waited for. A change of the ensemble that gives it a vote
    /// makes it so, for itself and all that comes after it.
    /// </summary>
    public bool Votes { get; set; } = role == MemberRole.Participant;

    public long Link => link;

    public LearnerPhase Phase { get; set; } = LearnerPhase.Informed;

    /// <summary>When it was last heard from.</summary>
    public TimeSpan Heard { get; set; } = now;

    /// <summary>
    /// The last transaction of its history, as it promised itself; then of what NEWLEADER was sent for.
    /// </summary>
    public long LastZxid { get; set; }

    /// <summary>When it last got a step further with joining.</summary>
    public TimeSpan Progress { get; set; } = now;

    /// <summary>The last transaction that was sent to it.</summary>
    public long SentUpTo { get; set; }

    /// <summary>
    /// The last transaction that its journal is known to hold; while it has not acknowledged NEWLEADER, the one that
    /// this was sent for.
    /// </summary>
    public long Acknowledged { get; set; }

    /// <summary>The tree of which it holds a part from an earlier link; 0 for none.</summary>
    public long SnapshotHeld { get; set; }

    /// <summary>How many chunks of that tree it holds, or of the one that is being sent.</summary>
    public int ChunksHeld { get; set; }

    /// <summary>What is on its way to it while it is catching up; otherwise null.</summary>
    public OutgoingSync? Sync { get; set; }

    /// <summary>The number that the next message to it has to carry. To be used at once, in order.</summary>
    public long Next() => output.Next();

    public bool Accepts(LinkMessage message) => input.Accepts(message);

    public void Send(IZabMessage message) => peer.Tell(message, self);
}
