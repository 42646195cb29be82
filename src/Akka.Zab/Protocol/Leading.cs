using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Replica;

namespace Akka.Zab.Protocol;

/// <summary>
/// The leader of ZAB. Discovery: a quorum says which epochs it has accepted, and promises itself to a new one.
/// Synchronisation: everyone who has promised is given the leader's history; when a quorum holds it, the epoch is
/// established. Broadcast: see Leading.Broadcast.cs. A leader that has no quorum behind it steps down.
/// </summary>
internal sealed partial class Leading : PeerRole
{
    private readonly Dictionary<int, LearnerLink> learners = [];
    private readonly Dictionary<long, LearnerLink> links = [];
    private readonly Discovery discovery;
    private readonly QuorumConfirmation confirmation;
    private readonly GatheredWrites gathered;
    private ProposalWindow window;
    private ServerSet supporters;
    private TimeSpan began;
    private long acceptCommand;
    private long establishCommand;
    private long initialLast;
    private bool accepted;
    private bool established;

    /// <param name="peer">The peer.</param>
    /// <param name="supporters">
    /// Those that voted for this server; as long as they are a quorum it waits for them.
    /// </param>
    public Leading(Peer peer, ServerSet supporters)
        : base(peer)
    {
        this.supporters = supporters;
        this.supporters.Add(Self);
        discovery = new Discovery(Quorum);
        confirmation = new QuorumConfirmation(Self, Quorum);
        gathered = new GatheredWrites(Settings.MaxGatheredBytes);
        window = new ProposalWindow(Quorum, History.Committed);
        ensemble = Membership.Active;
    }

    public override ServerRole Name => ServerRole.Leading;

    public override int Leader => Self;

    public override int Epoch => discovery.NewEpoch;

    public int LearnerCount => learners.Count;

    public int SyncedFollowers => CountSynced(votes: true);

    public int SyncedObservers => CountSynced(votes: false);

    private IQuorum Quorum => Membership;

    public override void Enter()
    {
        began = Peer.Now;
        Peer.Timers.StartPeriodicTimer(PeerTimer.Beat, PeerTimer.Beat, Settings.Tick / 2);
        Log.Info("Server {0}: elected in round {1}", Self, Peer.Election.Round);
        Inform(Self, Peer.HighestEpochSeen);
    }

    public override void Leave()
    {
        foreach (var learner in learners.Values)
        {
            EndSnapshot(learner);
            learner.Send(new LinkBroken(learner.Link, "this server leads no longer", successor));
        }

        if (proposer is not null)
            Context.Sessions.Tell(new StopExpiry(), Peer.Me);
    }

    public override void Receive(object message)
    {
        switch (message)
        {
            case FollowerInfo info:
                Join(info, Peer.From);
                break;
            case LinkMessage linked:
                OnLinked(linked);
                break;
            case SubmitWrites writes:
                OnWrites(writes);
                break;
            case PeerTimer.Flush:
                flushing = false;
                Flush();
                break;
            case Durable durable:
                History.Advance(durable);
                OnDurable();
                break;
            case TouchSessions touched:
                Context.Sessions.Tell(new SessionsTouched(touched.SessionIds), Peer.Me);
                break;
            case ExpireSession expired:
                OnExpired(expired);
                break;
            case SnapshotChunk chunk:
                OnChunk(chunk);
                break;
            case FoundInJournal found:
                OnFound(found);
                break;
            case JournalPart part:
                OnJournalPart(part);
                break;
            case Notification notification:
                OnNotification(notification);
                break;
            case LinkBroken broken:
                if (links.TryGetValue(broken.Link, out var left))
                    Drop(left, broken.Reason);
                break;
            case ServerUnreachable unreachable:
                Peer.Otherwise(unreachable);
                OnUnreachable(unreachable.Server);
                break;
            case PeerTimer.Beat:
                OnBeat();
                ReapNowAndThen();
                break;
            default:
                Peer.Otherwise(message);
                break;
        }
    }

