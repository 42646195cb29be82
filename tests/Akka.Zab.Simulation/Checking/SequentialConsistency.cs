using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

/// <summary>
/// What a client sees is a state that the ensemble has been in, never goes back, has its own writes in it, and no later
/// ones of its own. Everything is compared with the one committed history, by the zxids that the answers carry.
/// </summary>
internal sealed class SequentialConsistency
{
    private const string State = "a read shows a state that was";
    private const string Back = "a session never goes back in time";
    private const string OwnWrites = "a session's requests take effect in their order";
    private const string Once = "a write is answered by its own transaction, and no other is";
    private const string RealTime = "what is linearizable comes after everything that was seen before it began";

    private readonly CommittedHistory history;
    private readonly List<Violation> violations = [];
    private readonly Dictionary<long, Session> sessions = [];
    private readonly Dictionary<long, Begun> begun = [];
    private readonly HashSet<long> acknowledged = [];
    private long seenByAnyone;

    private readonly record struct Begun(Invoked Event, long SeenBefore);

    private sealed class Session
    {
        /// <summary>The last state that it was shown.</summary>
        public long Seen;

        /// <summary>The last state that a read showed it.</summary>
        public long Read = -1;
    }

    private SequentialConsistency(CommittedHistory history) => this.history = history;

    public static IReadOnlyList<Violation> Check(IReadOnlyList<ClientEvent> events, CommittedHistory history)
    {
        var check = new SequentialConsistency(history);
        foreach (var happened in events)
        {
            switch (happened)
            {
                case Invoked invoked:
                    check.begun[invoked.Operation] = new Begun(invoked, check.seenByAnyone);
                    break;
                case Returned { Zxid: not 0 } returned:
                    check.OnReturned(returned, check.begun[returned.Operation]);
                    break;
            }
        }

        return check.violations;
    }

    private void OnReturned(Returned returned, in Begun begun)
    {
        var (invoked, zxid) = (begun.Event, returned.Zxid);
        if (!sessions.TryGetValue(invoked.Session, out var session))
            sessions[invoked.Session] = session = new Session();
        if (history.IndexOf(zxid) < 0)
        {
            Violated(State, returned, invoked, $"no transaction {Violation.Zxid(zxid)} was ever committed");
            return;
        }

        if (zxid < session.Seen)
            Violated(Back, returned, invoked, $"it had seen {Violation.Zxid(session.Seen)} before");
        var fails = returned.Reply is ErrorReply or MultiReply { Error: not ZabError.Ok };
        if (invoked.Kind != OperationKind.Write)
        {
            OnRead(returned, invoked, history.IndexOf(zxid));
            session.Read = zxid;
        }
        else if (!fails)
        {
            OnWritten(returned, invoked, history.IndexOf(zxid), session);
        }

        if (invoked.Kind == OperationKind.SyncedRead ? zxid < begun.SeenBefore
            : invoked.Kind == OperationKind.Write && !fails && zxid <= begun.SeenBefore)
            Violated(RealTime, returned, invoked, $"{Violation.Zxid(begun.SeenBefore)} had been seen before it began");
        session.Seen = Math.Max(session.Seen, zxid);
        seenByAnyone = Math.Max(seenByAnyone, zxid);
    }

    private void OnRead(Returned returned, Invoked invoked, int index)
    {
        if (invoked.Request is not (GetData or Exists or GetChildren))
            return;
        var expected = history.Tree(index).Read((ReadRequest)invoked.Request);
        if (!Replies.AreEqual(expected, returned.Reply))
            Violated(State, returned, invoked, $"after that transaction it is {Operation.Text(expected)}");
    }

    private void OnWritten(Returned returned, Invoked invoked, int index, Session session)
    {
        var header = index == 0 ? default : history.Txn(index).Txn.Header;
        if (header.SessionId != invoked.Session || header.RequestId == 0)
            Violated(Once, returned, invoked, "that transaction is not of this session");
        else if (!Replies.AreEqual(history.Reply(index), returned.Reply))
            Violated(Once, returned, invoked, $"that transaction's answer is {Operation.Text(history.Reply(index))}");
        if (!acknowledged.Add(returned.Zxid))
            Violated(Once, returned, invoked, "that transaction has answered another write already");
        if (returned.Zxid <= session.Read)
            Violated(OwnWrites, returned, invoked, "a read that was asked for before it has shown it already");
    }

    private void Violated(string rule, Returned returned, Invoked invoked, string what) => violations.Add(new Violation(
        rule, returned.At,
        $"session {invoked.Session:x} of client {invoked.Client}: {Operation.Text(invoked.Request)} "
        + $"-> {Operation.Text(returned.Reply)} at {Violation.Zxid(returned.Zxid)}, but {what}"));
}

/// <summary>Answers compared by what they hold.</summary>
internal static class Replies
{
    public static bool AreEqual(Reply one, Reply other) => (one, other) switch
    {
        (DataReply a, DataReply b) => a.Stat == b.Stat && AreEqual(a.Data, b.Data),
        (ChildrenReply a, ChildrenReply b) => a.Stat == b.Stat && a.Names.SequenceEqual(b.Names),
        (MultiReply a, MultiReply b) => a.Error == b.Error && a.Results.Count == b.Results.Count
            && a.Results.Zip(b.Results).All(pair => AreEqual(pair.First, pair.Second)),
        _ => one.Equals(other),
    };

    private static bool AreEqual(byte[]? one, byte[]? other) =>
        (one is null) == (other is null) && one.AsSpan().SequenceEqual(other);
}
