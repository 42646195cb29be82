using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>What the words tell of a connection.</summary>
internal sealed partial class ClientConnection
{
    readonly DateTimeOffset _openedAt = DateTimeOffset.UtcNow;
    int _timeoutMs;

    /// <summary>The client's address and port.</summary>
    public string Remote { get; }

    /// <summary>The session's id, 0 before there is one.</summary>
    public long SessionId { get; private set; }

    /// <summary>Traffic and latency so far.</summary>
    public ConnectionStatistics Statistics
    {
        get { lock (_lock) return _underWay.Statistics; }
    }

    /// <summary>What the connection adds to the server's figures.</summary>
    public ConnectionStatistics ServersStatistics
    {
        get { lock (_lock) return _underWay.ServersStatistics; }
    }

    /// <summary>
    /// Whether requests are read at the moment; otherwise the client has too many under way, or does not read.
    /// </summary>
    public bool Reading
    {
        get { lock (_lock) return !_readingPaused; }
    }

    /// <summary>The connection at this moment.</summary>
    public ConnectionSnapshot Snapshot()
    {
        lock (_lock)
        {
            return new ConnectionSnapshot(
                Remote, !_readingPaused, _underWay.Statistics, SessionId, _timeoutMs, _openedAt, _underWay.Last);
        }
    }

    /// <summary>The connection's figures begin anew; <c>crst</c>.</summary>
    public void ResetStatistics()
    {
        lock (_lock) _underWay.Reset();
    }

    /// <summary>What it adds to the server's figures begins anew; <c>srst</c>.</summary>
    public void ResetServersStatistics()
    {
        lock (_lock) _underWay.ResetServers();
    }
}
