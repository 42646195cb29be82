namespace Akka.Zab.Client;

/// <summary>
/// Which server to try next: round and round the list, so that none is tried twice before all the others were.
/// </summary>
internal sealed class ServerRotation
{
    private readonly string[] _servers;
    private int _next;

    /// <param name="servers">The servers; at least one.</param>
    /// <param name="shuffle">The source of a random order, or null to keep the order.</param>
    public ServerRotation(IReadOnlyList<string> servers, Random? shuffle)
    {
        _servers = [.. servers];
        shuffle?.Shuffle(_servers);
    }

    /// <summary>How many there are.</summary>
    public int Count => _servers.Length;

    /// <summary>The server that was tried last.</summary>
    public string Last => _servers[(_next + _servers.Length - 1) % _servers.Length];

    /// <summary>The next server to try.</summary>
    public string Next()
    {
        var server = _servers[_next];
        _next = (_next + 1) % _servers.Length;
        return server;
    }
}
