using Akka.Actor;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>How the leader gives each learner its history: DIFF, TRUNC or SNAP, then NEWLEADER.</summary>
internal sealed partial class Leading
{
    /// <summary>
    /// Sends a learner what it lacks. Whoever was sent NEWLEADER is sent every proposal from then on. An observer
    /// holds only what is committed, so it waits until the epoch is established.
    /// </summary>
    private void Synchronise(LearnerLink learner)
    {
        if (learner.Phase != LearnerPhase.Promised || !discovery.IsPromised || !(learner.Votes || established))
            return;
        var plan = SyncPlan.For(learner.LastZxid, History.Log);
        switch (plan.Kind)
        {
            case SyncKind.Diff:
                learner.Send(new SyncDiff(learner.Link, learner.Next(), plan.After));
                SendHistory(learner, plan.After);
                break;
            case SyncKind.Trunc:
                learner.Send(new SyncTrunc(learner.Link, learner.Next(), plan.After));
                SendHistory(learner, plan.After);
                break;
            case SyncKind.Snap:
                learner.Phase = LearnerPhase.TakingSnapshot;
                learner.Snapshot = new OutgoingSnapshot(History.Committed);
                Peer.AskTree(tree => StartSnapshot(learner, tree));
                break;
        }
    }

    /// <summary>The batches after <paramref name="after"/>, and NEWLEADER.</summary>
    private void SendHistory(LearnerLink learner, long after)
    {
        var upTo = learner.Votes ? History.LastZxid : Math.Max(History.Committed, after);
        foreach (var batch in History.Log.Between(after, upTo))
            learner.Send(new SyncBatch(learner.Link, learner.Next(), batch.FirstZxid, batch.LastZxid, batch.Bytes));
        learner.Phase = LearnerPhase.Synchronising;
        learner.LastZxid = upTo;
        learner.SentUpTo = upTo;
        learner.Send(new NewLeader(learner.Link, learner.Next(), Epoch, upTo));
    }

    private void StartSnapshot(LearnerLink learner, ZnodeTree tree)
    {
        if (!links.ContainsKey(learner.Link))
            return;
        var snapshot = learner.Snapshot!;
        snapshot.Zxid = tree.LastZxid;
        snapshot.Source = Peer.Spawn(SnapshotSource.Props(tree, learner.Link, Peer.Me));
        for (var i = 0; i < Settings.SnapshotChunksInFlight; i++)
            PullChunk(learner);
    }

    private static void PullChunk(LearnerLink learner) => learner.Snapshot?.Source?.Tell(SnapshotSource.Next.Instance);

    private void OnChunk(SnapshotChunk chunk)
    {
        if (!links.TryGetValue(chunk.Link, out var learner) || learner.Snapshot is not { } snapshot)
            return;
        learner.Send(new SyncSnapshot(learner.Link, learner.Next(), snapshot.Zxid, chunk.Last, chunk.Bytes));
        if (!chunk.Last)
            return;
        EndSnapshot(learner);
        SendHistory(learner, snapshot.Zxid);
    }

    private void EndSnapshot(LearnerLink learner)
    {
        if (learner.Snapshot?.Source is { } source)
            Peer.Stop(source);
        learner.Snapshot = null;
    }

    /// <summary>What comes after this is still needed, by learners that are being sent a snapshot.</summary>
    private long KeepAfter()
    {
        var keep = long.MaxValue;
        foreach (var learner in learners.Values)
        {
            if (learner.Snapshot is { } snapshot)
                keep = Math.Min(keep, snapshot.Zxid);
        }

        return keep;
    }
}
