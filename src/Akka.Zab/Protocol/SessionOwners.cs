namespace Akka.Zab.Protocol;

/// <summary>
/// Which server speaks for each session, as the leader knows it. A write that arrives from another is refused: its
/// client has moved, and what the old server still had under way must not come after what the client does now.
/// </summary>
internal sealed class SessionOwners
{
    private readonly Dictionary<long, int> owners = [];

    /// <summary>Whether the server speaks for the session. After an election the first that says so does.</summary>
    public bool Admits(long session, int server)
    {
        if (owners.TryGetValue(session, out var owner))
            return owner == server;
        owners.Add(session, server);
        return true;
    }

    /// <summary>The session is opened at, or has moved to, this server.</summary>
    public void Attach(long session, int server) => owners[session] = server;

    /// <summary>The session is closed.</summary>
    public void Close(long session) => owners.Remove(session);
}
