using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// One server's part in ZAB. It is looking for a leader, following one, observing one, or leading; each is a
/// behaviour in a file of its own. It speaks only messages, keeps nothing on disk itself, and takes time and chance
/// from outside.
/// </summary>
internal sealed class Peer : UntypedActor, IWithTimers
{
    private static readonly object FlushMessage = PeerTimer.Flush;

    private readonly Queue<Action<ZnodeTree>> treeRequests = new();
    private readonly Dictionary<int, (FollowerInfo Info, IActorRef Sender)> joins = [];
    private PeerRole? role;
    private ServerSet unreachable;
    private int highestEpochSeen;
    private long latestRumour;

    public Peer(PeerContext world)
    {
        World = world;
        Membership = new Membership(world.Ensemble, world.Reconfigurable, world.Directory.Update);
        History = new PeerHistory(world.History, world.Replica, Membership, world.Settings);
        Election = new ElectionTally(world.Self, Membership);
        Log = UntypedActor.Context.GetLogger();
    }

    public static Props Props(PeerContext world) => Actor.Props.Create(() => new Peer(world));

    /// <summary>What it does at the moment; null until its history is known.</summary>
    public PeerRole? Role => role;

    public ITimerScheduler Timers { get; set; } = null!;

    public PeerContext World { get; }

    /// <summary>Who the ensemble is, and who decides.</summary>
    public Membership Membership { get; }

    public PeerHistory History { get; }

    public ElectionTally Election { get; }

    public ILoggingAdapter Log { get; }

    /// <summary>
    /// The leader to whom the latest promise was made by this process; 0 if it was made before it started.
    /// </summary>
    public int PromisedTo { get; set; }

    /// <summary>The servers whose connection is gone and that have not been heard from since.</summary>
    public ref readonly ServerSet Unreachable => ref unreachable;

    /// <summary>The latest epoch that any server is known to have accepted.</summary>
    public int HighestEpochSeen => Math.Max(highestEpochSeen, History.AcceptedEpoch);

    /// <summary>What is left of a leader's tree whose link broke before it was complete.</summary>
    public PartialSnapshot PartialSnapshot { get; } = new();

    /// <summary>What is known of proposals, for the status.</summary>
    public ProposalSizes ProposalSizes { get; } = new();

    public bool Serving { get; private set; }

    /// <summary>Whether clients that accept it may read, while nobody is served.</summary>
    public bool ReadOnly { get; private set; }

    public IActorRef Me => Self;

    public IActorRef From => Sender;

    /// <summary>Time that only goes forward.</summary>
    public TimeSpan Now =>
        World.Time?.GetElapsedTime(0) ?? UntypedActor.Context.System.Scheduler.MonotonicClock;

    /// <summary>The wall clock, in Unix milliseconds.</summary>
    public long WallClock => UntypedActor.Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    protected override void PreStart() => World.History.Tell(new OpenHistory(), Self);

    // A server that stops in good order lets the others know, so that they need not find out.
    protected override void PostStop() => role?.Leave();

