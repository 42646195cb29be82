using System.Text;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// How the ensemble is changed: a transaction that sets <c>/zookeeper/config</c>. From when it is proposed, it and all
/// after it need a quorum of the old and a quorum of the new ensemble; when it is committed, the new one alone. So the
/// servers that it gives a vote are sent proposals from it on, and those that it takes the vote from join anew.
/// </summary>
internal sealed partial class Leading
{
    private Ensemble ensemble;

    /// <summary>A write about the ensemble itself.</summary>
    private void JudgeOfTheEnsemble(Proposer proposer, in OriginWrite write, long time)
    {
        if (proposer.HasBatch)
            Propose(proposer.TakeBatch(out var txns), txns);
        var error = write.Operation switch
        {
            Reconfigure reconfigure => JudgeReconfigure(proposer, write, reconfigure, time),
            TransferLeadership transfer => JudgeTransfer(proposer, write, transfer),
            RecordEnsemble record => Change(proposer, write, record.Members, time),
            _ => ZabError.Unimplemented,
        };
        if (error != ZabError.Ok && write.RequestId != 0)
            Answer(write.Origin, new Answer(write.SessionId, write.RequestId, proposer.Last, new ErrorReply(error)));
    }

    /// <summary>The order of the checks is ZooKeeper's, since it decides which error a client sees.</summary>
    private ZabError JudgeReconfigure(Proposer proposer, in OriginWrite write, Reconfigure reconfigure, long time)
    {
        if (!Context.Reconfigurable)
            return ZabError.ReconfigDisabled;
        if (proposer.Admit(write) is var refusal and not ZabError.Ok)
            return refusal;
        if (!HasAddresses(Membership.Latest))
            return ZabError.Unimplemented;
        if (!Membership.IsSettled)
            return ZabError.ReconfigInProgress;
        if (Reconfiguration.Plan(reconfigure, Membership.Latest, out var members) is var wrong and not ZabError.Ok)
            return wrong;
        if (!EnsembleText.TryMake(members, 0, out var next))
            return ZabError.BadArguments;
        if (!next.Quorum.IsReachedBy(Holding()))
            return ZabError.NewConfigNoQuorum;
        return proposer.MayReconfigure(write) ? Change(proposer, write, members, time) : ZabError.NoAuth;
    }

    private ZabError Change(Proposer proposer, in OriginWrite write, IReadOnlyList<Member> members, long time)
    {
        proposer.Reconfigure(write, time, Encoding.UTF8.GetBytes(EnsembleText.Of(members, proposer.NextZxid)));
        Propose(proposer.TakeBatch(out var txns), txns);
        Log.Info("Server {0}: proposes the ensemble {1}", Self, Zxid.Text(proposer.Last));
        if (!Membership.Latest.Quorum.CanLead(Self))
            handOver = new HandOver(0, Peer.Now, default);
        return ZabError.Ok;
    }

    /// <summary>The servers that hold this leader's history, as far as it is committed at least; itself among them.</summary>
    private ServerSet Holding()
    {
        var holding = new ServerSet(Self);
        foreach (var learner in learners.Values)
        {
            if (learner.Phase >= LearnerPhase.Synchronised)
                holding.Add(learner.Server);
        }

        return holding;
    }

    /// <summary>
    /// Learners that have a vote in what is being proposed are brought up to it, and sent proposals from now on.
    /// </summary>
    /// <param name="upTo">The last transaction before it.</param>
    private void Promote(long upTo)
    {
        foreach (var learner in learners.Values)
        {
            if (learner.Votes || !Quorum.Voters.Contains(learner.Server))
                continue;
            learner.Votes = true;
            supporters.Add(learner.Server);
            if (learner.Phase < LearnerPhase.Synchronising)
                continue;
            foreach (var batch in History.Log.Between(learner.SentUpTo, upTo))
            {
                // It may lag behind what is committed, and is never told of the commit of what it does not hold.
                learner.SentUpTo = batch.LastZxid;
                learner.Send(new Propose(
                    learner.Link, learner.Next(), batch.FirstZxid, batch.LastZxid, batch.Bytes,
                    Math.Min(batch.LastZxid, window.Committed)));
            }

            if (learner.Phase >= LearnerPhase.Synchronised)
                window.Join(learner.Server, learner.Acknowledged);
        }
    }

    /// <summary>
    /// Something is committed, and everyone was told: if the ensemble is another by that, who counts is another, too.
    /// </summary>
    private void OnCommitted()
    {
        if (!ReferenceEquals(ensemble, Membership.Active))
        {
            ensemble = Membership.Active;
            Log.Info("Server {0}: the ensemble is {1} now", Self, Zxid.Text(ensemble.Version));
            foreach (var learner in learners.Values.Where(HasLostItsVote).ToArray())
                Drop(learner, "it has no vote any more");
            if (!Peer.Is(this))
                return;
            supporters = supporters.And(Quorum.Voters);
            supporters.Add(Self);
            if (!Quorum.IsReachedBy(supporters))
            {
                StepDown("the ensemble has changed, and no quorum of it is there");
                return;
            }

            if (!Quorum.CanLead(Self))
                handOver ??= new HandOver(0, Peer.Now, default);
            // What a quorum of the old and of the new one did not hold, one of the new one alone may.
            Advance();
        }

        if (Peer.Is(this) && handOver is not null)
            TryHandOver();
    }

    private bool HasLostItsVote(LearnerLink learner) => learner.Votes && !Quorum.Voters.Contains(learner.Server);

    /// <summary>
    /// What the settings say of the ensemble is written into the tree: if nothing is there yet, or if it is the settings
    /// that count and they say something else.
    /// </summary>
    private void RecordIfNew(ZnodeTree tree)
    {
        var configured = Context.Reconfigurable ? Membership.Latest : Context.Ensemble;
        if (!HasAddresses(configured))
            return;
        var isRecorded = Context.Reconfigurable
            ? configured.Version != 0
            : Membership.Recorded(tree) is { } recorded
                && EnsembleText.Of(recorded.Members, 0) == EnsembleText.Of(configured.Members, 0);
        if (!isRecorded)
            gathered.Add(new OriginWrite(Self, 0, 0, new RecordEnsemble(configured.Members)));
    }

    /// <summary>A server by itself, which no other could find, has no configuration.</summary>
    private static bool HasAddresses(Ensemble ensemble) =>
        ensemble.Members.Count > 0 && ensemble.Members[0].Host.Length > 0;
}
