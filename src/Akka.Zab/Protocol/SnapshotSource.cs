using Akka.Actor;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>Snapshot source to peer: the next chunk.</summary>
internal sealed record SnapshotChunk(long Link, byte[] Bytes, bool Last);

/// <summary>
/// Makes the chunks of a tree, one for each that is asked for, so that the peer never has to wait for it and no more
/// are in memory than are on their way.
/// </summary>
internal sealed class SnapshotSource : UntypedActor
{
    private readonly IEnumerator<byte[]> chunks;
    private readonly long link;
    private readonly IActorRef peer;
    private bool begun;
    private bool more;
    private bool ended;

    public SnapshotSource(ZnodeTree tree, int skip, long link, IActorRef peer)
    {
        chunks = SnapshotCodec.Write(tree).Skip(skip).GetEnumerator();
        this.link = link;
        this.peer = peer;
    }

    /// <param name="tree">The tree.</param>
    /// <param name="skip">How many chunks the learner has already; if all, one that is empty is made.</param>
    /// <param name="link">The learner's link.</param>
    /// <param name="peer">Who asks for the chunks.</param>
    public static Props Props(ZnodeTree tree, int skip, long link, IActorRef peer) =>
        Actor.Props.Create(() => new SnapshotSource(tree, skip, link, peer));

    protected override void OnReceive(object message)
    {
        if (message is not Next)
            return;
        if (ended)
            return;
        if (!begun)
            (begun, more) = (true, chunks.MoveNext());
        var chunk = more ? chunks.Current : [];
        more = more && chunks.MoveNext();
        ended = !more;
        peer.Tell(new SnapshotChunk(link, chunk, ended), Self);
    }

    protected override void PostStop() => chunks.Dispose();

    /// <summary>Peer to snapshot source: another chunk.</summary>
    internal sealed record Next
    {
        public static Next Instance { get; } = new();
    }
}
