using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// A follower in ZAB, or an observer: joining a leader in the phases of ZAB (discovery, synchronisation, broadcast) and
/// staying with it until its link breaks. Then the server looks for a leader again; nothing is ever patched. A follower
/// has a vote and is sent what is proposed; an observer is sent what is committed, and what it acknowledges counts for
/// nothing but to tell the leader how far its journal has got. Which of them it is, the ensemble's configuration says.
/// </summary>
internal sealed partial class Learner(Peer peer, int leader) : PeerRole(peer)
{
    private enum Phase
    {
        /// <summary>FOLLOWERINFO is sent.</summary>
        Joining,

        /// <summary>The promise to the leader's epoch is on its way into the journal.</summary>
        Promising,

        /// <summary>ACKEPOCH is sent; the leader's history is coming in.</summary>
        Synchronising,

        /// <summary>History and epoch are on their way into the journal; proposals come in already.</summary>
        Establishing,

        /// <summary>NEWLEADER is acknowledged.</summary>
        Established,

        /// <summary>The leader has said UPTODATE: clients are served.</summary>
        Serving,
    }

    private const int TellAfterBytes = 64 * 1024;

    private readonly Queue<(long Number, long Zxid)> appends = new();
    private Phase phase;
    private LinkOut output = null!;
    private LinkIn input = null!;
    private IActorRef? leaderPeer;
    private IncomingSync? sync;
    private int epoch;
    private long waitsFor;
    private long untold;
    private long synchronisedTo;
    private bool promiseCounts;
    private TimeSpan heard;
    private TimeSpan progress;
    private Ensemble? ensemble;

    public override ServerRole Name =>
        Membership.Active.Votes(Self) ? ServerRole.Following : ServerRole.Observing;

    public override int Leader => leader;

    public override int Epoch => epoch;

    public override void Enter()
    {
        progress = Peer.Now;
        ensemble = Membership.Active;
        Peer.Timers.StartPeriodicTimer(PeerTimer.JoinAgain, PeerTimer.JoinAgain, Settings.JoinInterval);
        Peer.Timers.StartPeriodicTimer(PeerTimer.Beat, PeerTimer.Beat, Settings.Tick / 2);
        Join();
    }

    public override void Leave() => Peer.Tell(leader, new LinkBroken(output.Link, "the learner has left"));

    public override void Receive(object message)
    {
        switch (message)
        {
            case FollowerInfo:
                Peer.Otherwise(message);
                break;
            case LinkMessage linked:
                if (linked.Link == input.Link)
                    OnLinked(linked);
                break;
            case LinkBroken broken:
                if (broken.Link == input.Link)
                    OnLinkBroken(broken);
                break;
            case Notification notification:
                OnNotification(notification);
                break;
            case Durable durable:
                History.Advance(durable);
                OnDurable();
                break;
            case ServerUnreachable unreachable:
                Peer.Otherwise(unreachable);
                if (unreachable.Server == leader)
                    Peer.Look($"the leader, server {leader}, cannot be reached");
                break;
            case SubmitWrites writes:
                OnWrites(writes);
                break;
            case TouchSessions touched:
                OnTouched(touched);
                break;
            case PeerTimer.Flush:
                Forward();
                break;
            case PeerTimer.Beat:
                OnBeat();
                break;
            case PeerTimer.JoinAgain:
                OnJoinAgain();
                break;
            default:
                Peer.Otherwise(message);
                break;
        }
    }

    private void OnLinked(LinkMessage message)
    {
        if (!input.Accepts(message))
        {
            Peer.Look($"a message from server {leader} was lost");
            return;
        }

        heard = Peer.Now;
        try
        {
            Handle(message);
        }
        catch (InvalidDataException damaged)
        {
            Peer.Look($"what came from server {leader} is damaged: {damaged.Message}");
        }

        if (!ReferenceEquals(ensemble, Membership.Active) && Peer.Is(this))
            OnEnsemble();
    }

    /// <summary>A leader that hands over says whom to vote for, at the end of the history that both hold.</summary>
    private void OnLinkBroken(LinkBroken broken)
    {
        var preferred = broken.Successor == 0 || phase != Phase.Serving
            ? default
            : new Vote(broken.Successor, History.LastZxid, History.CurrentEpoch);
        Peer.Look($"server {leader} ended the link: {broken.Reason}", preferred);
    }

