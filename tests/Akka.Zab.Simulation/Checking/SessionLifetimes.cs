using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Checking;

/// <summary>How exactly sessions have to end in time.</summary>
/// <param name="Tick">The ensemble's tick, in microseconds: sessions expire at ticks.</param>
/// <param name="Delay">
/// How long it takes, at most, until the leader knows that a session was heard from, and until a session whose time is
/// over is closed: messages, disks, and clocks that differ. In microseconds.
/// </param>
/// <param name="CalmSince">
/// From when on there were no faults. Before it a server that hears from a session may be unable to tell the leader.
/// </param>
/// <param name="End">When the run ended.</param>
internal sealed record SessionBounds(long Tick, long Delay, long CalmSince, long End);

/// <summary>
/// No session is ended by the ensemble before its timeout has passed since the leader heard of it, none lives on when
/// it has passed by more than the bound, and what a session leaves behind is what its end says: ephemeral znodes go
/// with their session, all of them in its last transaction, and nothing of a session comes after it.
/// </summary>
internal sealed class SessionLifetimes
{
    private const string TooEarly = "no session dies before its time";
    private const string TooLate = "no session outlives its time";
    private const string Last = "nothing of a session comes after its end";
    private const string Ephemerals = "ephemeral znodes go with their session, all at once";
    private const string Told = "a client is told that its session has expired only when it has";

    private readonly CommittedHistory history;
    private readonly IReadOnlyList<LeaderEstablished> leaders;
    private readonly SessionBounds bounds;
    private readonly List<Violation> violations = [];
    private readonly Dictionary<long, List<long>> heard = [];

    // When the client was told that it has its session: the servers have known for longer.
    private readonly Dictionary<long, List<long>> attached = [];
    private readonly Dictionary<long, int> timeouts = [];
    private readonly Dictionary<long, (long At, bool Expired)> closed = [];
    private readonly Dictionary<long, long> opened = [];

    private SessionLifetimes(
        CommittedHistory history, IReadOnlyList<LeaderEstablished> leaders, SessionBounds bounds)
    {
        this.history = history;
        this.leaders = leaders;
        this.bounds = bounds;
    }

    public static IReadOnlyList<Violation> Check(
        IReadOnlyList<ClientEvent> events, CommittedHistory history, IReadOnlyList<LeaderEstablished> leaders,
        SessionBounds bounds)
    {
        var check = new SessionLifetimes(history, leaders, bounds);
        foreach (var happened in events)
        {
            if (happened is Heard)
                MomentsOf(check.heard, happened.Session).Add(happened.At);
            else if (happened is SessionOpened or SessionReattached)
                MomentsOf(check.attached, happened.Session).Add(happened.At);
        }

        check.Replay();
        check.CheckEnds();
        foreach (var happened in events)
        {
            if (happened is SessionExpired expired
                && !(check.closed.TryGetValue(expired.Session, out var end) && end.At <= expired.At))
                check.Violated(Told, expired.At, expired.Session, "its client was told, and it was open");
        }

        return check.violations;
    }

    private void Replay()
    {
        for (var i = 1; i <= history.Count; i++)
        {
            var (at, (header, body)) = history.Txn(i);
            var session = header.SessionId;
            if (session != 0 && closed.ContainsKey(session))
                Violated(Last, at, session, $"{Violation.Zxid(header.Zxid)} is its, and comes after its end");
            switch (body)
            {
                case OpenSessionTxn open:
                    timeouts[session] = open.TimeoutMs;
                    // The leader watches over it from here on, before anybody knows that it is open.
                    opened.TryAdd(session, history.Txn(i).ProposedAt);
                    break;
                case CloseSessionTxn close:
                    var expired = header.RequestId == 0;
                    if (!history.Tree(i - 1).EphemeralsOf(session).SequenceEqual(close.Ephemerals))
                        Violated(Ephemerals, at, session, "its end deletes other znodes than it owns");
                    if (expired && opened.ContainsKey(session))
                        CheckExpired(session, at, (int)(header.Zxid >> 32));
                    closed.TryAdd(session, (at, expired));
                    break;
            }
        }
    }

    private void CheckExpired(long session, long at, int epoch)
    {
        var timeout = timeouts[session] * 1000L;
        var known = Math.Max(opened[session], Began(epoch));
        var due = known;
        foreach (var moment in MomentsOf(heard, session))
        {
            // What was said so late that the leader may not have known of it in time counts for nothing.
            if (moment >= bounds.CalmSince && moment + bounds.Delay < at)
                due = Math.Max(due, moment);
        }

        if (at < due + timeout)
            Violated(TooEarly, at, session, $"it lived for {Seconds(at - due)} of {Seconds(timeout)}");
        var last = LastHeardOf(session, at);
        var latest = Math.Max(known, last) + Longest(timeout);
        if (known >= bounds.CalmSince && at > latest)
            Violated(TooLate, at, session, $"it should have been closed {Seconds(at - latest)} earlier");
    }

    /// <summary>Sessions that are still open in the end must have been heard from.</summary>
    private void CheckEnds()
    {
        foreach (var (session, open) in opened)
        {
            if (closed.ContainsKey(session))
                continue;
            var known = Math.Max(open, leaders.Count == 0 ? 0 : leaders[^1].At);
            var last = LastHeardOf(session, bounds.End);
            var latest = Math.Max(bounds.CalmSince, Math.Max(known, last)) + Longest(timeouts[session] * 1000L);
            if (bounds.End > latest)
                Violated(TooLate, bounds.End, session, $"it should be closed since {Seconds(bounds.End - latest)}");
        }
    }

    private long Longest(long timeout) => timeout + bounds.Tick + bounds.Delay;

    private long Began(int epoch)
    {
        foreach (var leader in leaders)
        {
            if (leader.Epoch == epoch)
                return leader.At;
        }

        return 0;
    }

    private long LastHeardOf(long session, long before) => MomentsOf(heard, session)
        .Concat(MomentsOf(attached, session)).Where(moment => moment <= before).DefaultIfEmpty(0).Max();

    private static List<long> MomentsOf(Dictionary<long, List<long>> all, long session) =>
        all.TryGetValue(session, out var moments) ? moments : all[session] = [];

    private void Violated(string rule, long at, long session, string what) =>
        violations.Add(new Violation(rule, at, $"session {session:x}: {what}"));

    private static string Seconds(long microseconds) => $"{microseconds / 1_000_000.0:f3} s";
}
