using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// Broadcast: writes are gathered, judged against the head, proposed a batch at a time while earlier ones are being
/// made durable, and committed when a quorum holds them. Requests that make no transaction are answered when what
/// they were judged against has been applied.
/// </summary>
internal sealed partial class Leading
{
    private static readonly Func<long, long, WriteRequest, Identities, bool, OriginWrite> MakeWrite =
        static (session, request, operation, who, local) =>
            new OriginWrite(0, session, request, operation, who, local);

    private const int MaxReapedAtOnce = 10_000;

    private readonly Queue<(long Number, long Zxid)> ownAppends = new();
    private readonly Queue<(long Question, int Origin, Answer Answer)> unconfirmed = new();
    private readonly Dictionary<int, AnswerEncoder> remoteAnswers = [];
    private readonly List<Answer> localAnswers = [];
    private Proposer? proposer;
    private long announced;
    private bool flushing;
    private TimeSpan lastReaped;

    /// <summary>There is a head: from here on writes are judged and clients are served.</summary>
    private void Serve(ZnodeTree tree)
    {
        Invariant.Holds(
            tree.LastZxid == History.LastZxid, "the head has all of history", tree.LastZxid, History.LastZxid);
        proposer = new Proposer(tree, Epoch, Settings.Rules);
        lastReaped = Peer.Now;
        announced = History.Committed;
        RecordIfNew(tree);
        var sessions = new List<(long, int)>(tree.SessionCount);
        foreach (var (id, session) in tree.Sessions)
            sessions.Add((id, session.TimeoutMs));
        Peer.AnnounceServing(true);
        Context.Sessions.Tell(new StartExpiry([.. sessions]), Peer.Me);
        Flush();
    }

    private void OnWrites(SubmitWrites writes)
    {
        if (!Peer.Serving)
            return;
        foreach (var write in writes.Writes)
        {
            gathered.Add(new OriginWrite(
                Self, writes.SessionId, write.RequestId, write.Operation, writes.Who, writes.Local));
        }

        FlushSoon();
    }

    private void OnForwarded(LearnerLink learner, ForwardWrites writes)
    {
        foreach (var write in RequestCodec.Decode(writes.Bytes, MakeWrite))
            gathered.Add(write with { Origin = learner.Server });
        FlushSoon();
    }

    private void OnExpired(ExpireSession expired)
    {
        if (proposer is null)
            return;
        gathered.Add(new OriginWrite(Self, expired.SessionId, 0, new CloseSession()));
        FlushSoon();
    }

    /// <summary>Now and then: proposes to delete the containers and znodes with a time to live that are due.</summary>
    private void ReapNowAndThen()
    {
        if (proposer is null || Peer.Now - lastReaped < Settings.ReapInterval)
            return;
        lastReaped = Peer.Now;
        var maxNeverUsedMs = (long)Settings.MaxNeverUsed.TotalMilliseconds;
        foreach (var path in proposer.FindDue(Peer.WallClock, maxNeverUsedMs, MaxReapedAtOnce))
            gathered.Add(new OriginWrite(Self, 0, 0, new Reap(path, maxNeverUsedMs)));
        if (gathered.Count > 0)
            FlushSoon();
    }

    private void FlushSoon()
    {
        if (flushing || !HasRoom)
            return;
        flushing = true;
        Peer.FlushSoon();
    }

    private bool HasRoom => handOver is null && window.OutstandingBatches < Settings.MaxOutstandingBatches
        && window.OutstandingBytes < Settings.MaxOutstandingBytes;

    /// <summary>
    /// Judges what was gathered, as far as there is room for it. What is left waits for the next commit.
    /// </summary>
    private void Flush()
    {
        if (proposer is null)
            return;
        while (gathered.Count > 0 && HasRoom)
        {
            if (proposer.Counter >= Settings.LastCounter)
            {
                // A new epoch has to begin; what is proposed already is committed first.
                if (window.OutstandingBatches == 0)
                    StepDown($"epoch {Epoch} has no zxids left");
                break;
            }

            JudgeBatch(proposer);
            if (proposer.HasBatch)
                Propose(proposer.TakeBatch(out var txns), txns);
        }

        if (!Peer.Is(this))
            return;
        SendAnswers();
        AskIfWaiting();
        if (handOver is not null)
            TryHandOver();
    }

