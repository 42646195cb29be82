using System.Security.Cryptography;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>A write on its way to being judged by the leader.</summary>
/// <param name="Origin">The server whose session asks.</param>
/// <param name="SessionId">The session.</param>
/// <param name="RequestId">The request's number; 0 if the ensemble itself asks.</param>
/// <param name="Operation">The request.</param>
/// <param name="Who">The connection that asks; null for nobody in particular.</param>
/// <param name="Local">Whether the session is known to that server only, which vouches for it.</param>
internal readonly record struct OriginWrite(
    int Origin, long SessionId, long RequestId, WriteRequest Operation, Identities? Who = null, bool Local = false);

/// <summary>What a judged write calls for, beside what went into the batch.</summary>
internal enum JudgedAs
{
    /// <summary>It became a transaction of the batch.</summary>
    Transaction,

    /// <summary>It opened a session: a transaction, and its expiry is to be watched.</summary>
    SessionOpened,

    /// <summary>It closed a session: a transaction, and its expiry is to be watched no longer.</summary>
    SessionClosed,

    /// <summary>It became an answer.</summary>
    Answered,

    /// <summary>It became an answer, and the session's expiry is to be watched anew.</summary>
    SessionAttached,

    /// <summary>It became an answer that may be given when the quorum has confirmed this leader.</summary>
    ToBeConfirmed,

    /// <summary>Nothing: the ensemble asked for what is the case already.</summary>
    Dropped,

    /// <summary>It is about the ensemble itself; whoever knows that has to judge it.</summary>
    OfTheEnsemble,
}

/// <summary>
/// The leader's judgement: writes against the head, the tree with everything that it has proposed, into a batch of
/// transactions and answers. Lives as long as the leader leads; then the head is worth nothing.
/// </summary>
/// <param name="head">The tree with everything that is committed, as the epoch begins.</param>
/// <param name="epoch">The epoch.</param>
/// <param name="rules">What the settings decide about the tree; null for the defaults.</param>
internal sealed class Proposer(ZnodeTree head, int epoch, TreeRules? rules = null)
{
    private TreeEdit head = head.Edit();
    private readonly SessionOwners owners = new();
    private readonly BatchEncoder encoder = new();
    private uint counter;

    /// <summary>The last transaction that was made; answers are released after it.</summary>
    public long Last { get; private set; } = head.LastZxid;

    /// <summary>The next transaction that will be made.</summary>
    public long NextZxid => Zxid.Of(epoch, counter + 1);

    /// <summary>The number of the last transaction within the epoch.</summary>
    public uint Counter => counter;

    /// <summary>Bytes of the batch so far.</summary>
    public int BatchBytes => encoder.Count == 0 ? 0 : encoder.Length;

    /// <summary>Whether there is a batch to propose.</summary>
    public bool HasBatch => encoder.Count > 0;

    /// <summary>The batch of what was judged since the last one, and the transactions in it.</summary>
    public TxnBatch TakeBatch(out LoggedTxn[] txns) => encoder.Finish(out txns);

    /// <summary>
    /// Goes on with a head that shares what it can with the committed tree. It holds the same as the one before.
    /// </summary>
    /// <param name="committed">The committed tree.</param>
    /// <param name="since">All batches that came after it.</param>
    public void Renew(ZnodeTree committed, TxnBatch[] since)
    {
        Invariant.Holds(!HasBatch, "a head is renewed between batches", Last);
        var renewed = committed.Edit();
        foreach (var batch in since)
        {
            foreach (ref readonly var txn in TxnCodec.Decode(batch).AsSpan())
                renewed.ApplyUnanswered(txn);
        }

        Invariant.Holds(renewed.LastZxid == Last, "a renewed head has all that was proposed", renewed.LastZxid, Last);
        head = renewed;
    }

    /// <summary>Paths of znodes whose time is over, at most so many.</summary>
    public List<string> FindDue(long now, long maxNeverUsedMs, int limit) => head.FindDue(now, maxNeverUsedMs, limit);

