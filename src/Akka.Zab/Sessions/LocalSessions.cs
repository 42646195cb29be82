using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Akka.Zab.Sessions;

/// <summary>A session that only this server knows.</summary>
/// <param name="Secret">What a client must show to reattach: 16 bytes.</param>
/// <param name="TimeoutMs">The timeout that was agreed, in milliseconds.</param>
internal sealed record LocalSession(byte[] Secret, int TimeoutMs)
{
    /// <summary>Whether this is the session's secret; the time that it takes says nothing of it.</summary>
    public bool IsSecret(byte[]? shown) => CryptographicOperations.FixedTimeEquals(Secret, shown);
}

/// <summary>
/// The local sessions of this server and when each expires. They are on no disk, and no other server knows of them: what
/// would be two transactions of the ensemble is two changes of a table here.
/// </summary>
/// <param name="tickMs">One tick, in milliseconds.</param>
internal sealed class LocalSessions(long tickMs)
{
    private readonly Dictionary<long, LocalSession> _sessions = [];
    private readonly ExpiryQueue _expiry = new(tickMs);

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>When which of them are due, the earliest first.</summary>
    public IEnumerable<(long Due, long[] Sessions)> Buckets() => _expiry.Buckets();

    public bool TryFind(long sessionId, [MaybeNullWhen(false)] out LocalSession session) =>
        _sessions.TryGetValue(sessionId, out session);

    /// <summary>A session is open, or has a new timeout; it has its full time from now.</summary>
    public void Keep(long sessionId, LocalSession session, long nowMs)
    {
        _sessions[sessionId] = session;
        _expiry.Track(sessionId, session.TimeoutMs, nowMs);
    }

    /// <summary>The session was heard from. False if it is none of these.</summary>
    public bool Touch(long sessionId, long nowMs)
    {
        if (!_sessions.ContainsKey(sessionId)) return false;
        _expiry.Touch(sessionId, nowMs);
        return true;
    }

    /// <summary>The session is closed, or one of the ensemble's from now on.</summary>
    public void Remove(long sessionId)
    {
        _sessions.Remove(sessionId);
        _expiry.Untrack(sessionId);
    }

    /// <summary>Moves those whose time is over from here to <paramref name="expired"/>.</summary>
    public void Expire(long nowMs, List<long> expired)
    {
        var before = expired.Count;
        _expiry.Expire(nowMs, expired);
        for (var i = before; i < expired.Count; i++) _sessions.Remove(expired[i]);
    }

    /// <summary>Each has its full time again: their clients could not be heard until now.</summary>
    public void Renew(long nowMs)
    {
        foreach (var (sessionId, session) in _sessions) _expiry.Track(sessionId, session.TimeoutMs, nowMs);
    }
}
