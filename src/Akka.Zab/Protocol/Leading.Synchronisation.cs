using Akka.Actor;
using Akka.Event;
using Akka.Zab.History;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// How the leader gives each learner its history: DIFF, TRUNC or SNAP, then NEWLEADER. What is not in memory any more
/// comes from the journal, a part at a time, while writes go on; a learner has only so much on its way to it, and says
/// when it has taken some of it. So any number of learners can catch up at once.
/// </summary>
internal sealed partial class Leading
{
    private SnapshotShelf? shelf;
    private bool journalFails;

    private SnapshotShelf Shelf => shelf ??= new SnapshotShelf(Settings.Tick * Settings.InitLimit);

    private int MaxUntaken => Settings.SnapshotChunksInFlight * SnapshotCodec.MaxChunkBytes;

    /// <summary>
    /// Finds out what a learner lacks, and begins to send it. Whoever was sent NEWLEADER is sent every proposal from
    /// then on. An observer holds only what is committed, so it waits until the epoch is established.
    /// </summary>
    private void Synchronise(LearnerLink learner)
    {
        if (learner.Phase != LearnerPhase.Promised || !discovery.IsPromised || !(learner.Votes || established))
            return;
        learner.Phase = LearnerPhase.CatchingUp;
        learner.Progress = Peer.Now;
        learner.Sync = new OutgoingSync(MaxUntaken);
        var memory = History.Log.After(learner.LastZxid);
        if (SyncPlan.Quick(learner.LastZxid, memory) is { } plan)
            Begin(learner, plan, null);
        else if (memory.Exists)
            ChooseFor(learner, memory);
        else
            Context.History.Tell(new FindInJournal(learner.Link, learner.LastZxid), Peer.Me);
    }

    private void OnFound(FoundInJournal found)
    {
        if (links.TryGetValue(found.Link, out var learner) && learner.Phase == LearnerPhase.CatchingUp)
            ChooseFor(learner, journalFails ? HistoryExtent.None : found.Extent);
    }

    private void ChooseFor(LearnerLink learner, HistoryExtent history) => Peer.AskTree(tree =>
    {
        if (!links.ContainsKey(learner.Link))
            return;
        var begun = learner.SnapshotHeld > learner.LastZxid ? Shelf.Find(learner.SnapshotHeld) : null;
        var held = begun is null ? 0 : learner.ChunksHeld;
        var plan = SyncPlan.Choose(learner.LastZxid, history, SnapshotExtent.Of(begun ?? tree, held));
        learner.ChunksHeld = held;
        Begin(learner, plan, begun ?? tree);
    });

    private void Begin(LearnerLink learner, SyncPlan plan, ZnodeTree? tree)
    {
        // A server that has lost its vote may hold what is proposed and not committed, and would take it for committed.
        if (!learner.Votes && plan.Kind != SyncKind.Snap && plan.After > History.Committed)
            plan = new SyncPlan(SyncKind.Trunc, History.Committed);
        learner.SentUpTo = plan.After;
        switch (plan.Kind)
        {
            case SyncKind.Diff:
                learner.Send(new SyncDiff(learner.Link, learner.Next(), plan.After));
                break;
            case SyncKind.Trunc:
                learner.Send(new SyncTrunc(learner.Link, learner.Next(), plan.After));
                break;
            case SyncKind.Snap:
                SendSnapshot(learner, tree!);
                return;
        }

        Feed(learner);
    }

    private void SendSnapshot(LearnerLink learner, ZnodeTree tree)
    {
        Log.Info(
            "Server {0}: sends server {1} the tree of {2}, from chunk {3} on", Self, learner.Server,
            Zxid.Text(tree.LastZxid), learner.ChunksHeld);
        Shelf.Put(tree, Peer.Now);
        var sync = learner.Sync!;
        sync.SnapshotZxid = tree.LastZxid;
        sync.Source = Peer.Spawn(SnapshotSource.Props(tree, learner.ChunksHeld, learner.Link, Peer.Me));
        for (var i = 0; i < Settings.SnapshotChunksInFlight; i++)
            PullChunk(learner);
    }

    private static void PullChunk(LearnerLink learner) => learner.Sync?.Source?.Tell(SnapshotSource.Next.Instance);

    private void OnChunk(SnapshotChunk chunk)
    {
        if (!links.TryGetValue(chunk.Link, out var learner) || learner.Sync is not { Source: not null } sync)
            return;
        learner.Send(new SyncSnapshot(learner.Link, learner.Next(), sync.SnapshotZxid, chunk.Last, chunk.Bytes));
        if (!chunk.Last)
            return;
        EndSnapshot(learner);
        learner.SentUpTo = sync.SnapshotZxid;
        Feed(learner);
    }

