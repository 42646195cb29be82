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
    int _entered;
    long _refused;

    /// <summary>How many connections were refused because there were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>
    /// Somebody has come in, and counts from now on until <see cref="Leave"/>, whether he gets as far as to be a
    /// connection or not; unless his address has too many, or there are too many.
    /// </summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var count = _perAddress.GetValueOrDefault(address);
            if ((maxPerAddress > 0 && count >= maxPerAddress) || (max > 0 && _entered >= max))
            {
                _refused++;
                return false;
            }
            _perAddress[address] = count + 1;
            _entered++;
            return true;
        }
    }

    /// <summary>He has gone.</summary>
    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            if (--_perAddress[address] == 0) _perAddress.Remove(address);
            _entered--;
        }
    }

    /// <summary>Adds a connection.</summary>
    public void Add(ClientConnection connection)
    {
        lock (_lock) _connections.Add(connection);
    }

    /// <summary>Removes a connection that has ended, and keeps its figures.</summary>
    public void Remove(ClientConnection connection)
    {
        lock (_lock)
        {
            if (_connections.Remove(connection))
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