    private void JudgeBatch(Proposer proposer)
    {
        var time = Peer.WallClock;
        while (proposer.BatchBytes < Settings.MaxBatchBytes && proposer.Counter < Settings.LastCounter
            && gathered.TryTake(out var write))
        {
            switch (proposer.Judge(write, time, out var answer))
            {
                case JudgedAs.Answered:
                    Answer(write.Origin, new Answer(write.SessionId, write.RequestId, proposer.Last, answer!));
                    break;
                case JudgedAs.ToBeConfirmed:
                    unconfirmed.Enqueue((confirmation.Asked + 1, write.Origin,
                        new Answer(write.SessionId, write.RequestId, proposer.Last, answer!)));
                    gathered.HoldBehindSync(write.SessionId);
                    // A client that holds something goes by what the leader has heard of it.
                    Context.Sessions.Tell(new SessionsTouched([write.SessionId]), Peer.Me);
                    break;
                case JudgedAs.SessionOpened:
                    Context.Sessions.Tell(
                        new TrackSession(write.SessionId, ((OpenSession)write.Operation).TimeoutMs), Peer.Me);
                    break;
                case JudgedAs.SessionAttached:
                    Context.Sessions.Tell(
                        new TrackSession(write.SessionId, ((ReattachSession)write.Operation).TimeoutMs), Peer.Me);
                    Answer(write.Origin, new Answer(write.SessionId, write.RequestId, proposer.Last, answer!));
                    break;
                case JudgedAs.SessionClosed:
                    Context.Sessions.Tell(new UntrackSession(write.SessionId), Peer.Me);
                    break;
                case JudgedAs.OfTheEnsemble:
                    JudgeOfTheEnsemble(proposer, write, time);
                    if (!HasRoom)
                        return;
                    break;
            }
        }
    }

    private void Propose(TxnBatch batch, LoggedTxn[] txns)
    {
        ownAppends.Enqueue((History.Append(batch, txns), batch.LastZxid));
        window.Propose(batch);
        Peer.ProposalSizes.Add(batch.Bytes.Length);
        announced = window.Committed;
        if (TxnCodec.IsReconfig(batch))
            Promote(batch.FirstZxid - 1);
        foreach (var learner in learners.Values)
        {
            if (!learner.Votes || learner.Phase < LearnerPhase.Synchronising)
                continue;
            learner.SentUpTo = batch.LastZxid;
            learner.Send(new Propose(
                learner.Link, learner.Next(), batch.FirstZxid, batch.LastZxid, batch.Bytes, window.Committed));
        }

        RenewHeadNowAndThen(batch.Bytes.Length);
    }

    /// <summary>
    /// The leader's own acknowledgement: by the same rule as everybody's, when its journal holds the batch.
    /// </summary>
    private bool AcknowledgeOwn()
    {
        var held = 0L;
        while (ownAppends.TryPeek(out var append) && History.Durable >= append.Number)
            held = ownAppends.Dequeue().Zxid;
        if (held == 0)
            return false;
        window.Acknowledge(Self, held);
        return true;
    }

    /// <summary>
    /// Commits what a quorum holds. The next batch takes the news along if there is one; otherwise it goes alone.
    /// </summary>
    private void Advance()
    {
        if (!established || !Peer.Is(this) || !window.Advance())
            return;
        History.Commit(window.Committed);
        Flush();
        if (!Peer.Is(this))
            return;
        var alone = announced < window.Committed;
        announced = window.Committed;
        foreach (var learner in learners.Values)
        {
            if (learner.Phase != LearnerPhase.Serving)
                continue;
            if (!learner.Votes)
                InformOf(learner);
            else if (alone)
                learner.Send(new Commit(learner.Link, learner.Next(), window.Committed));
        }

        History.Trim(LeastAcknowledged());
        DropSlow();
        if (Peer.Is(this))
            OnCommitted();
    }