    private void OnLinked(LinkMessage message)
    {
        if (!links.TryGetValue(message.Link, out var learner))
        {
            Peer.From.Tell(new LinkBroken(message.Link, "there is no such link"), Peer.Me);
            return;
        }

        if (!learner.Accepts(message))
        {
            Drop(learner, "a message was lost");
            return;
        }

        learner.Heard = Peer.Now;
        try
        {
            Handle(learner, message);
        }
        catch (InvalidDataException damaged)
        {
            Drop(learner, $"what it sent is damaged: {damaged.Message}");
        }
    }

    private void Handle(LearnerLink learner, LinkMessage message)
    {
        switch (message)
        {
            case Ack ack when learner.Phase >= LearnerPhase.Synchronised:
                learner.Acknowledged = ack.Zxid;
                if (!learner.Votes)
                    break;
                window.Acknowledge(learner.Server, ack.Zxid);
                Advance();
                if (handOver is not null)
                    TryHandOver();
                break;
            case ForwardWrites writes when learner.Phase >= LearnerPhase.Synchronised:
                OnForwarded(learner, writes);
                break;
            case PeerPong pong:
                OnPong(learner, pong);
                break;
            case AckEpoch ack when learner.Phase == LearnerPhase.Invited:
                OnAckEpoch(learner, ack);
                break;
            case SyncSnapshotTaken when learner.Phase >= LearnerPhase.CatchingUp:
                OnChunkTaken(learner);
                break;
            case SyncBatchesTaken taken when learner.Phase >= LearnerPhase.CatchingUp:
                OnBatchesTaken(learner, taken);
                break;
            case AckNewLeader ack when learner.Phase == LearnerPhase.Synchronising:
                OnAckNewLeader(learner, ack);
                break;
            default:
                Invariant.Holds(
                    false, $"a {message.GetType().Name} does not come from a learner that is {learner.Phase}");
                break;
        }
    }

    /// <summary>FOLLOWERINFO. A server that joins anew has given up its earlier link.</summary>
    public void Join(FollowerInfo info, IActorRef sender)
    {
        var isMember = Membership.Active.Has(info.Server) || Membership.Latest.Has(info.Server);
        if (info.Version != ProtocolVersion.Current || !(isMember || Context.Reconfigurable))
        {
            sender.Tell(
                new LinkBroken(info.Link, "it is no member, or speaks another version of the protocol"), Peer.Me);
            return;
        }

        Peer.Reached(info.Server);
        Peer.SawEpoch(info.AcceptedEpoch);
        if (Epoch != 0 && info.AcceptedEpoch > Epoch)
        {
            // It can never join this epoch, and where there is one such server there may be a quorum of them.
            StepDown($"server {info.Server} has accepted epoch {info.AcceptedEpoch} already");
            return;
        }

        if (learners.TryGetValue(info.Server, out var earlier))
            Remove(earlier);
        // One that is no member yet has to hold the history before it can become one.
        var role = Quorum.Voters.Contains(info.Server) ? MemberRole.Participant : MemberRole.Observer;
        var learner = new LearnerLink(info.Server, role, info.Link, sender, Peer.Me, Peer.Now);
        if (!learner.Accepts(info))
            return;
        learners.Add(info.Server, learner);
        links.Add(info.Link, learner);
        if (learner.Votes)
            supporters.Add(info.Server);
        if (accepted)
            Invite(learner);
        else if (learner.Votes)
            Inform(info.Server, info.AcceptedEpoch);
    }

    private void Inform(int server, int acceptedEpoch)
    {
        if (!discovery.Inform(server, acceptedEpoch))
            return;
        Peer.PromisedTo = Self;
        acceptCommand = History.Accept(Epoch);
    }

    /// <summary>
    /// LEADERINFO: only when the leader's own promise is durable, so that no later leader takes the same epoch.
    /// </summary>
    private void Invite(LearnerLink learner)
    {
        learner.Phase = LearnerPhase.Invited;
        learner.Send(new LeaderInfo(learner.Link, learner.Next(), ProtocolVersion.Current, Epoch));
    }

