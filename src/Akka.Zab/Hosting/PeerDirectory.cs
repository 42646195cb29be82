using Akka.Actor;
using Akka.Zab.Protocol;

namespace Akka.Zab.Hosting;

/// <summary>
/// The peers of the other servers by their addresses: at first those in the settings, then those of each configuration
/// that the own peer learns of. It alone asks for peers and tells of configurations; who is at an address, anyone may
/// ask.
/// </summary>
internal sealed class PeerDirectory : IPeerDirectory
{
    private readonly ExtendedActorSystem _system;
    private readonly int _self;
    private readonly Dictionary<int, Address> _addresses = [];
    private readonly Dictionary<int, IActorRef> _peers = [];
    private volatile Dictionary<Address, int> _servers = [];

    public PeerDirectory(ExtendedActorSystem system, ZabSettings settings)
    {
        _system = system;
        _self = settings.ServerId;
        Seeds = [.. settings.Join.Select(PeerAt)];
        foreach (var member in settings.Members)
            if (member.Address is { } address) Put(member.Id, address);
        Publish();
    }

    public IReadOnlyList<ICanTell> Seeds { get; }

    public ICanTell Peer(int server) => _peers.TryGetValue(server, out var peer) ? peer : ActorRefs.Nobody;

    public void Update(Ensemble ensemble)
    {
        var own = _system.Provider.DefaultAddress;
        foreach (var member in ensemble.Members)
            if (member.Host.Length > 0) Put(member.Id, new Address(own.Protocol, own.System, member.Host, member.Port));
        Publish();
    }

    /// <summary>The server at an address; null if it is none of the ensemble's others.</summary>
    public int? ServerAt(Address? address) =>
        address is not null && _servers.TryGetValue(address, out var server) ? server : null;

    private void Put(int server, Address address)
    {
        if (server == _self || (_addresses.TryGetValue(server, out var known) && known.Equals(address))) return;
        _addresses[server] = address;
        _peers[server] = PeerAt(address);
    }

    private void Publish()
    {
        var servers = new Dictionary<Address, int>();
        foreach (var (server, address) in _addresses) servers[address] = server;
        _servers = servers;
    }

    // A reference by path, without the incarnation: it holds across restarts of that server.
    private IActorRef PeerAt(Address address) => _system.Provider.ResolveActorRef($"{address}/user/zab/peer");
}