    private void Handle(LinkMessage message)
    {
        switch (message)
        {
            case LeaderInfo info when phase == Phase.Joining:
                OnLeaderInfo(info);
                break;
            case SyncDiff diff when phase == Phase.Synchronising:
                sync!.Diff(diff.After);
                break;
            case SyncTrunc trunc when phase == Phase.Synchronising:
                sync!.Trunc(trunc.To);
                break;
            case SyncSnapshot snapshot when phase == Phase.Synchronising:
                progress = heard;
                sync!.Chunk(snapshot.Chunk, snapshot.Last);
                Send(new SyncSnapshotTaken(output.Link, output.Next()));
                break;
            case SyncBatch batch when phase == Phase.Synchronising:
                progress = heard;
                sync!.Batch(Intact(batch.FirstZxid, batch.LastZxid, batch.Bytes));
                Taken(batch.Bytes.Length);
                break;
            case NewLeader newLeader when phase == Phase.Synchronising:
                OnNewLeader(newLeader);
                break;
            case Propose propose when phase >= Phase.Establishing:
                Append(Intact(propose.FirstZxid, propose.LastZxid, propose.Bytes));
                Commit(propose.Committed);
                break;
            case Commit commit when phase == Phase.Serving:
                Commit(commit.Zxid);
                break;
            case Inform inform when phase >= Phase.Establishing:
                Append(Intact(inform.FirstZxid, inform.LastZxid, inform.Bytes));
                Commit(inform.LastZxid);
                break;
            case UpToDate upToDate when phase == Phase.Established:
                OnUpToDate(upToDate);
                break;
            case PeerPing ping:
                Send(new PeerPong(output.Link, output.Next(), ping.Question, TakeTouched()));
                break;
            case ForwardAnswers answers:
                OnAnswers(answers);
                break;
            default:
                Invariant.Holds(false, $"a {message.GetType().Name} does not come to a learner that is {phase}");
                break;
        }
    }

    /// <summary>
    /// A new link for each attempt, so that what is left of an earlier one is never taken for this one's.
    /// </summary>
    private void Join()
    {
        phase = Phase.Joining;
        untold = 0;
        var link = Context.Random.NextInt64(1, long.MaxValue);
        output = new LinkOut(link);
        input = new LinkIn(link);
        Peer.Tell(leader, new FollowerInfo(
            link, output.Next(), ProtocolVersion.Current, Self,
            Membership.Voters.Contains(Self) ? MemberRole.Participant : MemberRole.Observer, History.AcceptedEpoch));
    }

    private void OnLeaderInfo(LeaderInfo info)
    {
        leaderPeer = Peer.From;
        progress = heard;
        if (info.Version != ProtocolVersion.Current)
        {
            Peer.Look(
                $"server {leader} speaks version {info.Version} of the protocol, this one {ProtocolVersion.Current}");
            return;
        }

        if (info.Epoch < History.AcceptedEpoch)
        {
            Peer.Look($"server {leader} leads epoch {info.Epoch}, epoch {History.AcceptedEpoch} was accepted already");
            return;
        }

        epoch = info.Epoch;
        phase = Phase.Promising;
        if (epoch > History.AcceptedEpoch)
        {
            Peer.PromisedTo = leader;
            waitsFor = History.Accept(epoch);
        }
        else
        {
            waitsFor = History.Issued;
        }

        promiseCounts = Peer.PromisedTo == leader;
        OnDurable();
    }

    private void OnNewLeader(NewLeader newLeader)
    {
        Invariant.Holds(newLeader.Epoch == epoch, "a leader keeps its epoch", newLeader.Epoch, epoch);
        phase = Phase.Establishing;
        progress = heard;
        waitsFor = History.Establish(epoch, sync!, newLeader.LastZxid);
        synchronisedTo = newLeader.LastZxid;
        sync = null;
        Peer.PartialSnapshot.Clear();
        OnDurable();
    }

    /// <summary>The leader sends only so much before it hears that some of it has arrived.</summary>
    private void Taken(int bytes)
    {
        untold += bytes;
        if (untold < TellAfterBytes)
            return;
        Send(new SyncBatchesTaken(output.Link, output.Next(), untold));
        untold = 0;
    }

