using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Replica;

/// <summary>
/// What the replica keeps of one connection: what is to be told to its session at the end of the batch in hand, and the
/// reads that wait for an earlier write of the session.
/// </summary>
internal sealed class Attachment(int connection, long sessionId, IActorRef session, Identities who)
{
    private Queue<NumberedRead>? _waiting;
    private SessionResult[] _results = [];
    private int _count;
    private uint _answered;

    public int Connection => connection;

    public long SessionId => sessionId;

    public IActorRef Session => session;

    /// <summary>What the connection is known by: decides what it may read and what it is told.</summary>
    public Identities Who { get; set; } = who;

    /// <summary>Another connection of the same session.</summary>
    public Attachment? Next { get; set; }

    /// <summary>Whether it is among those to be told something at the end of the batch.</summary>
    public bool Noted { get; set; }

    /// <summary>Whether its session was closed in the batch in hand.</summary>
    public bool Ended { get; set; }

    /// <summary>Makes room for results to come.</summary>
    public void Reserve(int count)
    {
        if (_results.Length - _count < count) Array.Resize(ref _results, _count + count);
    }

    /// <summary>Adds a result, or an event with request id 0.</summary>
    public void Add(long requestId, long zxid, IZabMessage content)
    {
        if (_count == _results.Length) Array.Resize(ref _results, Math.Max(4, _count * 2));
        _results[_count++] = new SessionResult(requestId, zxid, content);
    }

    /// <summary>Adds the answer to a write: reads that wait for it may be made.</summary>
    public void AddAnswer(long requestId, long zxid, Reply reply)
    {
        Add(requestId, zxid, reply);
        var number = (uint)requestId;
        if ((int)(number - _answered) > 0) _answered = number;
    }

    /// <summary>
    /// Whether a read that follows this write must wait. Numbers wrap around, so only their distance counts.
    /// </summary>
    public bool MustWait(long afterWrite) =>
        _waiting is { Count: > 0 } || (afterWrite != 0 && (int)(_answered - (uint)afterWrite) < 0);

    /// <summary>Keeps a read until the write that it follows is answered.</summary>
    public void Wait(in NumberedRead read) => (_waiting ??= new Queue<NumberedRead>()).Enqueue(read);

    /// <summary>The next read that waits no longer.</summary>
    public bool TryTakeWaiting([MaybeNullWhen(false)] out NumberedRead read)
    {
        if (_waiting is not null && _waiting.TryPeek(out read) &&
            (read.AfterWrite == 0 || (int)(_answered - (uint)read.AfterWrite) >= 0))
        {
            _waiting.Dequeue();
            return true;
        }
        read = default;
        return false;
    }

    /// <summary>What was added since the last time, in an array that is the caller's; empty if nothing was.</summary>
    public SessionResult[] TakeResults()
    {
        var results = _results.Length == _count ? _results : _results.AsSpan(0, _count).ToArray();
        // A full buffer is given away; one with room left is kept, for a session that gets single results often.
        if (_results.Length == _count) _results = [];
        else Array.Clear(_results, 0, _count);
        _count = 0;
        return results;
    }
}
