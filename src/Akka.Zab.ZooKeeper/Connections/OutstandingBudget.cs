namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>
/// The bytes of requests that all connections together may have under way. Where they are used up, connections that
/// have requests under way are not read from: each of them has an answer to come that lets it look again.
/// </summary>
/// <param name="limit">In bytes.</param>
internal sealed class OutstandingBudget(long limit)
{
    long _used;

    /// <summary>Whether no more should be taken.</summary>
    public bool IsExhausted => Volatile.Read(ref _used) >= limit;

    /// <summary>Bytes under way.</summary>
    public long Used => Volatile.Read(ref _used);

    public void Take(int bytes) => Interlocked.Add(ref _used, bytes);

    public void Return(int bytes) => Interlocked.Add(ref _used, -bytes);
}
