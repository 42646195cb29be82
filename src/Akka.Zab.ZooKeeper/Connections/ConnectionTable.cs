using System.Net;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>The connections of the port at this moment, and the traffic of those that were.</summary>
/// <param name="maxPerAddress">How many one address may have; 0 is no limit.</param>
internal sealed class ConnectionTable(int maxPerAddress)
{
    readonly Lock _lock = new();
    readonly HashSet<ClientConnection> _connections = [];
    readonly Dictionary<IPAddress, int> _perAddress = [];
    ConnectionStatistics _earlier = ConnectionStatistics.None;

    /// <summary>Adds a connection, unless its address has too many.</summary>
    public bool TryAdd(ClientConnection connection, IPAddress address)
    {
        lock (_lock)
        {
            var count = _perAddress.GetValueOrDefault(address);
            if (maxPerAddress > 0 && count >= maxPerAddress) return false;
            _perAddress[address] = count + 1;
            _connections.Add(connection);
            return true;
        }
    }

    /// <summary>Removes a connection that has ended, and keeps its figures.</summary>
    public void Remove(ClientConnection connection, IPAddress address)
    {
        lock (_lock)
        {
            if (!_connections.Remove(connection)) return;
            if (--_perAddress[address] == 0) _perAddress.Remove(address);
            _earlier += connection.Statistics with { Outstanding = 0 };
        }
    }

    /// <summary>The connections in no order, and the traffic of these and all earlier ones.</summary>
    public (IReadOnlyList<ConnectionSnapshot> Connections, ConnectionStatistics Traffic) Snapshot()
    {
        lock (_lock)
        {
            var total = _earlier;
            var connections = new List<ConnectionSnapshot>(_connections.Count);
            foreach (var connection in _connections)
            {
                var traffic = connection.Statistics;
                total += traffic;
                connections.Add(new ConnectionSnapshot(connection.Remote, connection.Reading, traffic));
            }
            return (connections, total);
        }
    }

    /// <summary>Ends every connection; the sessions live on.</summary>
    public void AbortAll()
    {
        lock (_lock)
            foreach (var connection in _connections) connection.Abort();
    }
}
