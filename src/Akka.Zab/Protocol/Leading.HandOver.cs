using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.Replica;

namespace Akka.Zab.Protocol;

/// <summary>
/// How a leader hands over: it proposes nothing more, waits until its heir holds all that it has proposed and all of it
/// is committed, as everyone was told, and steps down with the advice to vote for the heir. The election then goes by its ordinary rules:
/// the advice counts where histories are equal, and no longer than the first vote.
/// </summary>
internal sealed partial class Leading
{
    private HandOver? handOver;
    private int successor;

    /// <param name="To">The heir; 0 for whoever is fit, from a leader that has lost its vote.</param>
    /// <param name="Began">When.</param>
    /// <param name="Asked">The request to be answered, if it is one.</param>
    private sealed record HandOver(int To, TimeSpan Began, OriginWrite Asked);

    private ZabError JudgeTransfer(Proposer proposer, in OriginWrite write, TransferLeadership transfer)
    {
        if (proposer.Admit(write) is var refusal and not ZabError.Ok)
            return refusal;
        if (!proposer.MayReconfigure(write))
            return ZabError.NoAuth;
        if (transfer.To is < 1 or > ServerSet.Greatest || !Membership.Active.Quorum.CanLead(transfer.To))
            return ZabError.BadArguments;
        if (!Membership.IsSettled)
            return ZabError.ReconfigInProgress;
        if (transfer.To == Self)
        {
            Answer(
                write.Origin, new Answer(write.SessionId, write.RequestId, proposer.Last, DoneReply.Instance));
            return ZabError.Ok;
        }

        if (!learners.TryGetValue(transfer.To, out var heir) || heir.Phase != LearnerPhase.Serving)
            return ZabError.NewConfigNoQuorum;
        handOver = new HandOver(transfer.To, Peer.Now, write);
        return ZabError.Ok;
    }

    private void TryHandOver()
    {
        if (handOver is null || !Peer.Is(this) || proposer is null || unconfirmed.Count > 0
            || window.Committed != History.LastZxid || announced != window.Committed
            || FindHeir(handOver.To) is not { } heir)
        {
            return;
        }

        if (handOver.Asked is { RequestId: not 0 } asked)
            Answer(asked.Origin, new Answer(asked.SessionId, asked.RequestId, proposer.Last, DoneReply.Instance));
        SendAnswers();
        successor = heir.Server;
        Peer.Look(
            $"leads no longer: hands over to server {successor}", new Vote(successor, History.LastZxid, Epoch));
    }

    private LearnerLink? FindHeir(int server)
    {
        LearnerLink? heir = null;
        foreach (var learner in learners.Values)
        {
            // Of several that are fit, the one that would win the election anyway.
            if (learner.Phase == LearnerPhase.Serving && learner.Acknowledged == History.LastZxid
                && Quorum.CanLead(learner.Server) && (server == 0 || server == learner.Server)
                && learner.Server > (heir?.Server ?? 0))
            {
                heir = learner;
            }
        }

        return heir;
    }

    /// <summary>
    /// An heir that does not catch up within a tick is not waited for: nothing is written meanwhile. A leader without a
    /// vote has no choice.
    /// </summary>
    private void CheckHandOver()
    {
        if (handOver is null)
            return;
        TryHandOver();
        if (!Peer.Is(this) || handOver.To == 0 || Peer.Now - handOver.Began <= Settings.Tick)
            return;
        var asked = handOver.Asked;
        Log.Info("Server {0}: server {1} does not catch up, and does not get the lead", Self, handOver.To);
        handOver = null;
        Answer(
            asked.Origin, new Answer(
                asked.SessionId, asked.RequestId, proposer!.Last, new ErrorReply(ZabError.NewConfigNoQuorum)));
        Flush();
    }
}