    private void OnAckEpoch(LearnerLink learner, AckEpoch ack)
    {
        learner.LastZxid = ack.LastZxid;
        learner.SnapshotHeld = ack.SnapshotHeld;
        learner.ChunksHeld = ack.ChunksHeld;
        learner.Phase = LearnerPhase.Promised;
        if (learner.Votes && !discovery.IsPromised)
        {
            var theirs = new Vote(0, ack.LastZxid, ack.CurrentEpoch);
            if (theirs.IsBetterThan(new Vote(0, History.LastZxid, History.CurrentEpoch)))
            {
                StepDown($"server {learner.Server} has the better history");
                return;
            }
        }

        if (learner.Votes && ack.Counts)
            Promise(learner.Server);
        else
            Synchronise(learner);
    }

    /// <summary>
    /// When a quorum has promised itself, the leader's history is the one with which the epoch begins.
    /// </summary>
    private void Promise(int server)
    {
        if (discovery.Promise(server))
        {
            initialLast = History.LastZxid;
            establishCommand = History.Establish(Epoch);
        }

        foreach (var learner in learners.Values)
            Synchronise(learner);
    }

    private void OnDurable()
    {
        if (!accepted && acceptCommand != 0 && History.Durable >= acceptCommand)
        {
            accepted = true;
            foreach (var learner in learners.Values)
                Invite(learner);
            Promise(Self);
        }

        if (establishCommand != 0 && History.Durable >= establishCommand)
        {
            establishCommand = 0;
            window.Join(Self, initialLast);
            Establish();
        }

        if (AcknowledgeOwn())
            Advance();
    }

    private void OnAckNewLeader(LearnerLink learner, AckNewLeader ack)
    {
        Invariant.Holds(
            ack.LastZxid == learner.LastZxid, "a learner holds what it was sent", ack.LastZxid, learner.LastZxid);
        learner.Phase = LearnerPhase.Synchronised;
        learner.Acknowledged = ack.LastZxid;
        if (learner.Votes)
            window.Join(learner.Server, ack.LastZxid);
        if (!established)
            Establish();
        else
            BringUpToDate(learner);
        Advance();
        if (unconfirmed.Count > 0)
            Ask();
    }

    /// <summary>
    /// A quorum has acknowledged NEWLEADER: all of the history with which the epoch begins is committed, and clients
    /// are served as soon as there is a head to judge their writes against.
    /// </summary>
    private void Establish()
    {
        if (established || !window.IsEstablished)
            return;
        established = true;
        window.Advance();
        Invariant.Holds(
            window.Committed >= initialLast, "an epoch begins with all its history", window.Committed, initialLast);
        Log.Info("Server {0}: leads epoch {1} from {2}", Self, Epoch, Zxid.Text(initialLast));
        History.Commit(window.Committed);
        Peer.AskTree(Serve);

        supporters = new ServerSet(Self);
        foreach (var learner in learners.Values)
        {
            if (learner.Votes)
                supporters.Add(learner.Server);
            if (learner.Phase == LearnerPhase.Synchronised)
                BringUpToDate(learner);
            else
                Synchronise(learner);
        }

        TellAbsent(Peer.Opinion);
        OnCommitted();
    }

    /// <summary>Lets members that have not joined know who leads.</summary>
    private void TellAbsent(Notification opinion)
    {
        foreach (var member in Membership.Latest.Members)
        {
            if (!learners.ContainsKey(member.Id) && member.Id != Self)
                Peer.Tell(member.Id, opinion);
        }
    }

    /// <summary>
    /// UPTODATE covers everything that is committed by now, not only what the learner was sent NEWLEADER for.
    /// </summary>
    private void BringUpToDate(LearnerLink learner)
    {
        learner.Phase = LearnerPhase.Serving;
        learner.Send(new UpToDate(learner.Link, learner.Next(), learner.Votes ? window.Committed : learner.SentUpTo));
        if (!learner.Votes)
            InformOf(learner);
    }

    private int CountSynced(bool votes)
    {
        var count = 0;
        foreach (var learner in learners.Values)
        {
            if (learner.Votes == votes && learner.Phase >= LearnerPhase.Synchronised)
                count++;
        }

        return count;
    }
}