    private void OnChunkTaken(LearnerLink learner)
    {
        if (learner.Sync is null)
            return;
        learner.Progress = Peer.Now;
        PullChunk(learner);
    }

    private void OnBatchesTaken(LearnerLink learner, SyncBatchesTaken taken)
    {
        if (learner.Sync is not { } sync)
            return;
        learner.Progress = Peer.Now;
        sync.Taken(taken.Bytes);
        Feed(learner);
    }

    /// <summary>
    /// Sends what comes next, as much as there is room for: from memory, or what the journal is asked for. When there
    /// is nothing left to send, NEWLEADER.
    /// </summary>
    private void Feed(LearnerLink learner)
    {
        var sync = learner.Sync!;
        while (sync is { HasRoom: true, Reading: false, Source: null })
        {
            if (learner.SentUpTo < History.Log.Base)
            {
                sync.Reading = true;
                Context.History.Tell(
                    new ReadJournal(learner.Link, learner.SentUpTo, SnapshotCodec.MaxChunkBytes), Peer.Me);
                return;
            }

            if (!History.Log.TryNext(learner.SentUpTo, out var batch)
                || !(learner.Votes || batch.LastZxid <= History.Committed))
            {
                EndSync(learner);
                return;
            }

            SendBatch(learner, sync, batch);
        }
    }

    private void OnJournalPart(JournalPart part)
    {
        if (!links.TryGetValue(part.Link, out var learner) || learner.Sync is not { Reading: true } sync)
            return;
        if (part.Failure is { } failure)
        {
            // Next time it gets the tree, and a later one.
            journalFails = true;
            Shelf.Remove(sync.SnapshotZxid);
            Drop(learner, $"what it lacks cannot be sent: {failure}");
            return;
        }

        // The leader's own journal may be behind the others'; the next beat asks again.
        sync.Starved = part.Batches.Length == 0;
        if (sync.Starved)
            return;
        sync.Reading = false;
        foreach (var batch in part.Batches)
        {
            // The journal holds what is proposed too, and an observer takes everything for committed.
            if (!learner.Votes && batch.LastZxid > History.Committed)
                break;
            SendBatch(learner, sync, batch);
        }

        Feed(learner);
    }

    private static void SendBatch(LearnerLink learner, OutgoingSync sync, TxnBatch batch)
    {
        Invariant.Holds(
            Zxid.Follows(batch.FirstZxid, learner.SentUpTo), "what a learner is sent has no gap", batch.FirstZxid,
            learner.SentUpTo);
        learner.SentUpTo = batch.LastZxid;
        sync.Sent(batch.Bytes.Length);
        learner.Send(new SyncBatch(learner.Link, learner.Next(), batch.FirstZxid, batch.LastZxid, batch.Bytes));
    }

    private void EndSync(LearnerLink learner)
    {
        learner.Sync = null;
        learner.Phase = LearnerPhase.Synchronising;
        learner.Progress = Peer.Now;
        learner.LastZxid = learner.SentUpTo;
        learner.Acknowledged = learner.SentUpTo;
        learner.Send(new NewLeader(learner.Link, learner.Next(), Epoch, learner.SentUpTo));
    }

    private void EndSnapshot(LearnerLink learner)
    {
        if (learner.Sync is not { Source: { } source } sync)
            return;
        Peer.Stop(source);
        sync.Source = null;
    }

    /// <summary>
    /// Whom the leader waits for no longer: learners that answer pings but get no further with joining. Asks the
    /// journal again for what it did not hold yet.
    /// </summary>
    private void CheckSynchronisation(List<LearnerLink> stuck)
    {
        foreach (var learner in learners.Values)
        {
            if (learner.Phase is not (LearnerPhase.CatchingUp or LearnerPhase.Synchronising))
                continue;
            if (Peer.Now - learner.Progress > Settings.Tick * Settings.InitLimit)
                stuck.Add(learner);
            else if (learner.Sync is { Starved: true } starved)
                AskAgain(learner, starved);
            if (learner.Sync is { Source: not null } sync)
                shelf?.Touch(sync.SnapshotZxid, Peer.Now);
        }

        shelf?.Expire(Peer.Now);
    }

    private void AskAgain(LearnerLink learner, OutgoingSync sync)
    {
        (sync.Starved, sync.Reading) = (false, false);
        Feed(learner);
    }
}
