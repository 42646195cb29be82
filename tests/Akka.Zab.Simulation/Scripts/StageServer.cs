using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>One server of a <see cref="Stage"/>: its actors while it is up.</summary>
internal sealed class StageServer(Stage stage, int id)
{
    private static readonly object Status = new GetPeerStatus();

    private IActorRef host = ActorRefs.Nobody;

    public int Id => id;

    /// <summary>Counts the processes that this server has been.</summary>
    public int Life { get; private set; }

    public IActorRef Peer { get; private set; } = ActorRefs.Nobody;

    public IActorRef Replica { get; private set; } = ActorRefs.Nobody;

    public IActorRef Sessions { get; private set; } = ActorRefs.Nobody;

    /// <summary>What its peer says of itself, as of the last step.</summary>
    public PeerStatus? Seen { get; set; }

    /// <summary>The committed tree; as it was last, if the server is down.</summary>
    public ZnodeTree Tree { get; set; } = ZnodeTree.Empty;

    /// <summary>Whether it runs, or is about to: what others send it arrives.</summary>
    public bool IsUp { get; set; }

    public bool Serves => IsUp && Seen is { Serving: true };

    public bool Leads => Serves && Seen!.Role == ServerRole.Leading;

    public void Start()
    {
        Life++;
        Seen = null;
        IsUp = true;
        host = stage.System.ActorOf(Props.Create(() => new HostActor(stage, this)), $"server-{id}-{Life}");
    }

    /// <summary>The process is gone between two steps: it says nothing any more.</summary>
    public void Crash()
    {
        IsUp = false;
        stage.System.Stop(host);
        stage.Disk(id).Crash();
        Seen = null;
    }

    /// <summary>The process ends in good order.</summary>
    public void Stop()
    {
        stage.System.Stop(host);
        Crash();
    }

    public PeerStatus? Ask() => IsUp ? stage.Ask<PeerStatus>(Peer, Status) : null;

    /// <summary>As the supervisor of a member: starts its actors; none is restarted when it fails.</summary>
    private sealed class HostActor(Stage stage, StageServer server) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
        {
            stage.Failed(server, failure.Message);
            return Directive.Stop;
        });

        protected override void PreStart()
        {
            server.Replica = Context.ActorOf(ReplicaActor.Props(), "replica");
            var history = Context.ActorOf(HistoryActor.Props(stage.History(server.Id), server.Replica), "history");
            server.Sessions = Context.ActorOf(
                SessionRegistry.Props(stage.Sessions(server.Id), server.Replica), "sessions");
            var tap = Context.ActorOf(Props.Create(() => new TapActor(stage, server)), "tap");
            server.Peer = Context.ActorOf(
                Protocol.Peer.Props(stage.Context(server, history, tap, server.Sessions)), "peer");
        }

        protected override void OnReceive(object message)
        {
            if (message is HistoryFailed failed)
                stage.Failed(server, failed.Reason);
        }
    }

    /// <summary>Stands before the replica and sees what it is told.</summary>
    private sealed class TapActor(Stage stage, StageServer server) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case CommitBatches commit:
                    stage.Committed(server, commit.Batches);
                    break;
                case ResetReplica reset:
                    stage.Reset(server, reset.Tree);
                    break;
                case ServingChanged changed:
                    stage.Serving(server, changed);
                    break;
            }

            server.Replica.Forward(message);
        }
    }
}
