using Akka.Zab.History;

namespace Akka.Zab.Protocol;

/// <summary>
/// Fast leader election. The server says whom it votes for, takes over a better vote when it hears one, and decides
/// when a quorum agrees: at once if every voter that can be reached does, otherwise after a short wait for a better
/// vote.
/// </summary>
internal sealed class Looking(Peer peer) : PeerRole(peer)
{
    private TimeSpan interval;

    public override ServerRole Name => ServerRole.Looking;

    private ElectionTally Election => Peer.Election;

    public override void Enter()
    {
        interval = Settings.NotificationInterval;
        Begin();
    }

    public override void Receive(object message)
    {
        switch (message)
        {
            case Notification notification:
                OnNotification(notification);
                break;
            case FollowerInfo info:
                Peer.Reached(info.Server);
                Peer.KeepJoin(info);
                break;
            case LinkBroken broken:
                Peer.ForgetJoin(broken.Link);
                break;
            case ServerUnreachable unreachable:
                Peer.Otherwise(unreachable);
                OnUnreachable(unreachable.Server);
                break;
            case PeerTimer.Repeat:
                OnRepeat();
                break;
            case PeerTimer.Finalize:
                if (Election.Standing(Peer.Unreachable) != ElectionStanding.Open)
                    Decide();
                break;
            default:
                Peer.Otherwise(message);
                break;
        }
    }

    private void Begin()
    {
        var own = Context.Role == MemberRole.Participant
            ? new Vote(Self, History.LastZxid, History.CurrentEpoch)
            : Vote.None;
        Election.Begin(own);
        Peer.Timers.Cancel(PeerTimer.Finalize);
        Broadcast();
        Peer.Timers.StartSingleTimer(PeerTimer.Repeat, PeerTimer.Repeat, interval);
        Evaluate();
    }

    private void OnNotification(Notification notification)
    {
        if (!Context.Ensemble.Has(notification.Sender))
            return;
        Peer.Reached(notification.Sender);
        var step = Election.Receive(notification);
        if (step.HasFlag(ElectionStep.Broadcast))
        {
            Peer.Timers.Cancel(PeerTimer.Finalize);
            Broadcast();
        }
        else if (step.HasFlag(ElectionStep.Reply))
        {
            Peer.Tell(notification.Sender, Peer.Opinion);
        }

        Evaluate();
    }

    private void OnUnreachable(int server)
    {
        Election.Forget(server);
        if (Election.Vote.Leader == server)
            Begin();
        else
            Evaluate();
    }

    private void OnRepeat()
    {
        interval = interval * 2 < Settings.MaxNotificationInterval ? interval * 2 : Settings.MaxNotificationInterval;

        // Others still vote for a server that is gone, and this one has taken that over again: not for ever.
        if (Peer.Unreachable.Contains(Election.Vote.Leader))
        {
            Begin();
            return;
        }

        Broadcast();
        Peer.Timers.StartSingleTimer(PeerTimer.Repeat, PeerTimer.Repeat, interval);
    }

    private void Evaluate()
    {
        if (Election.RunningLeader() is { } running && !Peer.Unreachable.Contains(running.Sender))
        {
            Election.JoinRound(running.Round, running.Vote);
            Peer.Follow(running.Sender);
            return;
        }

        switch (Election.Standing(Peer.Unreachable))
        {
            case ElectionStanding.Decided:
                Decide();
                break;
            case ElectionStanding.QuorumAgrees:
                if (!Peer.Timers.IsTimerActive(PeerTimer.Finalize))
                    Peer.Timers.StartSingleTimer(PeerTimer.Finalize, PeerTimer.Finalize, Settings.FinalizeWait);
                break;
            default:
                Peer.Timers.Cancel(PeerTimer.Finalize);
                break;
        }
    }

    private void Decide()
    {
        var leader = Election.Vote.Leader;
        if (leader == Self)
            Peer.Lead(Election.Agreeing);
        else if (!Peer.Unreachable.Contains(leader))
            Peer.Follow(leader);
    }

    private void Broadcast()
    {
        var opinion = Peer.Opinion;
        foreach (var member in Context.Ensemble.Members)
        {
            if (member.Role == MemberRole.Participant && member.Id != Self)
                Peer.Tell(member.Id, opinion);
        }
    }
}
