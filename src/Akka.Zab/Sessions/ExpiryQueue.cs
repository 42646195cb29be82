using System.Runtime.InteropServices;

namespace Akka.Zab.Sessions;

/// <summary>
/// When which session expires. As ZooKeeper does, sessions are kept in buckets of one tick: a session that was heard
/// from at t expires when the clock reaches the first tick after t plus its timeout, so after more than its timeout and
/// at most one tick later. A touch moves it to another bucket, which costs the same however many there are.
/// </summary>
/// <param name="tickMs">The width of a bucket.</param>
internal sealed class ExpiryQueue(long tickMs)
{
    private struct Entry
    {
        public int TimeoutMs;
        public long Due;
    }

    private readonly Dictionary<long, Entry> _sessions = [];
    private readonly Dictionary<long, HashSet<long>> _buckets = [];
    private readonly Stack<HashSet<long>> _spare = [];
    private long _next = long.MinValue;

    /// <summary>How many sessions there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>When which sessions are due, the earliest first.</summary>
    public IEnumerable<(long Due, long[] Sessions)> Buckets() =>
        _buckets.OrderBy(static bucket => bucket.Key).Select(static bucket => (bucket.Key, bucket.Value.ToArray()));

    /// <summary>Watches over a session, or changes its timeout; it has its full time from now.</summary>
    public void Track(long sessionId, int timeoutMs, long nowMs)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, sessionId, out var known);
        if (known) Leave(sessionId, entry.Due);
        entry = new Entry { TimeoutMs = timeoutMs, Due = DueFor(nowMs, timeoutMs) };
        Enter(sessionId, entry.Due);
    }

    /// <summary>The session was heard from: it has its full time again. Nothing happens if it is not known.</summary>
    public void Touch(long sessionId, long nowMs)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_sessions, sessionId);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry)) return;
        var due = DueFor(nowMs, entry.TimeoutMs);
        if (due <= entry.Due) return;
        Leave(sessionId, entry.Due);
        entry.Due = due;
        Enter(sessionId, due);
    }

    /// <summary>Forgets a session.</summary>
    public void Untrack(long sessionId)
    {
        if (_sessions.Remove(sessionId, out var entry)) Leave(sessionId, entry.Due);
    }

    /// <summary>
    /// Moves every session whose time is over from here to <paramref name="expired"/>, the earliest first.
    /// </summary>
    public void Expire(long nowMs, List<long> expired)
    {
        while (_next <= nowMs && _sessions.Count > 0)
        {
            if (_buckets.Remove(_next, out var bucket))
            {
                foreach (var sessionId in bucket)
                {
                    _sessions.Remove(sessionId);
                    expired.Add(sessionId);
                }
                Release(bucket);
            }
            _next += tickMs;
        }
        if (_sessions.Count == 0) _next = long.MinValue;
    }

    private long DueFor(long nowMs, int timeoutMs) => ((nowMs + timeoutMs) / tickMs + 1) * tickMs;

    private void Enter(long sessionId, long due)
    {
        ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, due, out _);
        bucket ??= _spare.TryPop(out var spare) ? spare : [];
        bucket.Add(sessionId);
        if (_next == long.MinValue || due < _next) _next = due;
    }

    private void Leave(long sessionId, long due)
    {
        var bucket = _buckets[due];
        bucket.Remove(sessionId);
        if (bucket.Count > 0) return;
        _buckets.Remove(due);
        Release(bucket);
    }

    private void Release(HashSet<long> bucket)
    {
        bucket.Clear();
        if (_spare.Count < 16) _spare.Push(bucket);
    }
}
