using Akka.Actor;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>A snapshot on its way to a learner.</summary>
/// <param name="zxid">Not after the last transaction in it.</param>
internal sealed class OutgoingSnapshot(long zxid)
{
    /// <summary>The last transaction in it; while the tree is being asked for, one that is in it for certain.</summary>
    public long Zxid { get; set; } = zxid;

    /// <summary>What makes the chunks; null while the tree is being asked for.</summary>
    public IActorRef? Source { get; set; }
}

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
    private bool more;

    public SnapshotSource(ZnodeTree tree, long link, IActorRef peer)
    {
        chunks = SnapshotCodec.Write(tree).GetEnumerator();
        this.link = link;
        this.peer = peer;
        more = chunks.MoveNext();
    }

    public static Props Props(ZnodeTree tree, long link, IActorRef peer) =>
        Actor.Props.Create(() => new SnapshotSource(tree, link, peer));

    protected override void OnReceive(object message)
    {
        if (message is not Next || !more)
            return;
        var chunk = chunks.Current;
        more = chunks.MoveNext();
        peer.Tell(new SnapshotChunk(link, chunk, !more), Self);
    }

    protected override void PostStop() => chunks.Dispose();

    /// <summary>Peer to snapshot source: another chunk.</summary>
    internal sealed record Next
    {
        public static Next Instance { get; } = new();
    }
}
