using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Clients;

/// <summary>The clients of a world.</summary>
internal sealed class ClientSet(World world)
{
    private readonly List<SimulatedClient> all = [];
    private readonly HashSet<(int Client, int Server)> blocked = [];
    private long operations;
    private long values;

    public IReadOnlyList<SimulatedClient> All => all;

    /// <summary>Told of every client that is made.</summary>
    public Action<SimulatedClient>? OnAdded { get; set; }

    /// <summary>Makes a client; it does nothing before it is started.</summary>
    public SimulatedClient Add(int wantedTimeoutMs = 2000, bool administrator = false)
    {
        var client = new SimulatedClient(world, all.Count + 1)
        {
            WantedTimeoutMs = wantedTimeoutMs,
            IsAdministrator = administrator,
        };
        all.Add(client);
        OnAdded?.Invoke(client);
        return client;
    }

    public long NextOperation() => ++operations;

    /// <summary>A value that nobody has written yet.</summary>
    public long NextValue() => ++values;

    /// <summary>From now on a client cannot connect to a server.</summary>
    public void Block(SimulatedClient client, Server server) => blocked.Add((client.Id, server.Id));

    public void Unblock() => blocked.Clear();

    public bool IsBlocked(SimulatedClient client, Server server) => blocked.Contains((client.Id, server.Id));

    /// <summary>A server's process is gone.</summary>
    public void Gone(Server server, bool noticed)
    {
        foreach (var client in all)
            client.ServerIsGone(server, noticed);
    }
}