    /// <summary>Judges one write.</summary>
    /// <param name="write">The write.</param>
    /// <param name="time">The wall clock, in Unix milliseconds.</param>
    /// <param name="answer">The answer, unless it became a transaction.</param>
    public JudgedAs Judge(in OriginWrite write, long time, out Reply? answer)
    {
        answer = null;
        switch (write.Operation)
        {
            case RefusedWrite:
                answer = new ErrorReply(ZabError.ThrottledOp);
                return JudgedAs.Answered;
            case OpenSession open:
                return Open(write, open, time, out answer);
            case ReattachSession reattach:
                return Reattach(write, reattach, out answer);
            case Reap:
                return TryPropose(write, time, out answer) ? JudgedAs.Transaction : JudgedAs.Dropped;
            case Client.Reconfigure or TransferLeadership or RecordEnsemble:
                return JudgedAs.OfTheEnsemble;
            case CloseSession when write.RequestId == 0:
                return Expire(write, time, out answer);
        }

        if (Admit(write) is var error and not ZabError.Ok)
        {
            answer = new ErrorReply(error);
            return JudgedAs.Answered;
        }

        if (write.Operation is Sync sync)
        {
            answer = new SyncReply(sync.Path);
            return JudgedAs.ToBeConfirmed;
        }

        if (!TryPropose(write, time, out answer))
            return JudgedAs.Answered;
        if (write.Operation is not CloseSession)
            return JudgedAs.Transaction;
        owners.Close(write.SessionId);
        return JudgedAs.SessionClosed;
    }

    /// <summary>Whether the session is open, and speaks through the server that the write comes from.</summary>
    public ZabError Admit(in OriginWrite write)
    {
        if (write.Local)
            return ZabError.Ok;
        if (!head.TryGetSession(write.SessionId, out _))
            return ZabError.SessionExpired;
        return owners.Admits(write.SessionId, write.Origin) ? ZabError.Ok : ZabError.SessionMoved;
    }

    /// <summary>Whether whoever asks may change what the ensemble is.</summary>
    public bool MayReconfigure(in OriginWrite write) =>
        Preparation.MayReconfigure(head, write.Who ?? Identities.None);

    /// <summary>Makes a change of the ensemble the next transaction. It belongs in a batch by itself.</summary>
    public void Reconfigure(in OriginWrite write, long time, byte[] config) => Add(
        new TxnHeader(NextZxid, time, write.SessionId, write.RequestId), new ReconfigTxn(config));

    private JudgedAs Open(in OriginWrite write, OpenSession open, long time, out Reply? answer)
    {
        if (!TryPropose(write, time, out answer))
            return JudgedAs.Answered;
        owners.Attach(open.SessionId, write.Origin);
        return JudgedAs.SessionOpened;
    }

    private JudgedAs Reattach(in OriginWrite write, ReattachSession reattach, out Reply? answer)
    {
        var known = head.TryGetSession(reattach.SessionId, out var session);
        if (!known || !CryptographicOperations.FixedTimeEquals(session.Secret, reattach.Secret))
        {
            answer = new ErrorReply(ZabError.SessionExpired);
            return JudgedAs.Answered;
        }

        owners.Attach(reattach.SessionId, write.Origin);
        answer = new SessionReply(reattach.SessionId, session.Secret, reattach.TimeoutMs);
        return JudgedAs.SessionAttached;
    }

    private JudgedAs Expire(in OriginWrite write, long time, out Reply? answer)
    {
        answer = null;
        if (!head.TryGetSession(write.SessionId, out _) || !TryPropose(write, time, out _))
            return JudgedAs.Dropped;
        owners.Close(write.SessionId);
        return JudgedAs.SessionClosed;
    }

    private bool TryPropose(in OriginWrite write, long time, out Reply? answer)
    {
        var header = new TxnHeader(NextZxid, time, write.SessionId, write.RequestId);
        var prepared = Preparation.Prepare(head, write.Operation, header, write.Who ?? Identities.None, rules, write.Local);
        answer = prepared.Answer;
        if (prepared.Txn is not { } body)
            return false;
        Add(header, body);
        return true;
    }

    private void Add(in TxnHeader header, Txn body)
    {
        var txn = new LoggedTxn(header, body);
        head.ApplyUnanswered(txn);
        encoder.Add(txn);
        counter++;
        Last = header.Zxid;
    }
}
