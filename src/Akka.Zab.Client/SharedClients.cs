using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Client;

/// <summary>
/// The sessions of what an actor system's configuration names, leases and discovery: one for all that name the same
/// servers. They are closed when the actor system shuts down, in order or not.
/// </summary>
internal sealed class SharedClients : IExtension
{
    private readonly ConcurrentDictionary<(string Servers, TimeSpan SessionTimeout), SharedClient> _clients = new();
    private readonly ExtendedActorSystem _system;

    public SharedClients(ExtendedActorSystem system)
    {
        _system = system;
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "zab-close-sessions", async () =>
            {
                await CloseAsync().ConfigureAwait(false);
                return Done.Instance;
            });
        system.RegisterOnTermination(() => _ = CloseAsync());
    }

    public static SharedClients Get(ActorSystem system) =>
        system.WithExtension<SharedClients, SharedClientsProvider>();

    /// <summary>
    /// The session for a section of the configuration that has <c>servers</c> or <c>connect-string</c>, and
    /// <c>session-timeout</c>; what it does not say, <c>akka.zab.client</c> does.
    /// </summary>
    /// <exception cref="ConfigurationException">Something is wrong.</exception>
    public SharedClient ClientOf(Config section)
    {
        var settings = ZabClientSettings.Read(_system.Settings.Config);
        var options = settings.Options with
        {
            SessionTimeout = section.GetTimeSpan("session-timeout", settings.Options.SessionTimeout),
        };
        var connect = section.GetString("connect-string", "");
        var servers = section.HasPath("servers") ? section.GetStringList("servers") : [];
        if (connect.Length == 0 && servers.Count == 0)
        {
            if (settings.OverTheWire) connect = string.Join(',', settings.Servers);
            else servers = [.. settings.Servers];
        }
        return connect.Length > 0
            ? _clients.GetOrAdd(
                (connect, options.SessionTimeout),
                _ => new SharedClient(() => ZabClient.ConnectAsync(connect, options)))
            : _clients.GetOrAdd(
                (string.Join(' ', servers), options.SessionTimeout),
                _ => new SharedClient(() => ZabClient.ConnectAsync(_system, servers, options)));
    }

    private Task CloseAsync() => Task.WhenAll(_clients.Values.Select(static client => client.CloseAsync()));
}

/// <summary>Names <see cref="SharedClients"/> to an actor system.</summary>
internal sealed class SharedClientsProvider : ExtensionIdProvider<SharedClients>
{
    public override SharedClients CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>A session that is opened when it is first needed, and opened anew when it is over.</summary>
internal sealed class SharedClient(Func<Task<ZabClient>> connect)
{
    private readonly Lock _lock = new();
    private Task<ZabClient>? _client;
    private bool _closed;

    /// <summary>A client whose session is not known to be over.</summary>
    /// <exception cref="ZabException">No server could be reached, or the actor system shuts down.</exception>
    public Task<ZabClient> ConnectedAsync()
    {
        lock (_lock)
        {
            if (_closed) return Task.FromException<ZabClient>(ZabException.For(ZabError.SessionExpired));
            if (_client is null || IsOver(_client)) _client = connect();
            return _client;
        }
    }

    /// <summary>Closes the session for good.</summary>
    public async Task CloseAsync()
    {
        Task<ZabClient>? client;
        lock (_lock)
        {
            _closed = true;
            (client, _client) = (_client, null);
        }
        if (client is null) return;
        try
        {
            await (await client.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (ZabException)
        {
            // There was none.
        }
    }

    private static bool IsOver(Task<ZabClient> client) => client switch
    {
        { IsCompletedSuccessfully: true } => client.Result.Hub.State is ConnectionState.Expired or ConnectionState.Closed,
        _ => client.IsCompleted,
    };
}
