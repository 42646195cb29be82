using Akka.Zab.History;
using Akka.Zab.Protocol;

namespace Akka.Zab.Simulation.Worlds;

/// <summary>What runs have come across: which message in which behaviour, which crash points, which choices.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<string, int> hits = [];
    private readonly Dictionary<(Type Message, ServerRole Role), int> arrivals = [];

    /// <summary>How often what happened.</summary>
    public IReadOnlyDictionary<string, int> Hits
    {
        get
        {
            var all = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var (what, count) in hits)
                all[what] = count;
            foreach (var ((message, role), count) in arrivals)
                all[Arrival(message, role)] = count;
            return new Dictionary<string, int>(all);
        }
    }

    /// <summary>The row for a message that arrives at a server in a role.</summary>
    public static string Arrival(Type message, ServerRole role) => $"{message.Name} arrives at a server that is {role}";

    public void Hit(string what) => hits[what] = hits.GetValueOrDefault(what) + 1;

    /// <summary>A message arrives at a server.</summary>
    public void Arrives(Server server, object message)
    {
        if (server.Peer?.Role is { } role)
        {
            var key = (message.GetType(), role.Name);
            arrivals[key] = arrivals.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>A server enters an epoch with this history.</summary>
    public void Establishes(Server server, EstablishEpoch establish)
    {
        if (server.Peer?.Role is Leading)
            Hit("epoch begins with the leader's own history");
        else if (establish.Snapshot is not null)
            Hit(establish.Batches.Length > 0 ? "SNAP and batches" : "SNAP alone");
        else
            Hit(establish.Batches.Length > 0 ? "DIFF or TRUNC, and batches" : "DIFF or TRUNC alone");
    }
}