    /// <summary>The behaviour until the journal has been read.</summary>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Recovered recovered:
                History.Recover(recovered);
                Log.Info(
                    "Server {0}: history ends at {1}, committed {2}, current epoch {3}, accepted epoch {4}", World.Self,
                    Zxid.Text(
                        History.LastZxid), Zxid.Text(History.Committed), History.CurrentEpoch, History.AcceptedEpoch);
                BeginRole(new Looking(this));
                break;
            case GetPeerStatus:
                Sender.Tell(DescribeSelf());
                break;
            default:
                // Votes are said again; whatever else comes now is for a server that this one no longer is.
                break;
        }
    }

    /// <summary>Searches for a leader (again).</summary>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="preferred">
    /// Whom the leader before has handed over to: voted for first, if nothing speaks against it.
    /// </param>
    public void Look(string reason, Vote preferred = default)
    {
        Log.Info("Server {0}: looking for a leader: {1}", World.Self, reason);
        BeginRole(new Looking(this, preferred));
    }

    /// <summary>Whether this role goes on.</summary>
    public bool Is(PeerRole current) => ReferenceEquals(role, current);

    /// <summary>Joins a leader.</summary>
    public void Follow(int leader)
    {
        foreach (var (info, sender) in joins.Values)
            sender.Tell(new LinkBroken(info.Link, "this server does not lead"), Self);
        joins.Clear();
        BeginRole(new Learner(this, leader));
    }

    /// <summary>Begins to lead, with those who were first to join.</summary>
    public void Lead(ServerSet supporters)
    {
        var early = joins.Values.ToArray();
        joins.Clear();
        PartialSnapshot.Clear();
        var leading = new Leading(this, supporters);
        BeginRole(leading);
        foreach (var (info, sender) in early)
        {
            if (Is(leading))
                leading.Join(info, sender);
        }
    }

    public IActorRef Spawn(Props props) => UntypedActor.Context.ActorOf(props);

    public void Stop(IActorRef child) => UntypedActor.Context.Stop(child);

    /// <summary>
    /// A server that has decided already wants to join; it is answered when this one has decided too.
    /// </summary>
    public void KeepJoin(FollowerInfo info) => joins[info.Server] = (info, Sender);

    /// <summary>It has changed its mind.</summary>
    public void ForgetJoin(long link)
    {
        foreach (var (server, (info, _)) in joins)
        {
            if (info.Link == link)
                joins.Remove(server);
        }
    }

    /// <summary>A server was heard from.</summary>
    public void Reached(int server) => unreachable.Remove(server);

    /// <summary>
    /// A server has told of a later configuration than the last in this server's history. It says whom to ask and whom
    /// to follow; what decides is the history alone.
    /// </summary>
    public Ensemble? Rumoured { get; private set; }

    /// <summary>A server has told what the ensemble is. True if it is later than all that was heard before.</summary>
    public bool Hear(Notification notification)
    {
        if (Rumoured is { } rumour && rumour.Version <= Membership.Latest.Version)
            Rumoured = null;
        if (!World.Reconfigurable || notification.Config is not { } config
            || !EnsembleText.TryParse(config, out var ensemble)
            || ensemble.Version <= Membership.Latest.Version || ensemble.Version == Rumoured?.Version)
        {
            return false;
        }

        // What one that does not lead holds may never be committed, and be cut off again.
        if (ensemble.Version < Rumoured?.Version && notification.State != ServerRole.Leading)
            return false;

        Log.Info("Server {0}: server {1} tells of configuration {2}", World.Self, notification.Sender,
            Zxid.Text(ensemble.Version));
        Rumoured = ensemble;
        World.Directory.Update(ensemble);
        if (ensemble.Version <= latestRumour)
            return false;
        latestRumour = ensemble.Version;
        return true;
    }

    public void SawEpoch(int epoch) => highestEpochSeen = Math.Max(highestEpochSeen, epoch);

    public void Tell(int server, IZabMessage message) => World.Directory.Peer(server).Tell(message, Self);

    /// <summary>
    /// Comes after everything that the mailbox holds now, so that all of that is gathered into one message.
    /// </summary>
    public void FlushSoon() => Self.Tell(FlushMessage, Self);

    /// <summary>How things stand with this server.</summary>
    public Notification Opinion =>
        new(World.Self, role!.Name, Election.Round, Election.Vote, Membership.Latest.Version,
            Settled: Membership.Active.Version);

    /// <summary>As <see cref="Opinion"/>, with the ensemble's configuration for a server that may not have it.</summary>
    public Notification FullOpinion => Opinion with
    {
        Config = EnsembleText.Of(Membership.Latest.Members, Membership.Latest.Version),
    };

    /// <summary>How things stand, to a server that has just said how they stand with it.</summary>
    public void AnswerVote(Notification notification)
    {
        var opinion = notification.Version < Membership.Latest.Version ? FullOpinion : Opinion;
        if (role is Looking)
            opinion = opinion with { IsAnswer = true };
        // To where it came from: it may be a server that no configuration knows yet, or at another address.
        if (Sender.IsNobody())
            Tell(notification.Sender, opinion);
        else
            Sender.Tell(opinion, Self);
    }

    /// <summary>To a server that is looking, from one that is not.</summary>
    public void AnswerLooking(Notification notification)
    {
        Reached(notification.Sender);
        if (notification.State == ServerRole.Looking)
            AnswerVote(notification);
    }

    /// <summary>
    /// Says to the other actors of this server whether clients are served. Before anything else can be answered.
    /// </summary>
    public void AnnounceServing(bool serving)
    {
        Serving = serving;
        ReadOnly = false;
        Announce(new ServingChanged(role!.Name, role.Leader, role.Epoch, serving));
    }

    /// <summary>
    /// There is no leader to be found: who accepts it may read what this server knows to be committed. Ends with the
    /// role.
    /// </summary>
    public void AnnounceReadOnly()
    {
        Log.Info("Server {0}: serves clients that only read, while it looks for a leader", World.Self);
        ReadOnly = true;
        Announce(new ServingChanged(role!.Name, role.Leader, role.Epoch, Serving: false) { ReadOnly = true });
    }

    private void Announce(ServingChanged changed)
    {
        World.Sessions.Tell(changed, Self);
        World.Replica.Tell(changed, Self);
    }

    /// <summary>Asks for the committed tree; not answered if the role has changed by then.</summary>
    public void AskTree(Action<ZnodeTree> then)
    {
        var asking = role;
        treeRequests.Enqueue(tree =>
        {
            if (ReferenceEquals(role, asking))
                then(tree);
        });
        World.Replica.Tell(new GetTree(), Self);
    }

    /// <summary>What every role does in the same way, or not at all.</summary>
    public void Otherwise(object message)
    {
        switch (message)
        {
            case Notification notification:
                AnswerLooking(notification);
                break;
            case FollowerInfo info:
                Sender.Tell(new LinkBroken(info.Link, "this server does not lead"), Self);
                break;
            case Durable durable:
                History.Advance(durable);
                break;
            case TreeSnapshot snapshot:
                treeRequests.Dequeue()(snapshot.Tree);
                break;
            case ServerUnreachable { Server: var server }:
                unreachable.Add(server);
                break;
            case GetPeerStatus:
                Sender.Tell(DescribeSelf());
                break;
            case FoundInJournal or JournalPart or SnapshotChunk or LinkMessage or LinkBroken or SubmitWrites
                or TouchSessions or ExpireSession or PeerTimer:
                // Of a link, a service or a wait that is over.
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void BeginRole(PeerRole next)
    {
        var served = Serving || ReadOnly;
        role?.Leave();
        Timers.CancelAll();
        role = next;
        if (served || next is Looking)
            AnnounceServing(false);
        Become(next.Receive);
        next.Enter();
    }

    private PeerStatus DescribeSelf()
    {
        var leading = role as Leading;
        return new PeerStatus(
            World.Self,
            role?.Name ?? ServerRole.Looking,
            role?.Leader ?? 0,
            role is { Epoch: > 0 } ? role.Epoch : History.CurrentEpoch,
            History.LastZxid,
            History.Committed,
            leading?.LearnerCount ?? 0,
            leading?.SyncedFollowers ?? 0,
            leading?.SyncedObservers ?? 0,
            ProposalSizes.Last,
            ProposalSizes.Min,
            ProposalSizes.Max,
            Serving)
        {
            Ensemble = Membership.Active,
            ReadOnly = ReadOnly,
        };
    }
}
