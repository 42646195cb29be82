namespace Akka.Zab.Protocol;

/// <summary>What a notification calls for.</summary>
[Flags]
internal enum ElectionStep
{
    None = 0,

    /// <summary>The own vote or round changed: tell every voter.</summary>
    Broadcast = 1,

    /// <summary>The sender is behind: tell it how things stand.</summary>
    Reply = 2,
}

/// <summary>How an election stands.</summary>
internal enum ElectionStanding
{
    /// <summary>No quorum agrees with the own vote.</summary>
    Open,

    /// <summary>A quorum agrees, but a voter that can be reached has not: a better vote may be on its way.</summary>
    QuorumAgrees,

    /// <summary>Every voter that can be reached agrees, and they are a quorum.</summary>
    Decided,
}

/// <summary>
/// Fast leader election as one server sees it: the votes of the current round, and what the servers say that are not
/// looking any more. Decides nothing by time and sends nothing.
/// </summary>
internal sealed class ElectionTally(int self, IQuorum quorum)
{
    private readonly Dictionary<int, Vote> votes = [];
    private readonly Dictionary<int, Notification> settled = [];
    private Vote initial;

    /// <summary>The number of the election.</summary>
    public long Round { get; private set; }

    /// <summary>Whom this server votes for now.</summary>
    public Vote Vote { get; private set; }

    /// <summary>The servers whose vote is the own one.</summary>
    public ServerSet Agreeing
    {
        get
        {
            var agreeing = default(ServerSet);
            foreach (var (server, vote) in votes)
            {
                if (vote == Vote)
                    agreeing.Add(server);
            }

            return agreeing;
        }
    }

    /// <summary>Begins a new election.</summary>
    /// <param name="own">This server's vote for itself, or <see cref="Vote.None"/> if it has no vote.</param>
    public void Begin(Vote own)
    {
        Round++;
        initial = own;
        votes.Clear();
        settled.Clear();
        Choose(own);
    }

    /// <summary>Takes what another server says. Between two servers without a vote nothing needs to be said.</summary>
    public ElectionStep Receive(Notification notification)
    {
        if (notification.State != ServerRole.Looking)
        {
            settled[notification.Sender] = notification;
            if (notification.Round == Round && quorum.Voters.Contains(notification.Sender))
                votes[notification.Sender] = notification.Vote;
            return ElectionStep.None;
        }

        settled.Remove(notification.Sender);
        if (!quorum.Voters.Contains(notification.Sender))
            return quorum.Voters.Contains(self) && !notification.IsAnswer ? ElectionStep.Reply : ElectionStep.None;
        var step = Weigh(notification);

        // What a server without a vote thinks of it is of no use to anyone, and two that answer each other would
        // never end.
        return quorum.Voters.Contains(self) ? step : ElectionStep.None;
    }

    private ElectionStep Weigh(Notification notification)
    {
        if (notification.Round < Round)
            return ElectionStep.Reply;

        var step = ElectionStep.None;
        if (notification.Round > Round)
        {
            Round = notification.Round;
            votes.Clear();
            Choose(Better(notification.Vote, initial));
            step = ElectionStep.Broadcast;
        }
        else if (Better(notification.Vote, Vote) != Vote)
        {
            Choose(notification.Vote);
            step = ElectionStep.Broadcast;
        }
        else if (notification.Vote != Vote)
        {
            step = ElectionStep.Reply;
        }

        votes[notification.Sender] = notification.Vote;
        return step;
    }

    /// <summary>Joins an election that was found to be over, so that the next one does not begin behind it.</summary>
    public void JoinRound(long round, Vote vote)
    {
        Round = Math.Max(Round, round);
        Vote = vote;
    }

    /// <summary>How the election stands, without the servers that cannot be reached.</summary>
    public ElectionStanding Standing(in ServerSet unreachable)
    {
        // Its vote is for nobody: a server without a vote joins when others have decided.
        if (Vote.Leader == 0)
            return ElectionStanding.Open;

        var agreeing = Agreeing;
        if (!quorum.IsReachedBy(agreeing))
            return ElectionStanding.Open;
        return quorum.Voters.Except(unreachable).Except(agreeing).Count == 0
            ? ElectionStanding.Decided
            : ElectionStanding.QuorumAgrees;
    }

    /// <summary>
    /// The leader that a quorum of servers follows and that itself says that it leads, or null. Votes of a running
    /// ensemble are compared by the leader alone: its servers came to it in different rounds and with different
    /// histories.
    /// </summary>
    /// <param name="others">
    /// Other ensembles than the one that decides: one that this server was told of, or the new one by itself while a
    /// change is under way; null for none. To follow who leads one of these is safe: it is the leader who needs the
    /// quorum.
    /// </param>
    public Notification? RunningLeader(params ReadOnlySpan<IQuorum?> others)
    {
        foreach (var candidate in settled.Values)
        {
            if (candidate.State != ServerRole.Leading || candidate.Sender == self)
                continue;
            var followers = default(ServerSet);
            foreach (var other in settled.Values)
            {
                if (other.Vote.Leader == candidate.Sender)
                    followers.Add(other.Sender);
            }

            // This server itself may be the one that the quorum still lacks: its own vote in the same round counts.
            if (Vote.Leader == candidate.Sender && candidate.Round == Round)
                followers.Add(self);
            if (quorum.IsReachedBy(followers))
                return candidate;
            foreach (var other in others)
            {
                if (other is not null && other.IsReachedBy(followers))
                    return candidate;
            }
        }

        return null;
    }

    /// <summary>Forgets what a server said that cannot be reached any more.</summary>
    public void Forget(int server)
    {
        if (server == self)
            return;
        settled.Remove(server);
        votes.Remove(server);
    }

    private void Choose(Vote vote)
    {
        Vote = vote;
        if (quorum.Voters.Contains(self))
            votes[self] = vote;
    }

    private static Vote Better(in Vote one, in Vote other) => one.IsBetterThan(other) ? one : other;
}
