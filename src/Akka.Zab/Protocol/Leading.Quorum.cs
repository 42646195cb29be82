using Akka.Event;

namespace Akka.Zab.Protocol;

/// <summary>
/// Who is still behind the leader, and what ends a leadership: connections that are gone, servers that turn away or are
/// silent. Without a quorum it steps down before it answers anything more.
/// </summary>
internal sealed partial class Leading
{
    private void OnNotification(Notification notification)
    {
        var turnedAway = notification.State == ServerRole.Looking
            && (notification.Round > Peer.Election.Round || notification.Vote.Leader != Self);
        Peer.AnswerLooking(notification);
        if (!turnedAway)
            return;
        if (learners.TryGetValue(notification.Sender, out var learner))
            Drop(learner, "it is looking for a leader again");
        else
            Unsupport(notification.Sender);
    }

    private void OnUnreachable(int server)
    {
        if (learners.TryGetValue(server, out var learner))
            Drop(learner, "it cannot be reached");
        else
            Unsupport(server);
    }

    private void OnBeat()
    {
        if (!established && Peer.Now - began > Settings.Tick * Settings.InitLimit)
        {
            StepDown($"no quorum has joined within {Settings.InitLimit} ticks");
            return;
        }

        List<LearnerLink>? silent = null;
        foreach (var learner in learners.Values)
        {
            if (Peer.Now - learner.Heard > Settings.Tick * Settings.SyncLimit && learner.Phase > LearnerPhase.Informed)
                (silent ??= []).Add(learner);
        }

        foreach (var learner in silent ?? [])
        {
            Drop(learner, $"nothing was heard from it for {Settings.SyncLimit} ticks");
            if (learners.Count == 0)
                break;
        }

        if (!Peer.Is(this))
            return;
        List<LearnerLink> stuck = [];
        CheckSynchronisation(stuck);
        foreach (var learner in stuck)
            Drop(learner, $"joining made no progress for {Settings.InitLimit} ticks");

        if (!Peer.Is(this))
            return;
        Ask();
        CheckHandOver();
        if (!Peer.Is(this))
            return;
        // One that was away while the ensemble changed knows none of those who could tell it.
        if (established && Context.Reconfigurable)
            TellAbsent(Peer.FullOpinion);
    }

    /// <summary>The link to a learner is over; if those that are left are no quorum, so is this leader.</summary>
    private void Drop(LearnerLink learner, string reason)
    {
        if (!links.ContainsKey(learner.Link))
            return;
        Log.Info("Server {0}: lets go of server {1}: {2}", Self, learner.Server, reason);
        Remove(learner);
        learner.Send(new LinkBroken(learner.Link, reason));
        Unsupport(learner.Server);
    }

    private void Remove(LearnerLink learner)
    {
        EndSnapshot(learner);
        learners.Remove(learner.Server);
        links.Remove(learner.Link);
        window.Leave(learner.Server);
        confirmation.Leave(learner.Server);
        discovery.Forget(learner.Server);
    }

    private void Unsupport(int server)
    {
        if (server == Self)
            return;
        supporters.Remove(server);
        if (!Quorum.IsReachedBy(supporters))
            StepDown("no quorum is left");
    }

    private void StepDown(string reason)
    {
        if (Peer.Is(this))
            Peer.Look($"leads no longer: {reason}");
    }
}
