using System.Net;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>The connections of the port at this moment, and the traffic of those that were.</summary>
/// <param name="maxPerAddress">How many one address may have; 0 is no limit.</param>
/// <param name="max">How many there may be; 0 is no limit.</param>
internal sealed class ConnectionTable(int maxPerAddress, int max = 0)
{
    readonly Lock _lock = new();
    readonly HashSet<ClientConnection> _connections = [];
    readonly Dictionary<IPAddress, int> _perAddress = [];
    ConnectionStatistics _earlier = ConnectionStatistics.None;
    long _refused;

    /// <summary>How many connections were refused because there were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Adds a connection, unless its address has too many, or there are too many.</summary>
    public bool TryAdd(ClientConnection connection, IPAddress address)
    {
        lock (_lock)
        {
            var count = _perAddress.GetValueOrDefault(address);
            if ((maxPerAddress > 0 && count >= maxPerAddress) || (max > 0 && _connections.Count >= max))
            {
                _refused++;
                return false;
            }
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
            _earlier += connection.ServersStatistics with { Outstanding = 0 };
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
                total += connection.ServersStatistics;
                connections.Add(connection.Snapshot());
            }
            return (connections, total);
        }
    }

    /// <summary>The figures of each connection begin anew; those of the server go on.</summary>
    public void ResetConnections()
    {
        lock (_lock)
            foreach (var connection in _connections) connection.ResetStatistics();
    }

    /// <summary>The figures of the server begin anew; those of the connections go on.</summary>
    public void ResetServer()
    {
        lock (_lock)
        {
            _earlier = ConnectionStatistics.None;
            foreach (var connection in _connections) connection.ResetServersStatistics();
        }
    }

    /// <summary>Ends every connection; the sessions live on.</summary>
    public void AbortAll()
    {
        lock (_lock)
            foreach (var connection in _connections) connection.Abort();
    }
}
