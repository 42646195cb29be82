using System.Diagnostics;
using System.Net.Sockets;
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

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(50);
    static readonly byte[] _value = new byte[128];

    static int _opened;

    readonly List<WireConnection> _connections = [];
    readonly byte[][] _gets;
    readonly byte[][] _sets;
    int _next;

    SteadyLoad(string folder)
    {
        _gets = [.. Enumerable.Range(0, Keys).Select(key => WireConnection.Get($"{folder}/{key}"))];
        _sets = [.. Enumerable.Range(0, Keys).Select(key => WireConnection.Set($"{folder}/{key}", _value))];
    }

    /// <summary>Opens the sessions, when every server serves, and makes the znodes, in a folder of their own.</summary>
    public static async Task<SteadyLoad> OpenAsync(IReadOnlyList<int> ports)
    {
        var folder = $"/costs-{Interlocked.Increment(ref _opened)}";
        var load = new SteadyLoad(folder);
        try
        {
            foreach (var port in ports) load._connections.Add(await OpenAsync(port));
            load._connections[0].Pipeline(WireConnection.Create(folder, []));
            for (var key = 0; key < Keys; key++) load._connections[0].Pipeline(WireConnection.Create($"{folder}/{key}", _value));
            load._connections[0].Finish();
            // When a server has answered a write, it has all that was written before.
            foreach (var connection in load._connections)
            {
                connection.Pipeline(WireConnection.Set(folder, []));
                connection.Finish();
            }
            return load;
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }

    /// <summary>Whether a connection was ended, or refused.</summary>
    public static bool IsBroken(Exception e) => e is InvalidDataException or SocketException;

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
        return windows * Window * _connections.Count;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    static async Task<WireConnection> OpenAsync(int port)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(_soon))
        {
            try
            {
                return WireConnection.Open(port, Window);
            }
            catch (Exception e) when (IsBroken(e) && watch.Elapsed < _patience)
            {
                // It has no leader at the moment.
            }
        }
    }
}
