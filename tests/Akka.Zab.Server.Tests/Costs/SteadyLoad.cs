using Akka.Zab.Benchmarks.Wire;

namespace Akka.Zab.Server.Tests.Costs;

/// <summary>
/// Requests in full windows, one session with each server, one session after the other: a window leaves in one write, and
/// the next one only when all of it is answered. So nothing is under way besides, what a server gets at once does not
/// depend on how busy the machine is, and neither does what it costs.
/// </summary>
internal sealed class SteadyLoad : IDisposable
{
    public const int Window = 64;
    const int Keys = 16;

    readonly WireConnection[] _connections;
    readonly byte[][] _gets;
    readonly byte[][] _sets;
    int _next;

    public SteadyLoad(IReadOnlyList<int> ports)
    {
        var value = new byte[128];
        _connections = [.. ports.Select(port => WireConnection.Open(port, Window))];
        _gets = [.. Enumerable.Range(0, Keys).Select(key => WireConnection.Get($"/cost-{key}"))];
        _sets = [.. Enumerable.Range(0, Keys).Select(key => WireConnection.Set($"/cost-{key}", value))];
        for (var key = 0; key < Keys; key++) _connections[0].Pipeline(WireConnection.Create($"/cost-{key}", value));
        _connections[0].Finish();
        // Every server has the znodes before it is asked for them.
        foreach (var connection in _connections)
        {
            connection.Pipeline(_sets[0]);
            connection.Finish();
        }
    }

    /// <summary>Makes so many windows of requests on each session.</summary>
    /// <param name="windows">How many.</param>
    /// <param name="every">Every how manyth request writes; 0 for none, 1 for all.</param>
    /// <returns>How many requests that were.</returns>
    public int Run(int windows, int every)
    {
        for (var i = 0; i < windows; i++)
        {
            foreach (var connection in _connections)
            {
                for (var request = 0; request < Window; request++)
                {
                    _next++;
                    connection.Append(every > 0 && _next % every == 0 ? _sets[_next % Keys] : _gets[_next % Keys]);
                }
                connection.Finish();
            }
        }
        return windows * Window * _connections.Length;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }
}
