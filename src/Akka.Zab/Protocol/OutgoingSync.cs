using Akka.Actor;

namespace Akka.Zab.Protocol;

/// <summary>
/// What is on its way to a learner that is catching up. No more is under way than the learner has room for, so that a
/// slow one takes no memory, and what is sent to others is not held up.
/// </summary>
/// <param name="limit">How many bytes may be sent and not taken.</param>
internal sealed class OutgoingSync(long limit)
{
    private long untaken;

    /// <summary>Makes the chunks of the tree; null if none is being sent.</summary>
    public IActorRef? Source { get; set; }

    /// <summary>The last transaction of the tree that is being sent.</summary>
    public long SnapshotZxid { get; set; }

    /// <summary>Whether batches were asked of the journal and have not come yet.</summary>
    public bool Reading { get; set; }

    /// <summary>Whether the journal holds nothing later yet, and is to be asked again.</summary>
    public bool Starved { get; set; }

    /// <summary>Whether another batch may be sent.</summary>
    public bool HasRoom => untaken < limit;

    public void Sent(int bytes) => untaken += bytes;

    public void Taken(long bytes)
    {
        Invariant.Holds(bytes >= 0 && bytes <= untaken, "a learner takes what it was sent", bytes, untaken);
        untaken -= bytes;
    }
}