    /// <summary>
    /// Everything that this server owes an acknowledgement for is acknowledged here, and nowhere else.
    /// </summary>
    private void OnDurable()
    {
        if (phase == Phase.Promising && History.Durable >= waitsFor)
        {
            phase = Phase.Synchronising;
            var partial = Peer.PartialSnapshot;
            sync = new IncomingSync(History.Log, History.Committed, partial);
            Send(new AckEpoch(
                output.Link, output.Next(), History.CurrentEpoch, History.LastZxid, promiseCounts, partial.Zxid,
                partial.Count));
        }

        if (phase == Phase.Establishing && History.Durable >= waitsFor)
        {
            phase = Phase.Established;
            Send(new AckNewLeader(output.Link, output.Next(), synchronisedTo));
        }

        var acknowledged = 0L;
        while (appends.TryPeek(out var append) && History.Durable >= append.Number)
            acknowledged = appends.Dequeue().Zxid;
        if (acknowledged != 0)
            Send(new Ack(output.Link, output.Next(), acknowledged));
    }

    private void OnUpToDate(UpToDate upToDate)
    {
        phase = Phase.Serving;
        Peer.Timers.Cancel(PeerTimer.JoinAgain);
        Commit(upToDate.Committed);
        ensemble = Membership.Active;
        if (!Membership.Active.Has(Self))
        {
            Log.Info("Server {0}: follows epoch {1} of server {2}, and is no member yet", Self, epoch, leader);
            return;
        }

        Log.Info("Server {0}: serving in epoch {1} of server {2}", Self, epoch, leader);
        Peer.AnnounceServing(true);
    }

    /// <summary>
    /// The ensemble is another from here on. A server that has lost its vote joins anew, without it; one that has won it
    /// was sent proposals before, and goes on.
    /// </summary>
    private void OnEnsemble()
    {
        var before = ensemble!;
        ensemble = Membership.Active;
        if (phase != Phase.Serving)
            return;
        Log.Info("Server {0}: the ensemble is {1} now", Self, Zxid.Text(ensemble.Version));
        if (before.Votes(Self) && !ensemble.Votes(Self))
            Peer.Look("it has no vote any more");
        else if (Peer.Serving != ensemble.Has(Self) || before.Votes(Self) != ensemble.Votes(Self))
            Peer.AnnounceServing(ensemble.Has(Self));
    }

    /// <summary>Nothing that is damaged gets into the journal, or is acknowledged.</summary>
    private static TxnBatch Intact(long firstZxid, long lastZxid, byte[] bytes)
    {
        var batch = new TxnBatch(firstZxid, lastZxid, bytes);
        return TxnCodec.IsIntact(batch) ? batch : throw new InvalidDataException("the checksum of a batch is wrong");
    }

    private void Commit(long zxid)
    {
        History.Commit(zxid);
        History.Trim();
    }

    private void Append(TxnBatch batch) => appends.Enqueue((History.Append(batch), batch.LastZxid));

    /// <summary>
    /// A leader that is looking leads no longer. One that has yet to notice that it was elected does not say so.
    /// </summary>
    private void OnNotification(Notification notification)
    {
        var lost = notification.Sender == leader && notification.State == ServerRole.Looking
            && (phase > Phase.Joining
                || (notification.Round >= Peer.Election.Round && notification.Vote.Leader != leader));
        if (lost)
            Peer.Look($"server {leader} is looking for a leader itself");
        else
            Peer.AnswerLooking(notification);
    }

    private void OnBeat()
    {
        if (phase > Phase.Joining && Peer.Now - heard > Settings.Tick * Settings.SyncLimit)
            Peer.Look($"nothing was heard from server {leader} for {Settings.SyncLimit} ticks");
        else if (phase < Phase.Serving && Peer.Now - progress > Settings.Tick * Settings.InitLimit)
            Peer.Look($"joining server {leader} made no progress for {Settings.InitLimit} ticks");
    }

    private void OnJoinAgain()
    {
        if (phase == Phase.Joining)
            Join();
        else
            Peer.Timers.Cancel(PeerTimer.JoinAgain);
    }

    private void Send(IZabMessage message) => leaderPeer!.Tell(message, Peer.Me);
}
