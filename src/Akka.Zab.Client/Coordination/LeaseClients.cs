using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Client.Coordination;

/// <summary>The sessions of an actor system's leases: one for all that name the same servers.</summary>
internal sealed class LeaseClients : IExtension
{
    private readonly ConcurrentDictionary<(string Servers, TimeSpan SessionTimeout), LeaseClient> _clients = new();
    private readonly ExtendedActorSystem _system;

    public LeaseClients(ExtendedActorSystem system) => _system = system;

    public static LeaseClients Get(ActorSystem system) => system.WithExtension<LeaseClients, LeaseClientsProvider>();

    /// <summary>The session for a lease's section of the configuration.</summary>
    public LeaseClient ClientOf(Config lease)
    {
        var timeout = lease.GetTimeSpan("session-timeout", TimeSpan.FromSeconds(10));
        var connect = lease.GetString("connect-string", "");
        var servers = lease.HasPath("servers") ? lease.GetStringList("servers") : [];
        var options = new ZabClientOptions { SessionTimeout = timeout };
        return connect.Length > 0
            ? _clients.GetOrAdd(
                (connect, timeout), _ => new LeaseClient(() => ZabClient.ConnectAsync(connect, options)))
            : _clients.GetOrAdd(
                (string.Join(',', servers), timeout),
                _ => new LeaseClient(() => ZabClient.ConnectAsync(_system, servers, options)));
    }
}

/// <summary>Names <see cref="LeaseClients"/> to an actor system.</summary>
internal sealed class LeaseClientsProvider : ExtensionIdProvider<LeaseClients>
{
    public override LeaseClients CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>A session that is opened when it is first needed, and opened anew when it is over.</summary>
internal sealed class LeaseClient(Func<Task<ZabClient>> connect)
{
    private readonly Lock _lock = new();
    private Task<ZabClient>? _client;

    /// <summary>A client whose session is not known to be over.</summary>
    /// <exception cref="ZabException">No server could be reached.</exception>
    public Task<ZabClient> ConnectedAsync()
    {
        lock (_lock)
        {
            var isOver = _client switch
            {
                null => true,
                { IsCompletedSuccessfully: true } => _client.Result.Hub.State
                    is ConnectionState.Expired or ConnectionState.Closed,
                _ => _client.IsCompleted,
            };
            if (isOver) _client = connect();
            return _client!;
        }
    }
}
