using Akka.Actor;
using Akka.Zab.Protocol;

namespace Akka.Zab.Hosting;

/// <summary>The peers of the other servers, by their addresses in the settings.</summary>
internal sealed class PeerDirectory : IPeerDirectory
{
    private readonly Dictionary<int, IActorRef> _peers = [];
    private readonly Dictionary<Address, int> _servers = [];

    public PeerDirectory(ExtendedActorSystem system, ZabSettings settings)
    {
        foreach (var member in settings.Members)
        {
            if (member.Address is null || member.Id == settings.ServerId) continue;
            // A reference by path, without the incarnation: it holds across restarts of that server.
            _peers.Add(member.Id, system.Provider.ResolveActorRef($"{member.Address}/user/zab/peer"));
            _servers.Add(member.Address, member.Id);
        }
    }

    public ICanTell Peer(int server) => _peers[server];

    /// <summary>The server at an address; null if it is none of the ensemble's others.</summary>
    public int? ServerAt(Address? address) =>
        address is not null && _servers.TryGetValue(address, out var server) ? server : null;
}