    private long LeastAcknowledged()
    {
        var least = long.MaxValue;
        foreach (var learner in learners.Values)
        {
            if (learner.Phase >= LearnerPhase.Synchronising)
                least = Math.Min(least, learner.Acknowledged);
        }

        return least;
    }

    /// <summary>
    /// What was sent to a learner and is not acknowledged is kept in memory, within bounds. One that falls behind them
    /// joins anew, and catches up at its own pace; the others never wait for it.
    /// </summary>
    private void DropSlow()
    {
        List<LearnerLink>? slow = null;
        foreach (var learner in learners.Values)
        {
            if (learner.Phase >= LearnerPhase.Synchronising && learner.Acknowledged < History.Log.Base)
                (slow ??= []).Add(learner);
        }

        foreach (var learner in slow ?? [])
            Drop(learner, "its journal is too far behind");
    }

    /// <summary>An observer is sent what is committed, as a whole.</summary>
    private void InformOf(LearnerLink observer)
    {
        foreach (var batch in History.Log.Between(observer.SentUpTo, window.Committed))
        {
            observer.SentUpTo = batch.LastZxid;
            observer.Send(new Inform(observer.Link, observer.Next(), batch.FirstZxid, batch.LastZxid, batch.Bytes));
        }
    }

    private void Answer(int origin, in Answer answer)
    {
        if (origin == Self)
        {
            localAnswers.Add(answer);
            return;
        }

        if (!remoteAnswers.TryGetValue(origin, out var answers))
            remoteAnswers.Add(origin, answers = new AnswerEncoder());
        answers.Add(answer.SessionId, answer.RequestId, answer.After, answer.Reply);
    }

    private void SendAnswers()
    {
        if (localAnswers.Count > 0)
        {
            Context.Replica.Tell(new DeliverAnswers([.. localAnswers]), Peer.Me);
            localAnswers.Clear();
        }

        foreach (var (server, answers) in remoteAnswers)
        {
            if (answers.Count == 0)
                continue;
            var bytes = answers.Finish();
            if (learners.TryGetValue(server, out var learner) && learner.Phase == LearnerPhase.Serving)
                learner.Send(new ForwardAnswers(learner.Link, learner.Next(), bytes));
        }
    }

    /// <summary>One question serves every sync that waits for one to be asked.</summary>
    private void AskIfWaiting()
    {
        if (unconfirmed.Count > 0 && !confirmation.IsAsking)
            Ask();
    }

    private void Ask()
    {
        var question = confirmation.Ask();
        foreach (var learner in learners.Values)
        {
            if (learner.Phase > LearnerPhase.Informed)
                learner.Send(new PeerPing(learner.Link, learner.Next(), question));
        }

        ReleaseConfirmed();
    }

    private void OnPong(LearnerLink learner, PeerPong pong)
    {
        if (pong.Touched.Length > 0)
            Context.Sessions.Tell(new SessionsTouched(pong.Touched), Peer.Me);
        if (!learner.Votes || learner.Phase < LearnerPhase.Synchronised)
            return;
        confirmation.Answer(learner.Server, pong.Question);
        ReleaseConfirmed();
    }

    private void ReleaseConfirmed()
    {
        if (unconfirmed.Count == 0)
            return;
        while (unconfirmed.TryPeek(out var waiting) && waiting.Question <= confirmation.Confirmed)
        {
            unconfirmed.Dequeue();
            Answer(waiting.Origin, waiting.Answer);
            gathered.SyncIsAnswered(waiting.Answer.SessionId);
        }

        SendAnswers();
        AskIfWaiting();
        if (gathered.Count > 0)
            FlushSoon();
        if (handOver is not null)
            TryHandOver();
    }
}
