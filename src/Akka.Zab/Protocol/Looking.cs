using Akka.Event;
using Akka.Zab.History;

namespace Akka.Zab.Protocol;

/// <summary>
/// Fast leader election. The server says whom it votes for, takes over a better vote when it hears one, and decides
/// when a quorum agrees: at once if every voter that can be reached does, otherwise after a short wait for a better
/// vote.
/// </summary>
/// <param name="peer">The peer.</param>
/// <param name="preferred">Whom to vote for at first if nothing speaks against it; nobody's vote for no preference.</param>
internal sealed class Looking(Peer peer, Vote preferred = default) : PeerRole(peer)
{
    private TimeSpan interval;

    public override ServerRole Name => ServerRole.Looking;

    private ElectionTally Election => Peer.Election;

    public override void Enter()
    {
        interval = Settings.NotificationInterval;
        if (!Membership.Active.Has(Self) && Membership.Active != Ensemble.Unknown)
        {
            Log.Warning(
                "Server {0}: is no member of the ensemble {1}; it serves nobody", Self,
                Zxid.Text(Membership.Active.Version));
        }

        // Who has not followed the ensemble, or never did, has nothing to show.
        if (Settings.ReadOnlyAfter is { } patience && Membership.Active.Has(Self))
            Peer.Timers.StartSingleTimer(PeerTimer.ReadOnly, PeerTimer.ReadOnly, patience);
        Begin(preferred);
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
                // It has decided by votes that this server may not have heard, and says so if it is asked.
                Peer.Tell(info.Server, Peer.Opinion);
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
            case PeerTimer.ReadOnly:
                Peer.AnnounceReadOnly();
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

    private void Begin(Vote preferred = default)
    {
        var own = Membership.CanLead(Self) ? new Vote(Self, History.LastZxid, History.CurrentEpoch) : Vote.None;
        // A leader that hands over says whom to; its word counts for no more than a greater id would.
        if (preferred.Leader != 0 && own.Leader != 0 && !own.IsBetterThan(preferred with { Leader = own.Leader }))
            own = preferred;
        Election.Begin(own);
        Peer.Timers.Cancel(PeerTimer.Finalize);
        Broadcast();
        Peer.Timers.StartSingleTimer(PeerTimer.Repeat, PeerTimer.Repeat, interval);
        Evaluate();
    }

    private void OnNotification(Notification notification)
    {
        var news = Peer.Hear(notification);
        // Who has a vote, and so whom to vote for, may be another by that.
        if (Membership.Settle(notification.Settled))
        {
            Begin();
            if (!Peer.Is(this))
                return;
        }

        Peer.Reached(notification.Sender);
        if (!IsKnown(notification.Sender))
        {
            if (LacksConfiguration(notification))
                Peer.AnswerVote(notification);
            return;
        }

        var step = Election.Receive(notification);
        if (news)
            Broadcast();
        if (step.HasFlag(ElectionStep.Broadcast))
        {
            Peer.Timers.Cancel(PeerTimer.Finalize);
            Broadcast();
        }
        else if (step.HasFlag(ElectionStep.Reply))
        {
            Peer.AnswerVote(notification);
        }
        else if (LacksConfiguration(notification))
        {
            Peer.AnswerVote(notification);
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
        var running = Election.RunningLeader(
            Membership.Latest.Quorum, Membership.Active.Quorum, Peer.Rumoured?.Quorum);
        if (running is not null && !Peer.Unreachable.Contains(running.Sender))
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
        var voters = Membership.Voters.Or(Peer.Rumoured?.Quorum.Voters ?? default);
        for (var server = 1; server <= ServerSet.Greatest; server++)
        {
            if (server != Self && voters.Contains(server))
                Peer.Tell(server, opinion);
        }

        if (Membership.Active.Has(Self))
            return;
        foreach (var seed in Context.Directory.Seeds)
            seed.Tell(opinion, Peer.Me);
    }

    private bool LacksConfiguration(Notification notification) =>
        notification is { State: ServerRole.Looking, IsAnswer: false }
        && notification.Version < Membership.Latest.Version;

    private bool IsKnown(int server) => Membership.Active.Has(server) || Membership.Latest.Has(server)
        || Membership.Voters.Contains(server) || Peer.Rumoured?.Has(server) == true;
}
