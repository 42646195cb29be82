using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>One server of a <see cref="World"/>: its actors while it is up, and what outlives them.</summary>
internal sealed class Server(World world, int id)
{
    /// <summary>Zxid of every transaction that was ever delivered here, with its request; survives crashes.</summary>
    public SortedDictionary<long, (long Session, long Request)> Deliveries { get; } = [];

    public int Id => id;

    public Disk Disk { get; } = new();

    public IActorRef? Peer { get; private set; }

    /// <summary>Counts the processes that this server has been.</summary>
    public int Life { get; private set; }

    public ZnodeTree Tree { get; set; } = ZnodeTree.Empty;

    public ServingChanged? Serving { get; set; }

    public bool IsUp => Peer is not null;

    /// <summary>The session of this server's one client.</summary>
    public long Session => 100 + id;

    public bool Serves => IsUp && Serving is { Serving: true };

    public bool Leads => Serves && Serving!.Role == ServerRole.Leading;

    public void Start(ActorSystem system, PeerContext context)
    {
        Life++;
        Serving = null;
        Peer = system.ActorOf(Akka.Zab.Protocol.Peer.Props(context), $"peer-{id}-{Life}");
    }

    /// <summary>The process is gone between two steps: it says nothing any more.</summary>
    public void Crash(ActorSystem system)
    {
        var peer = Peer!;
        Peer = null;
        system.Stop(peer);
        Serving = null;
        Disk.Crash();
    }

    /// <summary>The process ends in good order.</summary>
    public void Stop(ActorSystem system)
    {
        system.Stop(Peer!);
        Crash(system);
    }

    /// <summary>What became of requests that were no transactions.</summary>
    public Dictionary<long, Reply> Answers { get; } = [];

    public void Answered(Answer answer)
    {
        Answers[answer.RequestId] = answer.Reply;
        if (answer.Reply is SyncReply)
            world.CheckSync(answer);
    }

    public void Delivered(TxnHeader header)
    {
        var request = (header.SessionId, header.RequestId);
        Assert.True(
            !Deliveries.TryGetValue(header.Zxid, out var before) || before == request,
            $"server {id} delivered two different transactions {Zxid.Text(header.Zxid)}");
        Deliveries[header.Zxid] = request;
        world.Check(header.Zxid, request);
    }
}
